/** Whether a request comes from Slack. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, createSecretKey } from 'node:crypto';
import { equalInConstantTime, hexadecimalOf } from '../../encoding.ts';

/** An older request, or one from the future, may have been recorded. In seconds. */
const longestAway = 300;

interface SignedRequest {
  readonly headers: Headers;
  /** As it came: a body that was parsed and written again has another signature. */
  readonly body: Uint8Array;
}

/** `nowMs`: epoch milliseconds. Constant in time for whatever the signature is. */
export function isFromSlack({ headers, body }: SignedRequest, signingSecret: string, nowMs: number): boolean {
  const timestamp = headers.get('x-slack-request-timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > longestAway) return false;
  const [, signature] = /^v0=([0-9a-f]{64})$/.exec(headers.get('x-slack-signature') ?? '') ?? [];
  if (signature === undefined) return false;
  const expected = createHmac('sha256', createSecretKey(signingSecret, 'utf8'))
    .update(`v0:${timestamp}:`)
    .update(body)
    .digest();
  const utf8 = new TextEncoder();
  return equalInConstantTime(utf8.encode(hexadecimalOf(expected)), utf8.encode(signature));
}
