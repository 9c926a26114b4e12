/** A thousand lives in which Slack, the network and the account's object fail at any moment: exactly one answer to each question, none lost. */
import { expect, test } from 'vitest';
import type { Bug } from '../bugs.ts';
import { type SlackLife, slackLife } from './slack-life.ts';

const lives = 1_000;

async function livesFrom(first: number, count: number): Promise<readonly (SlackLife & { readonly seed: number })[]> {
  const lived: (SlackLife & { readonly seed: number })[] = [];
  for (let seed = first; seed < first + count; seed += 1) lived.push({ ...(await slackLife(seed)), seed });
  return lived;
}

test(`each question has exactly one answer in ${lives} lives, and all that can go wrong goes wrong in them`, {
  timeout: 600_000,
}, async () => {
  const happened = new Set<string>();
  const broken: string[] = [];
  for (let first = 1; first <= lives; first += 100) {
    for (const life of await livesFrom(first, 100)) {
      if (life.broken.length > 0) broken.push(`seed ${life.seed}: ${life.broken.join('; ')}`);
      for (const { way, acknowledged, stopped } of life.asked) {
        expect(acknowledged).toBe(true);
        happened.add(stopped ? 'stopped' : way);
      }
      for (const { target, fault, accepted } of life.double.calls) {
        if (fault !== null) happened.add(`${target} ${fault} ${accepted ? 'after' : 'before'}`);
      }
      for (const { event } of life.world.log) happened.add(event);
    }
  }
  expect(broken.join('\n')).toBe('');
  const places = ['chat.postMessage', 'chat.update', 'chat.startStream', 'chat.appendStream', 'chat.stopStream'];
  const faults = [
    'status before',
    'status after',
    'silence after',
    'broken after',
    'rate_limited before',
    'error before',
  ];
  const expected = [
    ...['mention', 'thread', 'direct', 'command', 'shortcut', 'stranger shortcut', 'stopped'],
    ...places.flatMap((place) => faults.map((fault) => `${place} ${fault}`)),
    ...['conversations.replies status before', 'response_url status after', 'response_url broken before'],
    ...['place.lost', 'run.resumed', 'outbox.undelivered', 'place.alarm again'],
  ];
  expect(expected.filter((what) => !happened.has(what))).toEqual([]);
});

const bugs = {
  'posts again without looking whether it did': { isBlind: true },
  'forgets what it posted': { isForgetful: true },
  'leaves an answer that was not taken': { givesUp: true },
} as const satisfies Record<string, Bug>;

test.for(Object.entries(bugs))('a service that %s is seen to', { timeout: 120_000 }, async ([_, bug]) => {
  let seen = 0;
  for (let seed = 1; seed <= 300 && seen === 0; seed += 1) seen += (await slackLife(seed, bug)).broken.length;
  expect(seen).toBeGreaterThan(0);
});
