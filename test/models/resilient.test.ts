import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptLimits } from '../../src/models/attempt.ts';
import { Breakers, breakerSettings } from '../../src/models/breaker.ts';
import type { CatalogModel } from '../../src/models/catalog.ts';
import { createModel, type ModelWarning } from '../../src/models/resilient.ts';
import { workersAiErrors } from '../../src/models/workers-ai-errors.ts';
import { Cancelled, type ModelCall, type ModelChunk } from '../../src/reflection/model.ts';
import { callOf, type Heard, hear, modelOf, textOf } from './calls.ts';
import { type Act, answer, busy, scriptedProvider } from './scripted-provider.ts';
import { createVirtualClock } from './virtual-clock.ts';

const a = modelOf('a');
const b = modelOf('b');

/** A model over a chain that acts so, in virtual time. */
function scene(acts: Readonly<Record<string, readonly Act[]>>, chain: readonly CatalogModel[] = [a, b], random = 0.5) {
  const clock = createVirtualClock();
  const provider = scriptedProvider(clock, acts);
  const breakers = new Breakers();
  const run = new AbortController();
  const warnings: ModelWarning[] = [];
  const chains = { author: chain, critic: [], reviser: chain, judge: chain, escalation: [] };
  const tools = {
    provider,
    breakers,
    clock,
    random: () => random,
    limits: attemptLimits,
    warn: (warning: ModelWarning) => warnings.push(warning),
  };
  const model = createModel(chains, run.signal, tools);
  const ask = (fields: Partial<ModelCall> = {}): Promise<Heard> => clock.run(hear(model.ask(callOf(fields))));
  return { ask, model, provider, clock, breakers, run, warnings };
}

/** An attempt a line: who was asked and what became of it. */
function story(chunks: readonly ModelChunk[]): string[] {
  const lines: string[] = [];
  for (const chunk of chunks) {
    if (chunk.type === 'start') lines.push(`${chunk.attempt} ${chunk.model}`);
    if (chunk.type === 'lost') lines.push(`${lines.pop()} ${chunk.code}`);
    if (chunk.type === 'finish') lines.push(`${lines.pop()} finish`);
  }
  return lines;
}

test('a model that calls a tool without a word has answered, and its counts are believed', async () => {
  const toolCalls = [{ id: 'c', type: 'function', function: { name: 'look_up', arguments: '{"of":"Lima"}' } }] as const;
  const usage = { inputTokens: 24, outputTokens: 9, neurons: null };
  const { ask } = scene({ a: [{ type: 'call', toolCalls, usage }] });
  const { chunks } = await ask({ toolUse: { tools: [{ type: 'function', function: { name: 'look_up' } }] } });
  expect(story(chunks)).toEqual(['1 a finish']);
  expect(chunks.at(-1)).toMatchObject({ reason: 'tool_calls', toolCalls, usage });
});

test('a prompt does not fit with tools that are longer than the context', async () => {
  const parameters = { enum: Array.from({ length: 9_000 }, (_, index) => `word${index}`) };
  const { ask } = scene({ a: [answer], b: [answer] });
  const { error } = await ask({ toolUse: { tools: [{ type: 'function', function: { name: 'f', parameters } }] } });
  expect(error).toMatchObject({ code: 'context_length_exceeded' });
});

