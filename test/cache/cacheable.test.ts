/** Which answers are kept, and for how long. */
import { expect, test } from 'vitest';
import { mayBeCached, secondsInCache } from '../../src/cache/cacheable.ts';
import { emptyFold } from '../../src/reflection/fold.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { request, run, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const asked = request({ budget: { deadline_ms: 5_000 } });
const whole: Reflection = {
  ...emptyFold.record,
  status: 'completed',
  finish_reason: 'stop',
  decision: 'kept_draft_pass',
};

test('a whole answer is kept', () => {
  expect(mayBeCached(whole, asked)).toBe(true);
});

test.each([
  ['failed', { status: 'failed', error: { code: 'upstream_failed', message: '' } }],
  ['cancelled', { status: 'cancelled', finish_reason: null }],
  ['still running', { status: 'running', finish_reason: null }],
  ['cut', { finish_reason: 'length' }],
  ['without a critic who could not be had', { degraded: { pass: 'critique', code: 'upstream_busy' } }],
  ['cut short by the clock', { decision: 'budget', timing: { total_ms: 5_000, overhead_ms: 0, ttft_ms: null } }],
] as const)('an answer that is %s is not kept', (_, part: Partial<Reflection>) => {
  expect(mayBeCached({ ...whole, ...part }, asked)).toBe(false);
});

test('what a number of calls cut short would be so again, and is kept', () => {
  const timing = { total_ms: 4_999, overhead_ms: 0, ttft_ms: null };
  expect(mayBeCached({ ...whole, decision: 'budget', timing }, asked)).toBe(true);
});

test('of the roads through the engine, those that end degraded or failed are not kept', async () => {
  const notKept: string[] = [];
  for (const [name, scenario] of Object.entries<Scenario>(scenarios)) {
    const given = request(scenario.body);
    const { record } = await run(given, tools(scriptedModel(scenario.script), scenario.tools));
    if (!mayBeCached(record, given)) notKept.push(name);
  }
  expect(notKept).toEqual(['unreadable', 'degraded', 'split', 'failed']);
});

const day = 86_400_000;

test('an answer is kept for an hour unless told otherwise', () => {
  expect(secondsInCache(request(), day)).toBe(3_600);
  expect(secondsInCache(request({ cache: { ttl: 60 } }), day)).toBe(60);
  expect(secondsInCache(request({ cache: { ttl: 7_200 } }), day)).toBe(7_200);
});

test('an answer is not kept for longer than the run it points to', () => {
  expect(secondsInCache(request({ cache: { ttl: 2_592_000 } }), day)).toBe(86_400);
  expect(secondsInCache(request(), 0)).toBe(60);
});
