import { describeModelCalls } from './model-calls.ts';

describeModelCalls('entrypoint');
