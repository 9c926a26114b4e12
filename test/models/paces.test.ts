/** Which answers are asked for in one piece: those of which nothing is likely to be cut off. */
import { describe, expect, test } from 'vitest';
import { attemptLimits } from '../../src/models/attempt.ts';
import { Breakers } from '../../src/models/breaker.ts';
import { Paces } from '../../src/models/paces.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createModel } from '../../src/models/resilient.ts';
import type { ModelCall } from '../../src/reflection/model.ts';
import { callOf, hear, modelOf, textOf } from './calls.ts';
import { createVirtualClock } from './virtual-clock.ts';

const model = modelOf('a');
const longText = 'word '.repeat(100);

/** Calls of one model that takes so long for an answer; tells of each whether it was streamed. */
function scene({ paces = new Paces(), takesMs = 2_000, watched = false, text = longText } = {}) {
  const clock = createVirtualClock();
  const streamed: boolean[] = [];
  const provider: Provider = {
    async *stream({ abilities }, _call, signal) {
      streamed.push(abilities.streaming);
      await clock.sleep(takesMs, signal);
      yield { type: 'delta', text };
      yield { type: 'finish', reason: 'stop', usage: null };
    },
  };
  const chains = { author: [model], critic: [], reviser: [], judge: [], escalation: [] };
  const tools = { provider, breakers: new Breakers(), clock, random: () => 0, limits: attemptLimits, warn: () => {} };
  const connected = createModel(chains, new AbortController().signal, { ...tools, paces, watched: () => watched });
  const ask = (leftMs = 60_000, fields: Partial<ModelCall> = {}) =>
    clock.run(hear(connected.ask(callOf({ maxOutputTokens: 1_024, ...fields, deadlineAt: clock.now() + leftMs }))));
  return { ask, streamed, paces };
}

describe('an answer for a caller who waits for the end', () => {
  test('is streamed until the model was seen to write, and then comes in one piece', async () => {
    const { ask, streamed } = scene();
    expect(textOf((await ask()).chunks)).toBe(longText);
    expect(textOf((await ask()).chunks)).toBe(longText);
    expect(streamed).toEqual([true, false]);
  });

  test('is streamed where somebody watches it', async () => {
    const { paces, ask } = scene();
    await ask();
    const watching = scene({ paces, watched: true });
    await watching.ask();
    expect(watching.streamed).toEqual([true]);
  });

  test('is streamed where it may be longer than 1,024 tokens', async () => {
    const { ask, streamed } = scene();
    await ask();
    await ask(60_000, { maxOutputTokens: 1_025 });
    expect(streamed).toEqual([true, true]);
  });

  test('is streamed where the deadline is near', async () => {
    const { ask, streamed } = scene();
    await ask();
    await ask(19_999);
    expect(streamed).toEqual([true, true]);
  });

  test('is streamed where the model writes too slowly for the deadline', async () => {
    // 125 tokens in 10 s are 1,024 in 82 s.
    const { ask, streamed } = scene({ takesMs: 10_000 });
    await ask();
    await ask(120_000);
    await ask(125_000);
    expect(streamed).toEqual([true, true, false]);
  });

  test('is streamed where the model wrote too little to tell its pace', async () => {
    const { ask, streamed } = scene({ text: 'Yes.' });
    await ask();
    await ask();
    expect(streamed).toEqual([true, true]);
  });

  test('of a model that hangs is given up long before the deadline', async () => {
    const { paces, ask } = scene();
    await ask();
    const hanging = scene({ paces, takesMs: 10_000_000 });
    const { error } = await hanging.ask(600_000);
    expect(hanging.streamed).toEqual([false]);
    expect(error).toMatchObject({ code: 'upstream_failed' });
  });
});
