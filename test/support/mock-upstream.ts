/** An OpenAI-compatible server made up at `fetch`: it streams what its script says, and remembers who asked, and when whoever asked left. */
import * as z from 'zod/mini';

const chatRequest = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });

export type ChatMessages = z.output<typeof chatRequest>['messages'];

export interface Said {
  readonly words: readonly string[];
  readonly everyMs: number;
}

export interface Asked {
  readonly messages: ChatMessages;
  /** Epoch milliseconds; null while somebody listens, and when the answer was given to its end. */
  leftAt: number | null;
  answered: boolean;
}

export class MockUpstream {
  readonly asked: Asked[] = [];
  say: (messages: ChatMessages) => Said;

  constructor(say: (messages: ChatMessages) => Said) {
    this.say = say;
  }

  /** In place of the global `fetch`; the stream is made where it is called, as the platform demands. */
  readonly fetch = async (_url: unknown, init?: { readonly body?: unknown; readonly signal?: AbortSignal | null }) => {
    const { messages } = chatRequest.parse(JSON.parse(String(init?.body)));
    const asked: Asked = { messages, leftAt: null, answered: false };
    this.asked.push(asked);
    const { words, everyMs } = this.say(messages);
    return new Response(sentences(words, everyMs, asked, init?.signal ?? undefined), {
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}

function sentences(
  words: readonly string[],
  everyMs: number,
  asked: Asked,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const event = (data: unknown) => encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
  let next = 0;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => {
        // Who leaves after the answer's end leaves nothing unsaid.
        if (asked.answered) return;
        asked.leftAt ??= Date.now();
        controller.error(signal.reason);
      });
    },
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (asked.leftAt !== null) return;
      const content = words[next++];
      if (content !== undefined) {
        controller.enqueue(event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
        return;
      }
      asked.answered = true;
      controller.enqueue(event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
      controller.enqueue(event({ choices: [], usage: usageOf(asked.messages, words) }));
      controller.enqueue(encoder.encode('data: [DONE]\n\n'));
      controller.close();
    },
    cancel() {
      if (!asked.answered) asked.leftAt ??= Date.now();
    },
  });
}

/** Counts that a tokenizer might give: one token for four characters. */
function usageOf(messages: ChatMessages, words: readonly string[]) {
  const tokens = (text: string) => Math.ceil(text.length / 4);
  const prompt_tokens = messages.reduce((sum, { content }) => sum + tokens(content), 0);
  return { prompt_tokens, completion_tokens: Math.max(words.length, tokens(words.join(''))) };
}
