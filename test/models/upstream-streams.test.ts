import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { mayBeCached } from '../../src/cache/cacheable.ts';
import { attemptLimits } from '../../src/models/attempt.ts';
import { Breakers } from '../../src/models/breaker.ts';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import { createModel, type ModelWarning } from '../../src/models/resilient.ts';
import { request, run, tools } from '../support/reflections.ts';
import { modelOf } from './calls.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** What servers were seen to stream, and what must come of it; written by hand for this project. */
const streams = z
  .array(
    z.strictObject({
      situation: z.string(),
      /** The body of the answer to a `direct` request's draft; the same for each try. */
      stream: z.string(),
      expect: z.strictObject({
        output: z.string().optional(),
        finish_reason: z.string().optional(),
        cacheable: z.boolean().optional(),
        estimated: z.boolean().optional(),
        warning: z.string().optional(),
        error: z.string().optional(),
        /** How often the model was asked. */
        calls: z.number().optional(),
      }),
    }),
  )
  .parse(
    readFileSync(new URL('../fixtures/upstream/streams.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );

async function answered(stream: string) {
  const warnings: ModelWarning[] = [];
  const chain = [modelOf('m')];
  const clock = createVirtualClock();
  let calls = 0;
  const model = createModel(
    { author: chain, critic: [], reviser: [], judge: [], escalation: [] },
    new AbortController().signal,
    {
      provider: createOpenAiCompatible({
        baseUrl: 'http://model.test/v1',
        fetch: async () => {
          calls += 1;
          return new Response(stream);
        },
      }),
      breakers: new Breakers(),
      clock,
      random: () => 0,
      limits: attemptLimits,
      warn: (warning) => warnings.push(warning),
    },
  );
  const asked = request({ strategy: 'direct', input: 'What is six times seven?', max_output_tokens: 200 });
  const roster = { author: chain, critic: [], reviser: [], judge: [], escalation: [] };
  const now = clock.now();
  const told = await clock.run(run(asked, tools(model, { roster, now: clock.now, startedAt: now })));
  return { ...told, asked, warnings, calls };
}

describe('an upstream', () => {
  test.each(streams)('with $situation', async ({ stream, expect: expected }) => {
    const { record, asked, warnings, error, calls } = await answered(stream);
    if (expected.error !== undefined) {
      expect(error).toMatchObject({ code: expected.error });
      if (expected.calls !== undefined) expect(calls).toBe(expected.calls);
      return;
    }
    expect(error).toBeUndefined();
    if (expected.output !== undefined) expect(record.output).toBe(expected.output);
    if (expected.finish_reason !== undefined) expect(record.finish_reason).toBe(expected.finish_reason);
    if (expected.cacheable !== undefined) expect(mayBeCached(record, asked)).toBe(expected.cacheable);
    if (expected.warning !== undefined) expect(warnings.map(({ event }) => event)).toContain(expected.warning);
    for (const pass of record.usage.passes) {
      if (expected.estimated !== undefined && pass.charged) expect(pass.estimated).toBe(expected.estimated);
      expect(pass.input_tokens).toBeGreaterThan(0);
      expect(pass.output_tokens).toBeLessThanOrEqual(200);
      for (const count of [pass.input_tokens, pass.output_tokens]) expect(Number.isInteger(count)).toBe(true);
    }
    expect(record.usage.total_tokens).toBeGreaterThan(10);
  });
});
