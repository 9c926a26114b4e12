/** Workers AI as a script has it: it answers by what it is asked for, late and in pieces, and fails in every way that it is known to. */
import type { AiBinding } from '../../src/models/workers-ai.ts';
import type { Message, ModelCall } from '../../src/reflection/model.ts';
import { likelyTokens } from '../../src/reflection/tokens.ts';
import { confirmed, critiqueText, editText, preferA, preferB, refuted } from '../support/reflections.ts';
import { doubtful } from '../support/scenarios.ts';
import type { Chance } from './chance.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { Weather } from './plan.ts';
import type { Story } from './story.ts';

interface UpstreamOptions {
  readonly chance: Chance;
  readonly story: Story;
  readonly weather: Weather['upstream'];
}

/** What each role says, one of several. */
const lines = {
  draft: ['A plain answer.', 'A plain answer.', doubtful, 'The answer is 42.', 'This plain answer is far too long.'],
  continuation: [' And so on.', ''],
  critique: [critiqueText('revise', [{ quote: 'it is green' }]), critiqueText('pass'), 'Nice.'],
  confirm: [confirmed, refuted],
  revision: [editText(['it is green', 'it is blue']), 'A much nicer answer.'],
  repair: ['A short answer.', 'Still far too long, this one.'],
  judge: [preferA, preferB],
  vote: ['The answer is 42.', 'The answer is 41.', 'None.'],
} as const satisfies Record<ModelCall['role'], readonly [string, ...string[]]>;

type Fault = 'busy' | 'quota' | 'truncated' | 'malformed' | 'none';

export class Upstream {
  readonly #options: UpstreamOptions;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** The binding for one call from an object. `leaves`: the request is about to leave it. */
  bindingFor(instance: ObjectInstance, call: ModelCall, leaves: () => void): AiBinding {
    return {
      run: async (_, { stream }, options) => {
        const signal = signalIn(options);
        await instance.confirmed();
        leaves();
        await instance.sleep(this.#latency(), signal);
        signal.throwIfAborted();
        const fault = this.#fault();
        if (fault === 'busy') throw new Error('3040: Capacity temporarily exceeded, please try again.');
        if (fault === 'quota') throw new Error('3036: You have used up your daily free allocation of neurons.');
        const text = this.#options.chance.pick<string>(lines[call.role]);
        const answer = this.#answerOf(text, call);
        if (stream === true) return this.#streamed(answer, fault, instance, signal);
        if (fault !== 'none') throw new Error('3040: Capacity temporarily exceeded, please try again.');
        return { response: answer.text, ...(answer.usage ? { usage: answer.usage } : {}) };
      },
    };
  }

  #latency(): number {
    const { chance, story, weather } = this.#options;
    if (!chance.happens(weather.slow)) return chance.integer(80, 400);
    story.count('answer slow');
    return chance.pick([1_500, 5_000, 25_000]);
  }

  #fault(): Fault {
    const { chance, story, weather } = this.#options;
    const isBusy = chance.happens(weather.busy);
    const isSpent = chance.happens(weather.quota);
    const isTruncated = chance.happens(weather.truncated);
    const isMalformed = chance.happens(weather.malformed);
    if (isBusy) story.count('upstream busy');
    else if (isSpent) story.count('upstream quota');
    else if (isTruncated) story.count('stream truncated');
    else if (isMalformed) story.count('stream malformed');
    if (isBusy) return 'busy';
    if (isSpent) return 'quota';
    if (isTruncated) return 'truncated';
    return isMalformed ? 'malformed' : 'none';
  }

  /** Within what the call allows: a provider that writes more is not this world's business. */
  #answerOf(whole: string, { messages, maxOutputTokens }: ModelCall): Answer {
    const { chance, story, weather } = this.#options;
    const isCut = chance.happens(weather.cut);
    if (isCut) story.count('answer cut');
    const text = isCut ? whole.slice(0, Math.ceil(whole.length / 2)) : whole;
    const usage = {
      prompt_tokens: countedTokens(messages),
      completion_tokens: Math.min(maxOutputTokens, tokensOf(text)),
    };
    return { text, reason: isCut ? 'length' : 'stop', usage: chance.happens(0.7) ? usage : null };
  }

  #streamed(
    { text, reason, usage }: Answer,
    fault: Fault,
    instance: ObjectInstance,
    signal: AbortSignal,
  ): ReadableStream<Uint8Array> {
    const { chance } = this.#options;
    const size = Math.max(4, Math.ceil(text.length / chance.integer(1, 4)));
    const events = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      eventOf({ choices: [{ delta: { content: text.slice(index * size, (index + 1) * size) } }] }),
    );
    const end = [
      eventOf({ choices: [{ delta: {}, finish_reason: reason }], ...(usage ? { usage } : {}) }),
      'data: [DONE]\n\n',
    ];
    if (fault === 'none') events.push(...end);
    if (fault === 'malformed') events.push('data: {"choices": [{"del\n\n');
    const everyMs = chance.integer(1, 40);
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await instance.sleep(everyMs, signal);
          const event = events.shift();
          if (event === undefined) controller.close();
          else controller.enqueue(encoder.encode(event));
        },
      },
      { highWaterMark: 0 },
    );
  }
}

interface Answer {
  readonly text: string;
  readonly reason: 'stop' | 'length';
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

function eventOf(payload: unknown): string {
  return `data: ${JSON.stringify(payload)}\n\n`;
}

function countedTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + tokensOf(content), 0);
}

/** A little fewer than are likely. */
function tokensOf(text: string): number {
  return Math.floor(likelyTokens(text) * 0.9);
}

function signalIn({ signal }: Record<string, unknown>): AbortSignal {
  if (!(signal instanceof AbortSignal)) throw new Error('A call comes with its signal.');
  return signal;
}
