/** Sources that come with a request hold its answer, without a declared check. */
import { expect, test } from 'vitest';
import { request, run, tools } from '../support/reflections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const sources = [{ id: 'a', text: 'The bridge opened in 1931 and is 312 metres long.' }];
const checksOf = (events: Awaited<ReturnType<typeof run>>['events']) =>
  events.flatMap((event) => (event.type === 'check.completed' && event.subject === 'draft' ? [event.check] : []));

test('an answer from the sources passes, and the check says where it comes from', async () => {
  const { events, outcome } = await run(
    request({ strategy: 'checks', sources }),
    tools(scriptedModel({ draft: 'The bridge opened in 1931.' })),
  );
  expect(checksOf(events)).toMatchObject([{ id: 'sources', type: 'sources', origin: 'sources', status: 'pass' }]);
  expect(outcome?.decision).toBe('kept_draft_pass');
});

test('an invention leads to a repair', async () => {
  const model = scriptedModel({ draft: 'The bridge opened in 1941.', 'repair-1': 'The bridge opened in 1931.' });
  const { outcome } = await run(request({ strategy: 'checks', sources }), tools(model));
  expect(outcome).toMatchObject({ decision: 'repaired_check', output: 'The bridge opened in 1931.' });
});

test('a declared check on the sources takes its place', async () => {
  const checks = [{ type: 'sources' as const, kinds: ['urls' as const] }];
  const model = scriptedModel({ draft: 'The bridge opened in 1941.' });
  const { events } = await run(request({ strategy: 'checks', sources, checks }), tools(model));
  expect(checksOf(events)).toMatchObject([{ id: 'c1', origin: 'declared', status: 'skipped' }]);
});
