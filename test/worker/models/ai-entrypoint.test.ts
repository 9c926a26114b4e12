import { describeAiCalls } from './ai-calls.ts';

describeAiCalls('entrypoint');
