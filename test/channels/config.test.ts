import { expect, test } from 'vitest';
import { parseChannelConfig } from '../../src/channels/config.ts';

test('has no channel without variables, and empty ones count as unset', () => {
  const none = { memberRequestsPerMinute: 10, slack: null, discord: null };
  expect(parseChannelConfig({})).toEqual(none);
  expect(parseChannelConfig({ SLACK_SIGNING_SECRET: '', DISCORD_PUBLIC_KEY: '', SLACK_API_URL: '' })).toEqual(none);
});

test('reads each channel from its own variables', () => {
  const slack = { SLACK_SIGNING_SECRET: 'secret', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_API_URL: 'http://localhost:1/api/' };
  expect(parseChannelConfig({ ...slack, MEMBER_REQUESTS_PER_MINUTE: '3' })).toEqual({
    memberRequestsPerMinute: 3,
    slack: { url: 'http://localhost:1/api', signingSecret: 'secret', botToken: 'xoxb-1', install: null },
    discord: null,
  });
  expect(parseChannelConfig({ DISCORD_PUBLIC_KEY: 'ab'.repeat(32) }).discord).toEqual({
    url: 'https://discord.com/api/v10',
    publicKey: 'ab'.repeat(32),
    botToken: null,
  });
});

test('lets workspaces install it where all that this takes is set', () => {
  const tokenKey = btoa('k'.repeat(32));
  const all = {
    SLACK_SIGNING_SECRET: 's',
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'c',
    CHANNEL_TOKEN_KEY: tokenKey,
  };
  expect(parseChannelConfig(all).slack?.install).toEqual({ clientId: '1.2', clientSecret: 'c', tokenKey });
  expect(parseChannelConfig({ ...all, SLACK_CLIENT_SECRET: '' }).slack?.install).toBeNull();
});

test('takes no white space around what was pasted for a part of it, and refuses it within', () => {
  const set = {
    SLACK_SIGNING_SECRET: ' secret\n',
    SLACK_BOT_TOKEN: 'xoxb-1\r\n',
    DISCORD_PUBLIC_KEY: `${'ab'.repeat(32)}\n`,
  };
  expect(parseChannelConfig(set)).toMatchObject({
    slack: { signingSecret: 'secret', botToken: 'xoxb-1' },
    discord: { publicKey: 'ab'.repeat(32) },
  });
  expect(() => parseChannelConfig({ ...set, SLACK_BOT_TOKEN: 'xoxb 1' })).toThrow(/SLACK_BOT_TOKEN: expected/);
  expect(() => parseChannelConfig({ ...set, DISCORD_BOT_TOKEN: 'a\nb' })).toThrow(/DISCORD_BOT_TOKEN: expected/);
});

test('names each wrong variable and repeats no value', () => {
  const wrong = {
    CHANNEL_TOKEN_KEY: 'short-secret',
    DISCORD_PUBLIC_KEY: 'no-digits',
    SLACK_API_URL: 'ftp://secret',
    MEMBER_REQUESTS_PER_MINUTE: '0',
  };
  expect(() => parseChannelConfig(wrong)).toThrow(
    /CHANNEL_TOKEN_KEY: expected 32 bytes.*DISCORD_PUBLIC_KEY: expected 64.*MEMBER_REQUESTS_PER_MINUTE: expected a number/,
  );
  expect(() => parseChannelConfig(wrong)).toThrow(/SLACK_API_URL: expected an http/);
  expect(() => parseChannelConfig(wrong)).not.toThrow(/short-secret|no-digits/);
});
