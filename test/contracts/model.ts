/** What every Model must do, whoever speaks behind it: run by each adapter through a double of its provider. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { Cancelled, type Model, type ModelChunk, type TokenUsage } from '../../src/reflection/model.ts';
import { callOf, hear, textOf } from '../models/calls.ts';

/** How the provider behaves when it is asked once. */
export type Behaviour =
  | {
      readonly type: 'answers';
      readonly texts: readonly string[];
      readonly ends: 'stop' | 'length';
      readonly usage: Omit<TokenUsage, 'neurons'> | null;
    }
  /** Sends the texts and closes without a word that this was all. */
  | { readonly type: 'cut off'; readonly texts: readonly string[] }
  /** Sends the texts and then nothing, with the connection open. */
  | { readonly type: 'falls silent'; readonly texts: readonly string[] }
  | { readonly type: 'never responds' }
  | { readonly type: 'sends garbage' }
  | { readonly type: 'is busy' }
  | { readonly type: 'has no quota left' }
  | { readonly type: 'says the prompt is too long' }
  | { readonly type: 'refuses the request'; readonly quoting: string };

export interface Connection {
  readonly model: Model;
  /** How many requests reached the provider. */
  asked(): number;
  /** How many of them the provider saw aborted or closed before their end. */
  closed(): number;
}

/** Connects a model to a provider that behaves so, one behaviour a request; a request beyond them fails the test. */
export type Connect = (behaviours: readonly Behaviour[], signal: AbortSignal) => Connection;

const usage = { inputTokens: 12, outputTokens: 6 };
const whole: Extract<Behaviour, { readonly type: 'answers' }> = {
  type: 'answers',
  texts: ['It', ' is', ' 42 😀.'],
  ends: 'stop',
  usage,
};
const never = new AbortController().signal;

/** What came, in order; deltas that follow each other count as one, since texts that came at once may be one. */
function types(chunks: readonly ModelChunk[]): string {
  return distinct(chunks)
    .map(({ type }) => type)
    .join(' ');
}

function distinct(chunks: readonly ModelChunk[]): ModelChunk[] {
  return chunks.filter(({ type }, index) => type !== 'delta' || chunks[index - 1]?.type !== 'delta');
}

