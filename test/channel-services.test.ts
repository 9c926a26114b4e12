import { expect, test } from 'vitest';
import { createChannelServices } from '../src/channel-services.ts';

const never = () => {
  throw new Error('Nothing is asked while channels are set up.');
};

test('a wrong variable of a channel is named in the log, and its value is not', () => {
  const logged: object[] = [];
  const create = () =>
    createChannelServices({
      environment: { SLACK_SIGNING_SECRET: 'secret', DISCORD_PUBLIC_KEY: 'no-key-at-all' },
      accounts: { getByName: never, idFromName: never },
      directory: { getByName: never },
      runs: { read: never, rate: never },
      roster: never,
      randomBytes: never,
      fetch: never,
      now: never,
      chance: never,
      log: (entry) => logged.push(entry),
    });
  expect(create).toThrow('DISCORD_PUBLIC_KEY');
  expect(logged).toEqual([
    { level: 'error', event: 'channels.unconfigured', message: expect.stringContaining('DISCORD_PUBLIC_KEY') },
  ]);
  expect(JSON.stringify(logged)).not.toContain('no-key-at-all');
});
