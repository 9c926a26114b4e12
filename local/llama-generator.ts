/** The generator over llama.cpp inside Node: a GGUF model, its own chat template, and one context sequence for each slot. */
import { availableParallelism } from 'node:os';
import {
  type ChatHistoryItem,
  getLlama,
  JinjaTemplateChatWrapper,
  LlamaChat,
  LlamaLogLevel,
  type LlamaModel,
  LlamaText,
  type Token,
} from 'node-llama-cpp';
import { type ChatMessage, type Generated, type Generation, type Generator, PromptTooLong } from './generator.ts';
import { Grammars } from './grammars.ts';

/** Prompt and answer together, for each slot. More costs memory: about 32 kB a token for Llama 3.2 1B. */
const longestContext = 8192;
const shortestContext = 2048;
const slots = 2;
/** Prompt tokens read between two looks at whether the client is still there: under a second on a slow machine. */
const promptChunk = 64;

/** Loads the model. Throws when the file is no model or memory does not suffice. */
export async function loadLlama(path: string, name: string): Promise<Generator> {
  // llama.cpp's threads wait for each other by spinning, so one that is pushed off its core stalls all: with more threads than free
  // cores (the library's default is at least four), two cores beside other work gave 0.3 tokens/s instead of 50. One core is left.
  const maxThreads = Math.max(1, availableParallelism() - 1);
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  const max = Math.min(longestContext, model.trainContextSize);
  const context = await model.createContext({
    contextSize: { min: Math.min(shortestContext, max), max },
    sequences: slots,
    batchSize: promptChunk * slots,
    threads: Math.min(llama.cpuMathCores, maxThreads),
  });
  const chatWrapper = chatTemplateOf(model);
  const idle = Array.from(
    { length: slots },
    () => new LlamaChat({ contextSequence: context.getSequence(), chatWrapper }),
  );
  const grammars = new Grammars(llama);
  return {
    model: name,
    contextTokens: context.contextSize,
    slots,
    async generate(generation, onText, signal) {
      const chat = idle.pop();
      if (!chat) throw new Error('More generations at once than there are slots.');
      try {
        const grammar = await grammars.for(generation.format);
        return await generateWith(chat, model, generation, { grammar, onText, signal });
      } finally {
        idle.push(chat);
      }
    },
  };
}

interface Way {
  readonly grammar: Awaited<ReturnType<Grammars['for']>>;
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

async function generateWith(
  chat: LlamaChat,
  model: LlamaModel,
  generation: Generation,
  { grammar, onText, signal }: Way,
): Promise<Generated> {
  const history = toHistory(generation.messages);
  const prompt = toPrompt(chat, model, history);
  const room = chat.sequence.contextSize - prompt.length - 1;
  if (room < 1) throw new PromptTooLong(prompt.length, chat.sequence.contextSize);
  await readPrompt(chat, prompt, signal);
  const before = chat.sequence.tokenMeter.getState();
  const { metadata } = await chat.generateResponse(history, {
    maxTokens: Math.min(generation.maxTokens ?? room, room),
    temperature: generation.temperature,
    topP: generation.topP,
    // The library's seeds are 32-bit and unsigned.
    ...(generation.seed === undefined ? {} : { seed: generation.seed >>> 0 }),
    ...(grammar ? { grammar } : {}),
    customStopTriggers: generation.stop.map((text) => LlamaText(text)),
    // The library punishes repetition by default; quoting a draft word by word, as an edit must, is no fault.
    repeatPenalty: false,
    // What does not fit was refused above: nothing of the conversation is dropped in silence.
    contextShift: { size: 1 },
    onTextChunk: onText,
    signal,
  });
  const { usedOutputTokens } = chat.sequence.tokenMeter.diff(before);
  return {
    finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
    promptTokens: prompt.length,
    completionTokens: usedOutputTokens,
  };
}

/** A conversation as the library holds it: its last item is the answer to write, or to go on with. */
function toHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const history = messages.map(toItem);
  if (messages.at(-1)?.role !== 'assistant') history.push({ type: 'model', response: [] });
  return history;
}

function toItem({ role, content }: ChatMessage): ChatHistoryItem {
  if (role === 'assistant') return { type: 'model', response: [content] };
  return { type: role, text: content };
}

function toPrompt(chat: LlamaChat, model: LlamaModel, chatHistory: readonly ChatHistoryItem[]): Token[] {
  const { contextText } = chat.chatWrapper.generateContextState({ chatHistory });
  return contextText.tokenize(model.tokenizer);
}

/**
 * Reads the prompt into the sequence in pieces, but for its last token; what the sequence holds of it already is kept. The generation that
 * follows finds it there: by itself it would read all of a long prompt, for minutes, before it looks at the signal.
 */
async function readPrompt({ sequence }: LlamaChat, prompt: Token[], signal: AbortSignal): Promise<void> {
  await sequence.adaptStateToTokens(prompt, false);
  while (sequence.nextTokenIndex < prompt.length - 1) {
    signal.throwIfAborted();
    const from = sequence.nextTokenIndex;
    await sequence.evaluateWithoutGeneratingNewTokens(
      prompt.slice(from, Math.min(from + promptChunk, prompt.length - 1)),
    );
  }
  signal.throwIfAborted();
}

/**
 * The model's own template, to the letter: the library's wrapper for ChatML puts the token that begins a text before a message that
 * begins with the same token, and SmolLM2 then ignores the question. A file without a template gets the library's best guess.
 */
function chatTemplateOf(model: LlamaModel): JinjaTemplateChatWrapper | 'auto' {
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  return template ? new JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer }) : 'auto';
}
