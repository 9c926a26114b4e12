import { describeAiCalls } from './ai-calls.ts';

describeAiCalls('direct');