/** The checks, for each adapter's own test file. */
export function describeModel(name: string, connect: Connect): void {
  const listen = (behaviours: readonly Behaviour[], call = callOf()) =>
    hear(connect(behaviours, never).model.ask(call));

  describe(`${name} is a Model`, () => {
    test('gives a start, the text as it comes, and one finish', async () => {
      const { chunks, error } = await listen([whole]);
      expect(error).toBeUndefined();
      expect(chunks[0]).toEqual({ type: 'start', attempt: 1, model: 'model-a' });
      expect(types(chunks)).toBe('start delta finish');
      expect(textOf(chunks)).toBe('It is 42 😀.');
    });

    test('gives the usage that the provider counted, and null when it counted none', async () => {
      const counted = await listen([whole]);
      expect(counted.chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: { ...usage, neurons: null } });
      const uncounted = await listen([{ ...whole, usage: null }]);
      expect(uncounted.chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: null });
    });

    test('says when the answer was cut at its longest', async () => {
      const { chunks } = await listen([{ ...whole, ends: 'length' }], callOf({ maxOutputTokens: 3 }));
      expect(chunks.at(-1)).toMatchObject({ type: 'finish', reason: 'length' });
    });

    test('asks again after a cut stream, and voids what had come', async () => {
      const { chunks, error } = await listen([{ type: 'cut off', texts: ['It', ' may'] }, whole]);
      expect(error).toBeUndefined();
      expect(types(chunks)).toBe('start delta lost start delta finish');
      expect(distinct(chunks)[2]).toMatchObject({ attempt: 1, code: 'upstream_failed' });
      expect(distinct(chunks)[3]).toMatchObject({ attempt: 2 });
      expect(textOf(chunks)).toBe('It is 42 😀.');
    });

    test.each<[string, Behaviour]>([
      ['an answer with no text', { ...whole, texts: [] }],
      ['an answer of white space', { ...whole, texts: [' ', '\n'] }],
      ['a body with nothing in it', { type: 'cut off', texts: [] }],
      ['what is not JSON', { type: 'sends garbage' }],
    ])('never takes %s for an answer', async (_, behaviour) => {
      const { chunks, error } = await listen([behaviour, behaviour]);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'upstream_failed' });
      expect(chunks.filter(({ type }) => type === 'start')).toHaveLength(2);
      expect(chunks.filter(({ type }) => type === 'finish')).toHaveLength(0);
    });

    test('takes a stream that is cut twice for the beginning of an answer', async () => {
      const { chunks, error } = await listen([
        { type: 'cut off', texts: ['It', ' may'] },
        { type: 'cut off', texts: ['It'] },
      ]);
      expect(error).toBeUndefined();
      expect(types(chunks)).toBe('start delta lost start delta finish');
      expect(textOf(chunks)).toBe('It');
      expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'length', usage: null });
    });

    test('lets a continuation have nothing to add', async () => {
      const { chunks, error } = await listen([{ ...whole, texts: [] }], callOf({ role: 'continuation' }));
      expect(error).toBeUndefined();
      expect(types(chunks)).toBe('start finish');
    });

    test('asks a busy model again', async () => {
      const { chunks } = await listen([{ type: 'is busy' }, whole]);
      expect(chunks[1]).toMatchObject({ type: 'lost', attempt: 1, code: 'upstream_busy' });
      expect(textOf(chunks)).toBe('It is 42 😀.');
    });

    test('gives up on a model that stays busy, and says when to come again', async () => {
      const { error } = await listen([{ type: 'is busy' }, { type: 'is busy' }]);
      expect(error).toMatchObject({ code: 'upstream_busy', retryAfterSeconds: expect.any(Number) });
    });

    test.each<[Behaviour, string]>([
      [{ type: 'has no quota left' }, 'upstream_quota'],
      [{ type: 'says the prompt is too long' }, 'context_length_exceeded'],
      [{ type: 'refuses the request', quoting: '' }, 'upstream_failed'],
    ])('asks once only where asking again cannot help: $type', async (behaviour, code) => {
      const { model, asked } = connect([behaviour], never);
      const { chunks, error } = await hear(model.ask(callOf()));
      expect(error).toMatchObject({ code });
      expect(types(chunks)).toBe('start');
      expect(asked()).toBe(1);
    });

    test('never repeats what the provider quotes of the request', async () => {
      const { error } = await listen([{ type: 'refuses the request', quoting: 'six times seven sk-secret' }]);
      if (!(error instanceof AppError)) throw new Error('An AppError was expected.');
      const said = JSON.stringify(error, Object.getOwnPropertyNames(error));
      expect(said).not.toMatch(/six times|sk-secret/);
    });

    test.each<[string, Behaviour]>([
      ['does not respond', { type: 'never responds' }],
      ['has fallen silent', { type: 'falls silent', texts: ['It'] }],
    ])('stops at a cancellation and closes upstream when the provider %s', async (_, behaviour) => {
      const run = new AbortController();
      const { model, closed } = connect([behaviour], run.signal);
      const heard = hear(model.ask(callOf()));
      await wait(20);
      run.abort();
      expect((await heard).error).toBeInstanceOf(Cancelled);
      await expect.poll(closed, { timeout: 200, interval: 5 }).toBe(1);
    });

    test('asks nobody when the run is already cancelled', async () => {
      const { model, asked } = connect([], AbortSignal.abort());
      expect((await hear(model.ask(callOf()))).error).toBeInstanceOf(Cancelled);
      expect(asked()).toBe(0);
    });

    test('stops at the deadline and closes upstream', async () => {
      const { model, closed } = connect([{ type: 'falls silent', texts: ['It'] }], never);
      const { chunks, error } = await hear(model.ask(callOf({ deadlineAt: Date.now() + 50 })));
      expect(error).toMatchObject({ code: 'deadline' });
      expect(types(chunks)).toBe('start delta');
      await expect.poll(closed, { timeout: 200, interval: 5 }).toBe(1);
    });

    test('asks nobody when the deadline has passed', async () => {
      const { model, asked } = connect([], never);
      expect((await hear(model.ask(callOf({ deadlineAt: Date.now() - 1 })))).error).toMatchObject({ code: 'deadline' });
      expect(asked()).toBe(0);
    });

    test('closes upstream when the listener leaves early', async () => {
      const { model, closed } = connect([{ type: 'falls silent', texts: ['It', ' is'] }], never);
      for await (const chunk of model.ask(callOf())) if (chunk.type === 'delta') break;
      await expect.poll(closed, { timeout: 200, interval: 5 }).toBe(1);
    });

    test('asks nobody when the prompt and the answer cannot fit', async () => {
      const { model, asked } = connect([], never);
      const { error } = await hear(
        model.ask(callOf({ messages: [{ role: 'user', content: 'word '.repeat(20_000) }] })),
      );
      expect(error).toMatchObject({ code: 'context_length_exceeded' });
      expect(asked()).toBe(0);
    });

    test('serves calls side by side', async () => {
      const { model } = connect([whole, whole, whole], never);
      const all = await Promise.all(
        [1, 2, 3].map((number) => hear(model.ask(callOf({ pass: `vote-${number}`, role: 'vote' })))),
      );
      expect(all.map(({ chunks }) => textOf(chunks))).toEqual(Array(3).fill('It is 42 😀.'));
    });
  });
}
