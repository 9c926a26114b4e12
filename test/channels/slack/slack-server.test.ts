/** The double behind a server: what a Worker on a laptop talks to. */
import { afterEach, expect, test } from 'vitest';
import type { SlackFault } from '../../support/slack-faults.ts';
import { serveSlack } from './slack-server.ts';
import { channel, slackWorld, token } from './slack-world.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function posting(faults: readonly SlackFault[] = []) {
  const { double, messages } = slackWorld({ faults });
  const server = await serveSlack(double);
  open.push(server);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ channel, text: 'Ça va? 😀' }).toString();
  const post = (signal?: AbortSignal) =>
    fetch(`${server.origin}/api/chat.postMessage`, { method: 'POST', headers, body, ...(signal && { signal }) });
  return { post, messages };
}

test('a call over a connection is answered as any other', async () => {
  const { post, messages } = await posting();
  expect(await (await post()).json()).toMatchObject({ ok: true, channel });
  expect(messages.inChannel(channel)).toMatchObject([{ text: 'Ça va? 😀' }]);
});

test('a connection breaks after the call was taken', async () => {
  const { post, messages } = await posting([{ on: 'chat.postMessage', answer: 'broken', when: 'after' }]);
  await expect(post()).rejects.toThrow('fetch failed');
  expect(messages.inChannel(channel)).toHaveLength(1);
});

test('a silence ends with the caller', async () => {
  const { post, messages } = await posting([{ on: 'chat.postMessage', answer: 'silence', when: 'before' }]);
  const leaving = new AbortController();
  const left = expect(post(leaving.signal)).rejects.toThrow('aborted');
  leaving.abort();
  await left;
  expect(messages.inChannel(channel)).toEqual([]);
});
