/** Who is taken for Slack: whoever knows the signing secret, within five minutes, and nobody else. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFromSlack } from '../../../src/channels/slack/signature.ts';

const utf8 = new TextEncoder();

/** The example of Slack's own documentation. */
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const nowMs = Number(documented.timestamp) * 1_000;

function taken(change: { timestamp?: string; signature?: string; body?: string; nowMs?: number } = {}): boolean {
  const { timestamp, signature, body, ...when } = { ...documented, nowMs, ...change };
  const headers = new Headers({ 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature });
  return isFromSlack({ headers, body: utf8.encode(body) }, documented.secret, when.nowMs);
}

function signed(timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', documented.secret).update(`v0:${timestamp}:${body}`).digest().toString('hex')}`;
}

test('the example of the documentation is', () => {
  expect(taken()).toBe(true);
});

test('a body with letters beyond ASCII is', () => {
  const body = '{"text":"세 문장으로 😀"}';
  expect(taken({ body, signature: signed(documented.timestamp, body) })).toBe(true);
});

describe('nobody is with', () => {
  const { signature, body } = documented;
  test.each([
    ['a flipped letter', { signature: signature.replace('a2', 'a3') }],
    ['a cut signature', { signature: signature.slice(0, -2) }],
    ['a longer signature', { signature: `${signature}00` }],
    ['capital letters', { signature: signature.toUpperCase() }],
    ['another version', { signature: signature.replace('v0', 'v1') }],
    ['no hexadecimal signature', { signature: `v0=${'zz'.repeat(32)}` }],
    ['an empty signature', { signature: '' }],
    ['another body', { body: `${body}&a=1` }],
    ['the same parameters in another spelling', { body: body.replaceAll('%2F', '/') }],
    ['another timestamp', { timestamp: '1531420619' }],
  ])('%s', (_, change) => {
    expect(taken(change)).toBe(false);
  });

  test.each(['abc', '', '-1', '1e9', ' 1531420618', '1531420618.5', '9'.repeat(20)])(
    'the timestamp %j, though it is signed',
    (timestamp) => {
      expect(taken({ timestamp, signature: signed(timestamp, body) })).toBe(false);
    },
  );

  test('a request of more than five minutes ago, or from so far in the future', () => {
    expect(taken({ nowMs: nowMs + 300_000 })).toBe(true);
    expect(taken({ nowMs: nowMs + 301_000 })).toBe(false);
    expect(taken({ nowMs: nowMs - 300_000 })).toBe(true);
    expect(taken({ nowMs: nowMs - 301_000 })).toBe(false);
  });

  test('no headers', () => {
    expect(isFromSlack({ headers: new Headers(), body: utf8.encode(body) }, documented.secret, nowMs)).toBe(false);
  });
});