describe('a model that fails', () => {
  test('is asked twice when busy, and then the next one is asked', async () => {
    const { ask } = scene({ a: [busy], b: [answer] });
    const { chunks } = await ask();
    expect(story(chunks)).toEqual(['1 a upstream_busy', '2 a upstream_busy', '3 b finish']);
    expect(textOf(chunks)).toBe('It is 42.');
  });

  test('fails the call when the whole chain is busy, with a time to come again', async () => {
    const { ask, provider } = scene({ a: [busy], b: [busy] });
    const { error } = await ask();
    expect(error).toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 5 });
    expect(provider.asked).toEqual(['a', 'a', 'b', 'b']);
  });

  test('is left at once for the next when it is gone, and stays left', async () => {
    const { ask, provider, warnings } = scene({ a: [{ type: 'fail', code: 5028 }], b: [answer] });
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_failed', '2 b finish']);
    expect(story((await ask()).chunks)).toEqual(['1 b finish']);
    expect(provider.asked).toEqual(['a', 'b', 'b']);
    expect(warnings).toEqual([expect.objectContaining({ event: 'model.gone', model: 'a' })]);
  });

  test.each([3036, 3006, 5004, 3023])('is the end of it on %i, which no other model can mend', async (code) => {
    const { ask, provider } = scene({ a: [{ type: 'fail', code }], b: [answer] });
    const { chunks, error } = await ask();
    expect(story(chunks)).toEqual(['1 a']);
    expect(error).toMatchObject({ message: expect.stringContaining(String(code)) });
    expect(provider.asked).toEqual(['a']);
  });

  test('in the middle of its text is asked once more', async () => {
    const { ask } = scene({ a: [{ type: 'fail', code: 3007, texts: ['It', ' may'] }, answer] });
    const { chunks } = await ask();
    expect(story(chunks)).toEqual(['1 a upstream_failed', '2 a finish']);
    expect(textOf(chunks)).toBe('It is 42.');
  });

  test('to finish has not answered', async () => {
    const { ask } = scene({ a: [{ type: 'vanish' }], b: [answer] });
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_failed', '2 a upstream_failed', '3 b finish']);
  });

  test('waits between tries at random below a doubling ceiling', async () => {
    for (const [random, waited] of [
      [0, undefined],
      [0.5, 125],
      [1, 250],
    ] as const) {
      const { ask, clock } = scene({ a: [busy, answer] }, [a], random);
      await ask();
      expect(clock.slept.find((milliseconds) => milliseconds <= 250)).toBe(waited);
    }
  });

  test('is given the time that it asks for when that is short', async () => {
    const { ask, clock } = scene({ a: [{ type: 'fail', code: 3040, retryAfterSeconds: 2 }, answer] });
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_busy', '2 a finish']);
    expect(clock.slept).toContain(2_000);
  });

  test('is left for the next when it asks for a long time', async () => {
    const { ask } = scene({ a: [{ type: 'fail', code: 3040, retryAfterSeconds: 30 }], b: [answer] });
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_busy', '2 b finish']);
  });

  test('is told of in the log without a word of the prompt', async () => {
    const { ask, warnings } = scene({ a: [busy], b: [answer] });
    await ask();
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toContain('six times');
  });

  test('by a mistake of ours is not taken for a fault', async () => {
    const { ask } = scene({});
    expect((await ask()).error).toMatchObject({ message: 'a was not expected to be asked.' });
  });
});

describe('a model that is slow', () => {
  const silent: Act = { type: 'hang', deaf: true };

  test('to begin is left for the next', async () => {
    const { ask, provider, clock } = scene({ a: [silent], b: [answer] });
    const before = clock.now();
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_failed', '2 b finish']);
    expect(clock.now() - before).toBe(attemptLimits.firstTokenMs);
    expect(provider.aborted()).toBe(1);
  });

  test('to end is left for the next', async () => {
    const { ask, clock } = scene({ a: [{ type: 'hang', texts: ['It'] }], b: [answer] });
    const before = clock.now();
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_failed', '2 b finish']);
    expect(clock.now() - before).toBe(attemptLimits.totalMs);
  });

  test('may take its time between words once it has begun', async () => {
    const { ask } = scene({
      a: [{ type: 'answer', texts: ['It', ' is', ' 42.'], everyMs: attemptLimits.firstTokenMs - 1 }],
    });
    expect(textOf((await ask()).chunks)).toBe('It is 42.');
  });

  test('may be silent to its end when it answers in one piece', async () => {
    const whole = modelOf('a', { abilities: { streaming: true, jsonSchema: 'whole', prefill: false } });
    const slow: Act = { type: 'answer', texts: ['{}'], everyMs: attemptLimits.firstTokenMs * 2 };
    expect(textOf((await scene({ a: [slow] }, [whole]).ask({ jsonSchema: {} })).chunks)).toBe('{}');
    expect((await scene({ a: [slow] }, [whole]).ask()).error).toMatchObject({ code: 'upstream_failed' });
  });

  test('is stopped at the deadline, and no other is asked', async () => {
    const { ask, provider, clock } = scene({ a: [silent], b: [answer] });
    const before = clock.now();
    const { chunks, error } = await ask({ deadlineAt: before + 5_000 });
    expect(error).toMatchObject({ code: 'deadline' });
    expect(story(chunks)).toEqual(['1 a']);
    expect(clock.now() - before).toBe(5_000);
    expect(provider.aborted()).toBe(1);
  });

  test('is not waited for beyond the deadline between tries', async () => {
    const { ask, clock, provider } = scene({ a: [busy, answer] }, [a], 1);
    const before = clock.now();
    const { chunks, error } = await ask({ deadlineAt: before + 100 });
    expect(error).toMatchObject({ code: 'deadline' });
    expect(story(chunks)).toEqual(['1 a']);
    expect(clock.now() - before).toBe(100);
    expect(provider.asked).toEqual(['a']);
  });
});

