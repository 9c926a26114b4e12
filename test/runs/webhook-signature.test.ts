/** Signatures of notices, held against the specification's own library for whatever may stand in them. */
import * as fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { emptyFold } from '../../src/reflection/fold.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { messageOf, signatureHeaders } from '../../src/runs/webhook.ts';

const secret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
const text = fc.string({ unit: 'binary', maxLength: 40 });

const record = fc
  .record({ id: fc.stringMatching(/^refl_[\w-]{43}$/), metadata: fc.dictionary(text, text, { maxKeys: 4 }) })
  .map((part): Reflection => ({ ...emptyFold.record, ...part, status: 'completed', created_at: 1_790_000_000 }));

test('every notice verifies with each secret that signed it, and with no other', async () => {
  await fc.assert(
    fc.asyncProperty(record, fc.uniqueArray(secret, { minLength: 2, maxLength: 3 }), async (ended, secrets) => {
      const { id, body } = messageOf(ended);
      const [stranger = '', ...signing] = secrets;
      const headers = await signatureHeaders(id, Math.floor(Date.now() / 1_000), body, signing);
      for (const known of signing) expect(new Webhook(known).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(stranger).verify(body, headers)).toThrow(WebhookVerificationError);
    }),
    { numRuns: 200 },
  );
});

test('the library signs the same message in the same words', async () => {
  const { id, body } = messageOf({ ...emptyFold.record, id: 'refl_abc', metadata: { name: 'Zoë' } });
  const known = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
  const at = 1_790_000_100;
  const { 'webhook-signature': ours } = await signatureHeaders(id, at, body, [known]);
  expect(ours).toBe(new Webhook(known).sign(id, new Date(at * 1_000), body));
});
