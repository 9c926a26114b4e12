/** The runs that the pictures show: of the real engine, over a model that says what is written here, by a clock that moves with each word. */
import { AppError } from '../../src/errors.ts';
import { runErrorOf } from '../../src/reflection/ending.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { Model, ModelCall, ModelFacts, Roster } from '../../src/reflection/model.ts';
import { prepareModelJson } from '../../src/reflection/model-json.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { parseReflectionBody, type ReflectionBody } from '../../src/reflection/request.ts';

export interface PicturedRun {
  readonly question: string;
  readonly log: readonly ReflectionEvent[];
  readonly record: Reflection;
}

/** What the model says in each pass, by its id or its role. A list is said one after another. */
type Words = Readonly<Record<string, string | AppError | readonly string[]>>;

interface Pictured {
  readonly question: string;
  readonly words: Words;
  /** Stopped by somebody once the answer has so many letters. */
  readonly stoppedAt?: number;
  readonly body?: Partial<ReflectionBody>;
}

const critique = (verdict: 'pass' | 'revise', quote: string, problem: string) =>
  JSON.stringify({
    verdict,
    issues:
      quote === ''
        ? []
        : [
            {
              kind: 'incorrect_fact',
              severity: 'major',
              quote,
              problem,
              question: 'Did Jim Lovell stay in orbit during Apollo 11?',
            },
          ],
  });

const apollo = `*Eagle* landed on the Moon on **20 July 1969**, with Neil Armstrong and Buzz Aldrin aboard.

- Armstrong walked first, at 02:56 UTC on 21 July.
- Pete Conrad stayed in orbit. Wait, I think it was Jim Lovell, in *Columbia*.`;

const retries = `A client may send a \`POST\` again where the server knows it by a key:

\`\`\`
POST /orders
Idempotency-Key: 5f0c…
\`\`\`

I think most servers remember the key for a day, possibly longer; see [the draft](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).`;

/** Long enough for several messages. */
const guide = (chapters: number) =>
  Array.from(
    { length: chapters },
    (_, chapter) =>
      `## ${chapter + 1}. A step of the move\n\n${Array.from({ length: 7 }, () => 'Each table is copied while the service goes on, and what was written meanwhile is copied after it.').join(' ')}`,
  ).join('\n\n');

const pictured = {
  corrected: {
    question: 'Who landed on the Moon with Apollo 11, when, and who stayed in orbit?',
    words: {
      draft: apollo,
      critique: critique(
        'revise',
        'Pete Conrad stayed in orbit. Wait, I think it was Jim Lovell',
        'Conrad flew with Apollo 12 and Lovell with Apollo 13.',
      ),
      confirm: '{"answer": "no", "statement": "wrong"}',
      revision:
        '<<<<<<< SEARCH\nPete Conrad stayed in orbit. Wait, I think it was Jim Lovell,\n=======\nMichael Collins stayed in orbit,\n>>>>>>> REPLACE',
      judge: ['{"better": "B"}', '{"better": "A"}'],
    },
  },
  kept: {
    question: 'Write an HTTP request in code that creates an order and may be sent twice without harm.',
    words: { draft: retries, critique: critique('pass', '', '') },
  },
  failed: {
    question: 'What changed in HTTP/3?',
    words: { draft: new AppError('upstream_busy', 'The model is out of capacity.', { retryAfterSeconds: 40 }) },
  },
  stopped: {
    question: 'Who landed on the Moon with Apollo 11, when, and who stayed in orbit?',
    words: { draft: apollo },
    stoppedAt: 120,
  },
  long: {
    question: 'Write a guide for moving a database without downtime.',
    words: { draft: guide(17) },
    body: { strategy: 'direct', max_output_tokens: 8_000 },
  },
  several_parts: {
    question: 'Write a guide for moving a database without downtime.',
    words: { draft: guide(3) },
    body: { strategy: 'direct' },
  },
} as const satisfies Record<string, Pictured>;

export type PicturedName = keyof typeof pictured;

export async function picturedRun(name: PicturedName): Promise<PicturedRun> {
  await prepareModelJson();
  const { question, words, stoppedAt, body }: Pictured = pictured[name];
  let now = Date.UTC(2026, 10, 23, 10);
  const model = speaking(words, () => {
    now += 15;
  });
  const request = parseReflectionBody({ input: question, include: ['draft', 'diff'], ...body });
  const recorder = new Recorder('refl_pictured', () => now);
  const log = [recorder.queued(request.include, request.metadata)];
  const tools = { model, roster, nonce: 'pictured', now: () => now, startedAt: now, reserve: () => null };
  let letters = 0;
  try {
    for await (const event of reflect(request, tools)) {
      log.push(recorder.stamp(event));
      if (event.type === 'pass.delta') letters = event.offset + event.text.length;
      if (stoppedAt === undefined || letters < stoppedAt) continue;
      log.push(recorder.end({ type: 'cancelled' }));
      break;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.push(recorder.end({ type: 'failed', error: runErrorOf(error) }));
  }
  return { question, log, record: recorder.record };
}

/** Up to where what the critic found is being confirmed. */
export function uptoSecondLook(log: readonly ReflectionEvent[]): readonly ReflectionEvent[] {
  const at = log.findIndex((event) => event.type === 'pass.started' && event.role === 'confirm');
  return log.slice(0, at + 1);
}

function speaking(words: Words, wait: () => void): Model {
  const said = new Map<string, number>();
  const wordsFor = ({ pass, role }: ModelCall): string => {
    const given = words[pass] ?? words[role];
    if (given instanceof AppError) throw given;
    if (given === undefined) throw new Error(`The model has no words for ${pass} (${role}).`);
    if (typeof given === 'string') return given;
    const count = said.get(role) ?? 0;
    said.set(role, count + 1);
    return given[Math.min(count, given.length - 1)] ?? '';
  };
  return {
    async *ask(call) {
      const text = wordsFor(call);
      yield { type: 'start', attempt: 1, model: roster[call.seat][0]?.id ?? '' };
      for (const word of text.match(/\S+\s*/g) ?? []) {
        wait();
        yield { type: 'delta', text: word };
      }
      yield { type: 'finish', reason: 'stop', usage: null };
    },
  };
}

const small: ModelFacts = {
  id: 'llama-3.1-8b-instruct',
  class: 'small',
  contextTokens: 32_000,
  price: { input: 0.05, output: 0.38 },
};
const large: ModelFacts = {
  id: 'llama-3.3-70b-instruct',
  class: 'large',
  contextTokens: 24_000,
  price: { input: 0.29, output: 2.25 },
};
const roster: Roster = { author: [small], critic: [large], reviser: [large], judge: [large], escalation: [] };