describe('a listener who', () => {
  test('cancels the run hears so at once, from a deaf provider too', async () => {
    const { model, provider, clock, run } = scene({ a: [{ type: 'hang', texts: ['It'], deaf: true }] });
    const heard = hear(model.ask(callOf()));
    await clock.advance(10);
    run.abort();
    await clock.advance(0);
    expect((await heard).error).toBeInstanceOf(Cancelled);
    expect(provider.aborted()).toBe(1);
  });

  test('cancels between two tries ends the wait', async () => {
    const { model, provider, clock, run } = scene({ a: [busy] }, [a], 1);
    const heard = hear(model.ask(callOf()));
    await clock.advance(100);
    run.abort();
    await clock.advance(0);
    expect((await heard).error).toBeInstanceOf(Cancelled);
    expect(provider.asked).toEqual(['a']);
  });

  test('cancels before the provider is asked hears so too', async () => {
    const { model, clock, run } = scene({ a: [{ type: 'hang', deaf: true }] });
    const chunks = model.ask(callOf())[Symbol.asyncIterator]();
    expect(await chunks.next()).toMatchObject({ value: { type: 'start' } });
    run.abort();
    await expect(clock.run(chunks.next())).rejects.toBeInstanceOf(Cancelled);
  });

  test('has heard the answer leaves no timer behind', async () => {
    const { ask, clock } = scene({ a: [busy, answer] });
    await ask();
    expect(clock.waiting()).toBe(0);
  });

  test('has heard the answer aborts nothing, and has set one timer an attempt', async () => {
    const { model, provider, clock } = scene({ a: [answer] });
    let signal: AbortSignal | undefined;
    const { stream } = provider;
    Object.assign(provider, {
      stream: (...asked: Parameters<typeof stream>) => {
        signal = asked[2];
        return stream(...asked);
      },
    });
    expect(textOf((await clock.run(hear(model.ask(callOf())))).chunks)).toBe('It is 42.');
    expect(signal?.aborted).toBe(false);
    expect(clock.slept).toHaveLength(1);
  });

  test('is under way is told from one that is done', async () => {
    const { model } = scene({ a: [answer] });
    const chunks = model.ask(callOf())[Symbol.asyncIterator]();
    expect(model.isIdle).toBe(true);
    await chunks.next();
    expect(model.isIdle).toBe(false);
    await chunks.return?.();
    expect(model.isIdle).toBe(true);
  });

  test('leaves early aborts upstream', async () => {
    const { model, provider } = scene({ a: [{ type: 'hang', texts: ['It', ' is'] }] });
    for await (const chunk of model.ask(callOf())) if (chunk.type === 'delta') break;
    expect(provider.aborted()).toBe(1);
  });
});

