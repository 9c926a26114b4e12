/** Notices in workerd, whose parser of URLs and whose cryptography are not Node's. */
import { expect, test } from 'vitest';
import { signatureHeaders } from '../../../src/runs/webhook.ts';
import { webhookAddressProblem } from '../../../src/runs/webhook-url.ts';
import { allowedAddresses, refusedAddresses } from '../../support/webhook-addresses.ts';

test('every refused spelling is refused here too, and no allowed one is', () => {
  const problem = (url: string) => webhookAddressProblem(url, { allowPrivate: false });
  expect(refusedAddresses.filter((url) => problem(url) === null)).toEqual([]);
  expect(allowedAddresses.filter((url) => problem(url) !== null)).toEqual([]);
});

test('a message is signed as it is anywhere', async () => {
  // Worked out with `openssl dgst -sha256 -hmac` over the same content.
  const secret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
  const headers = await signatureHeaders('msg_refl_abc', 1_790_000_100, '{"name":"Zoë"}', [secret]);
  expect(headers).toEqual({
    'webhook-id': 'msg_refl_abc',
    'webhook-timestamp': '1790000100',
    'webhook-signature': 'v1,aqSbVlWky/hFxWH/Cfmlwfk1J0M8pg1JIvj0Ln6g8BI=',
  });
});
