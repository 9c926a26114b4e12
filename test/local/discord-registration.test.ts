/** Registering Discord's commands against its double: one line for every way in which it can end, and no secret in any. */
import { describe, expect, test } from 'vitest';
import { registerCommands } from '../../local/discord-registration.ts';
import { commands } from '../../src/channels/discord/commands.ts';
import { DiscordDouble } from '../support/discord-double.ts';
import type { Fault } from '../support/discord-faults.ts';

const application = '1000000000000000000';
const guild = '1300000000000000001';
const variables = { DISCORD_APPLICATION_ID: application, DISCORD_BOT_TOKEN: 'secret' };

function world(fault?: Fault) {
  const faults = fault ? [{ route: 'PUT /applications/:app/commands', call: 1, fault } as const] : [];
  const now = () => 1_800_000_000_000;
  const double = new DiscordDouble({ now, application, botToken: 'secret', channels: [], faults });
  const register = (words: readonly string[] = [], environment: Readonly<Record<string, string>> = variables) =>
    registerCommands(words, environment, (url, init) => double.fetch(new Request(url, init)));
  return { double, register };
}

describe('the commands', () => {
  test('are registered everywhere', async () => {
    const { double, register } = world();
    expect(await register()).toMatch(/^Registered reflect, Reflect on this, reflect-settings everywhere/);
    expect(double.commands).toEqual(commands);
    expect(double.calls.map(({ route }) => route)).toEqual(['PUT /applications/:app/commands']);
  });

  test('are registered in one server', async () => {
    const { double, register } = world();
    expect(await register(['--guild', guild])).toContain(`in the server ${guild}`);
    expect(double.calls.map(({ route }) => route)).toEqual(['PUT /applications/:app/guilds/:guild/commands']);
  });

  test('may be registered at another address', async () => {
    const { double, register } = world();
    await register([], { ...variables, DISCORD_API_URL: 'http://127.0.0.1:9999/' });
    expect(double.commands).toEqual(commands);
  });
});

describe('a line says what is wrong', () => {
  const settings: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
    ['without an application', [], { DISCORD_BOT_TOKEN: 'secret' }, /^DISCORD_APPLICATION_ID is not set/],
    ['without a token', [], { ...variables, DISCORD_BOT_TOKEN: ' ' }, /^DISCORD_BOT_TOKEN is not set/],
    ['with a wrong token', [], { ...variables, DISCORD_BOT_TOKEN: 'other' }, /does not know DISCORD_BOT_TOKEN/],
    ['with a token of several lines', [], { ...variables, DISCORD_BOT_TOKEN: 'a\nb' }, /^DISCORD_BOT_TOKEN/],
    ['with another application', [], { ...variables, DISCORD_APPLICATION_ID: '1000000000000000009' }, /no access/],
    ['with a name for an id', [], { ...variables, DISCORD_APPLICATION_ID: 'mine/../x' }, /17 to 20 digits/],
    ['with a name for a server', ['--guild', 'mine'], variables, /^--guild is a number/],
    ['with an unknown word', ['--server', '1'], variables, /Usage:/],
    ['with a word too many', ['all'], variables, /Usage:/],
    ['with no web address', [], { ...variables, DISCORD_API_URL: 'discord.com' }, /^DISCORD_API_URL is no web/],
  ];

  test.each(settings)('%s', async (_, words, environment, line) => {
    const failed = world().register(words, environment);
    await expect(failed).rejects.toThrow(line);
    await expect(failed).rejects.not.toThrow(/secret|\n/);
  });

  test.each([
    [{ type: 'error', status: 502, when: 'before' }, /try again, which does no harm/],
    [{ type: 'reset', when: 'after' }, /try again, which does no harm/],
    [{ type: 'rate limit', afterMs: 2_100, scope: 'user' }, /try again in 3 s/],
    [{ type: 'block page', status: 403 }, /try again in 15 s/],
  ] as const satisfies readonly (readonly [Fault, RegExp])[])('after %j', async (fault, line) => {
    await expect(world(fault).register()).rejects.toThrow(line);
  });
});