describe('a chain', () => {
  const tiny = modelOf('tiny', { contextTokens: 300 });

  test('is entered at the first model whose context is large enough', async () => {
    const { ask } = scene({ a: [answer], tiny: [answer] }, [tiny, a]);
    expect(story((await ask({ maxOutputTokens: 288 })).chunks)).toEqual(['1 tiny finish']);
    expect(story((await ask({ maxOutputTokens: 289 })).chunks)).toEqual(['1 a finish']);
  });

  test('with no context large enough is not asked', async () => {
    const { ask, provider } = scene({}, [tiny]);
    const { chunks, error } = await ask({ maxOutputTokens: 300 });
    expect(error).toMatchObject({ code: 'context_length_exceeded', message: expect.stringContaining('300 tokens') });
    expect(chunks).toEqual([]);
    expect(provider.asked).toEqual([]);
  });

  test('without models says which seat is empty', async () => {
    const { error } = await scene({}).ask({ seat: 'critic', role: 'critique' });
    expect(error).toMatchObject({ code: 'upstream_failed', message: expect.stringContaining('critic') });
  });

  test('passes over a model that failed too often, and takes it up again after a rest', async () => {
    const failures: Act[] = Array(breakerSettings.threshold).fill(busy);
    const { ask, clock } = scene({ a: [...failures, answer], b: [answer] });
    await ask();
    await ask();
    // The fifth failure in a row opens the breaker, so there is no second try.
    expect(story((await ask()).chunks)).toEqual(['1 a upstream_busy', '2 b finish']);
    expect(story((await ask()).chunks)).toEqual(['1 b finish']);
    await clock.advance(breakerSettings.openMs);
    expect(story((await ask()).chunks)).toEqual(['1 a finish']);
    expect(story((await ask()).chunks)).toEqual(['1 a finish']);
  });

  test('lets one call try a model that had failed, and the others go on to the next meanwhile', async () => {
    const { model, breakers, clock } = scene({ a: [{ ...answer, everyMs: 100 }], b: [answer] });
    for (let times = 0; times < breakerSettings.threshold; times += 1) breakers.failed('a', clock.now());
    await clock.advance(breakerSettings.openMs);
    const both = await clock.run(Promise.all([hear(model.ask(callOf())), hear(model.ask(callOf()))]));
    expect(both.map(({ chunks }) => story(chunks))).toEqual([['1 a finish'], ['1 b finish']]);
  });

  test('of models that all failed too often still has its first asked', async () => {
    const { ask, breakers, clock } = scene({ a: [answer], b: [answer] });
    breakers.gone('a', clock.now());
    breakers.gone('b', clock.now());
    expect(story((await ask()).chunks)).toEqual(['1 a finish']);
  });

  test('does not hold a refused request or a cancelled run against a model', async () => {
    const { ask, breakers, clock, model, run } = scene({ a: [{ type: 'fail', code: 5004 }] });
    for (let times = 0; times < 10; times += 1) await ask();
    expect(breakers.allows('a', clock.now())).toBe(true);
    run.abort();
    await hear(model.ask(callOf()));
    expect(breakers.state('a')).toEqual({ status: 'closed', failures: 0 });
  });
});

describe('whatever befalls a chain', () => {
  const texts = fc.array(fc.constantFrom('It', ' is', ' 42', ' '), { maxLength: 3 });
  const code = fc.constantFrom(...Object.keys(workersAiErrors).map(Number), 9999);
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.record({ type: fc.constant('answer' as const), texts, everyMs: fc.nat(30_000) }),
    fc.record({ type: fc.constant('fail' as const), code, texts, retryAfterSeconds: fc.nat(4) }),
    fc.record({ type: fc.constant('hang' as const), texts, deaf: fc.boolean() }),
    fc.constant<Act>({ type: 'vanish' }),
  );
  const acts = fc.array(act, { minLength: 1, maxLength: 4 });

  test('a call ends within bounds, in exactly one finish or in an error of the table', async () => {
    await fc.assert(
      fc.asyncProperty(
        acts,
        acts,
        acts,
        fc.nat(600_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (first, second, third, lasts, random) => {
          const { ask, provider, clock } = scene({ a: first, b: second, c: third }, [a, b, modelOf('c')], random);
          const before = clock.now();
          for (let calls = 0; calls < 3; calls += 1) {
            const asked = provider.asked.length;
            const deadlineAt = clock.now() + lasts;
            const { chunks, error } = await ask({ deadlineAt });
            expectOrder(chunks, error);
            expect(provider.asked.length - asked).toBeLessThanOrEqual(6);
            expect(clock.now()).toBeLessThanOrEqual(deadlineAt);
          }
          expect(clock.now() - before).toBeLessThanOrEqual(3 * lasts);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Starts are numbered from 1; a lost one is followed by another; the end is one finish, with text, or one error. */
function expectOrder(chunks: readonly ModelChunk[], error: unknown): void {
  const types = chunks.map(({ type }) => type).join(' ');
  const end =
    error === undefined
      ? /^(start( delta)* lost )*start( delta)+ finish$/
      : /^((start( delta)* lost )*start( delta)*)?$/;
  expect(types).toMatch(end);
  const numbers = chunks.flatMap((chunk) => (chunk.type === 'start' ? chunk.attempt : []));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  if (error === undefined) expect(textOf(chunks).trim()).not.toBe('');
  else
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(upstream_(busy|quota|failed)|context_length_exceeded|deadline)$/),
    });
}
