/** Notices of the Worker that is deployed, as they arrive over a socket, held against the specification's own library. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newKey } from '../../src/http/routes/keys.ts';
import { type BundledWorker, startBundledWorker } from './bundled-worker.ts';

interface Notice {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let worker: BundledWorker;
let to: string;
const notices: Notice[] = [];

const receiver = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  notices.push({ headers, body: Buffer.concat(chunks).toString() });
  response.writeHead(204).end();
});

beforeAll(async () => {
  worker = await startBundledWorker('webhook-test', { WEBHOOK_PRIVATE_ADDRESSES: 'allow' });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const address = receiver.address();
  to = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/hook`;
}, 60_000);

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await worker?.close();
});

/** The notice of a run that this key asked for. */
async function noticeOf(key: string, metadata: Record<string, string> = {}): Promise<Notice> {
  const before = notices.length;
  const asked = { input: 'Which number?', strategy: 'direct', webhook: to, metadata };
  expect((await worker.post('/v1/reflections', key, asked)).status).toBe(200);
  await expect.poll(() => notices.length).toBe(before + 1);
  const notice = notices[before];
  if (!notice) throw new Error('There is none.');
  return notice;
}

test('a notice verifies with the secret that its key was given, and with no other', async () => {
  const [{ key, webhook_secret }, other] = [await worker.makeKey(), await worker.makeKey()];
  const { headers, body } = await noticeOf(key, { name: 'Zoë 😀 \u2028', quote: '"\\' });
  expect(new Webhook(webhook_secret).verify(body, headers)).toMatchObject({
    type: 'reflection.completed',
    data: { status: 'completed', metadata: { name: 'Zoë 😀 \u2028', quote: '"\\' } },
  });
  const verifying = (secret: string, part: Partial<Notice>) => () =>
    new Webhook(secret).verify(part.body ?? body, { ...headers, ...part.headers });
  expect(verifying(other.webhook_secret, {})).toThrow(WebhookVerificationError);
  expect(verifying(webhook_secret, { body: `${body} ` })).toThrow(WebhookVerificationError);
  expect(verifying(webhook_secret, { headers: { 'webhook-id': 'msg_other' } })).toThrow(WebhookVerificationError);
  const later = String(Number(headers['webhook-timestamp']) + 1);
  expect(verifying(webhook_secret, { headers: { 'webhook-timestamp': later } })).toThrow(WebhookVerificationError);
});

test('a notice verifies with the old secret and the new one while they are rotated, and with the new one alone after', async () => {
  const old = await worker.makeKey();
  const rotate = async (id: string, grace_period_s: number) =>
    newKey.parse(await (await worker.post(`/v1/keys/${id}/rotate`, worker.adminToken, { grace_period_s })).json());
  const fresh = await rotate(old.id, 60);
  const { headers, body } = await noticeOf(fresh.key, { which: 'both' });
  for (const secret of [old.webhook_secret, fresh.webhook_secret]) {
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ data: { metadata: { which: 'both' } } });
  }
  const last = await rotate(old.id, 0);
  const after = await noticeOf(last.key, { which: 'one' });
  expect(new Webhook(last.webhook_secret).verify(after.body, after.headers)).toBeDefined();
  for (const secret of [old.webhook_secret, fresh.webhook_secret]) {
    expect(() => new Webhook(secret).verify(after.body, after.headers)).toThrow(WebhookVerificationError);
  }
});
