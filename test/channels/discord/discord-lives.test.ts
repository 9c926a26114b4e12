/** A thousand lives in which Discord, the network and the account's object fail at any moment: exactly one answer to each question, none lost silently. */
import { expect, test } from 'vitest';
import type { Bug } from '../bugs.ts';
import { discordLife } from './discord-life.ts';

const lives = 1_000;

test(`each question has exactly one answer in ${lives} lives, and all that can go wrong goes wrong in them`, {
  timeout: 600_000,
}, async () => {
  const happened = new Set<string>();
  const broken: string[] = [];
  let unacknowledged = 0;
  for (let seed = 1; seed <= lives; seed += 1) {
    const life = await discordLife(seed);
    if (life.broken.length > 0) broken.push(`seed ${seed}: ${life.broken.join('; ')}`);
    for (const { isPrivate, stopped, acknowledged, place } of life.asked) {
      happened.add(isPrivate ? 'private' : 'public').add(`asked by ${place.installedBy}`);
      if (stopped) happened.add('stopped');
      if (!acknowledged) unacknowledged += 1;
    }
    for (const { route, fault } of life.double.calls) {
      if (fault) happened.add(`${route} ${fault.type}${'when' in fault ? ` ${fault.when}` : ''}`);
      else happened.add(String(route));
    }
    for (const { event } of life.world.log) happened.add(event);
  }
  expect(broken.join('\n')).toBe('');
  // Two losses in a row, within one question's few milliseconds.
  expect(unacknowledged).toBeLessThan(10);
  const faults = ['error before', 'error after', 'silence before', 'silence after', 'reset before', 'reset after'];
  const refusals = ['rate limit', 'block page'];
  const expected = [
    ...['private', 'public', 'stopped', 'asked by guild', 'asked by user', 'asked by both'],
    ...['PATCH /webhooks/:app/:token/messages/@original', 'POST /webhooks/:app/:token'].flatMap((route) =>
      [...faults, ...refusals].map((fault) => `${route} ${fault}`),
    ),
    ...['POST /channels/:channel/messages', 'GET /channels/:channel/messages', 'discord.answer_refused'],
    ...['place.lost', 'run.resumed', 'outbox.undelivered'],
  ];
  expect(expected.filter((what) => !happened.has(what))).toEqual([]);
});

const bugs = {
  'forgets what it posted': { isForgetful: true },
  'leaves an answer that was not taken': { givesUp: true },
} as const satisfies Record<string, Bug>;

test.for(Object.entries(bugs))('a service that %s is seen to', { timeout: 120_000 }, async ([_, bug]) => {
  let seen = 0;
  for (let seed = 1; seed <= 300 && seen === 0; seed += 1) seen += (await discordLife(seed, bug)).broken.length;
  expect(seen).toBeGreaterThan(0);
});
