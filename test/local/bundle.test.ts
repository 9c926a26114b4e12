/** The modules that are deployed, run as they are in workerd: what is loaded when first needed must be found there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hotGzipBytes, largestGzipBytes } from '../../local/bundle.ts';
import { type BundledWorker, startBundledWorker } from './bundled-worker.ts';

let worker: BundledWorker;

beforeAll(async () => {
  worker = await startBundledWorker('bundle-test');
}, 60_000);

afterAll(() => worker?.close());

test('what every request needs is within the limit, and RE2 is not part of it', () => {
  expect(hotGzipBytes(worker.modules)).toBeLessThanOrEqual(largestGzipBytes);
  expect(worker.modules.some(({ hot, rawBytes }) => !hot && rawBytes > 50_000)).toBe(true);
});

test('a request that needs a pattern loads RE2 in the Worker and in the run’s object', async () => {
  const { key } = await worker.makeKey();
  const response = await worker.post('/v1/reflections', key, {
    input: 'Which number?',
    checks: [{ type: 'regex', pattern: '\\d{3}-\\d{4}' }],
  });
  expect(await response.json()).toMatchObject({ output: 'Call 555-0199.', decision: 'kept_draft_pass' });
});

test('an export loads in the Worker what makes rows, and what says in words what a check asks', async () => {
  const { key } = await worker.makeKey(['reflect', 'export']);
  const body = { input: 'Which number?', store: true, checks: [{ type: 'regex', pattern: '\\d{3}-\\d{4}' }] };
  await worker.post('/v1/reflections', key, body);
  const response = await fetch(`${worker.address}/v1/exports/sft`, { headers: { authorization: `Bearer ${key}` } });
  expect(await response.json()).toMatchObject({
    messages: [{ role: 'system' }, { role: 'user', content: body.input }, { content: 'Call 555-0199.' }],
    provenance: { checks: [{ type: 'regex', status: 'pass' }] },
  });
});
