/** A request of Slack's: signed, and sent again when it was not acknowledged. https://docs.slack.dev/apis/events-api#retries */
import { createHmac, createSecretKey } from 'node:crypto';
import { hexadecimalOf } from '../../src/encoding.ts';

/** Why Slack sends an event again: after a moment, a minute, and five. */
export type RetryReason =
  | 'http_timeout'
  | 'too_many_redirects'
  | 'connection_failed'
  | 'ssl_error'
  | 'http_error'
  | 'unknown_error';

/** One thing that Slack tells, as often as it tells it. */
export class SlackDelivery {
  readonly body: string;
  readonly #url: string;
  readonly #contentType: string;
  readonly #signed: (body: string) => Readonly<Record<string, string>>;

  constructor(
    url: string,
    contentType: string,
    body: string,
    signed: (body: string) => Readonly<Record<string, string>>,
  ) {
    this.#url = url;
    this.#contentType = contentType;
    this.body = body;
    this.#signed = signed;
  }

  /** Signed at the time that it is asked for. */
  request(headers: Readonly<Record<string, string>> = {}): Request {
    const all = { 'content-type': this.#contentType, ...this.#signed(this.body), ...headers };
    return new Request(this.#url, { method: 'POST', headers: all, body: this.body });
  }

  /** `attempt`: 1 to 3. */
  retry(attempt: 1 | 2 | 3, reason: RetryReason): Request {
    return this.request({ 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': reason });
  }
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(body: string, signingSecret: string, nowMs: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const hmac = createHmac('sha256', createSecretKey(signingSecret, 'utf8'));
  const signature = hmac.update(`v0:${timestamp}:${body}`).digest();
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hexadecimalOf(signature)}` };
}
