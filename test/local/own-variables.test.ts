import { expect, test } from 'vitest';
import { channelsIn } from '../../local/own-variables.ts';

test('takes the variables of channels and no others', () => {
  const own = {
    SLACK_SIGNING_SECRET: 's',
    SLACK_BOT_TOKEN: '',
    HOME: '/home/somebody',
    DISCORD_PUBLIC_KEY: 'ab'.repeat(32),
  };
  const { set, config } = channelsIn(own);
  expect(set).toEqual({ SLACK_SIGNING_SECRET: 's', DISCORD_PUBLIC_KEY: 'ab'.repeat(32) });
  expect(config.slack?.signingSecret).toBe('s');
  expect(config.discord?.publicKey).toBe('ab'.repeat(32));
});

test('says in one line which variable is wrong, before anything is started', () => {
  expect(() => channelsIn({ DISCORD_PUBLIC_KEY: 'x' })).toThrow(
    'The channels are not configured. DISCORD_PUBLIC_KEY: expected 64 hexadecimal digits',
  );
});
