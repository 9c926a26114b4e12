/** What Discord gets for everything that it sends: at once, and nothing for whoever is not Discord. */
import { describe, expect, test } from 'vitest';
import { defaultSettings, type Question, type RoomSettings, type Workspace } from '../../../src/channels/channel.ts';
import { discordPath, discordRoutes } from '../../../src/channels/discord/routes.ts';
import { AppError, errorKinds } from '../../../src/errors.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import { DiscordDouble } from '../../support/discord-double.ts';
import { clickInteraction, malformedBodies, places } from '../../support/discord-interactions.ts';
import { DiscordSender, type Forgery, forgeries } from '../../support/discord-sender.ts';
import { request, run, tools } from '../../support/reflections.ts';
import { scriptedModel } from '../../support/scripted-model.ts';
import { anna, application } from './discord-world.ts';

const { record } = await run(request({ include: ['draft'] }), tools(scriptedModel(['The sky is blue.'])));
const url = `https://reflection.example${discordPath}`;

async function world({ read, isBusy = false }: { read: Reflection | undefined; isBusy?: boolean } = { read: record }) {
  const now = () => 1_800_000_000_000;
  const asked: Question[] = [];
  const calls: unknown[][] = [];
  let settings: RoomSettings = defaultSettings;
  const noted =
    <Result>(name: string, result: (workspace: Workspace, ...rest: readonly unknown[]) => Result) =>
    async (workspace: Workspace, ...rest: readonly unknown[]) => {
      calls.push([name, workspace.id, ...rest]);
      return result(workspace, ...rest);
    };
  const workspaces = {
    ask: async (question: Question) => {
      if (isBusy) throw new AppError('upstream_busy', 'The account cannot be asked.');
      asked.push(question);
    },
    stop: noted('stop', (_, __, member) => member === anna),
    read: noted('read', () => read),
    rate: noted('rate', () => read !== undefined),
    settings: noted('settings', () => settings),
    changeSettings: async (_: Workspace, __: string, change: Partial<RoomSettings>) => {
      settings = { ...settings, ...change };
      return settings;
    },
  };
  const double = new DiscordDouble({ now, application, botToken: 'secret', channels: [] });
  const app = () =>
    discordRoutes({ workspaces, publicKey: sender.publicKey, now, log: () => undefined }).onError((error, context) =>
      context.body(null, error instanceof AppError ? errorKinds[error.code].status : 500),
    );
  const deliver = async (sent: Request) => app().fetch(sent);
  const sender: DiscordSender = await DiscordSender.create({ now, application, double, url, deliver });
  const click = (customId: string, user = anna) => {
    const origin = { application, id: double.messages.snowflake(), token: `t${user}`, user, place: places.guild };
    const message = double.messages.create(
      { content: '…', allowed_mentions: { parse: [] } },
      { channel: places.guild.channel, onlyFor: null },
    );
    return sender.send(clickInteraction(origin, double.messages.json(message), customId));
  };
  return { sender, double, asked, calls, click };
}

const names = Object.keys(forgeries).filter((name): name is Forgery => name in forgeries);
const dataOf = (body: string) => JSON.parse(body).data;

describe('what is not Discord’s', () => {
  test.each(names)('is refused and starts nothing: %s', async (forgery) => {
    const { sender, asked } = await world();
    const sent = await sender.sendForged(sender.reflect(anna, places.guild, { prompt: 'Why?' }), forgery);
    expect([sent.status, asked]).toEqual([401, []]);
  });

  test('is refused unread where it is too large', async () => {
    const { sender, asked } = await world();
    expect((await sender.sendText('x'.repeat(1_048_577))).status).toBe(413);
    expect(asked).toEqual([]);
  });
});

test('a ping is answered by its like', async () => {
  const { sender } = await world();
  expect(await sender.send(sender.ping())).toMatchObject({ failure: null, body: '{"type":1}' });
});

test.each(Object.entries(malformedBodies))('what means nothing is told so: %s', async (_, body) => {
  const { sender, asked } = await world();
  const answer = await sender.sendText(body);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ type: 4, data: { flags: 64, content: 'I do not know this.' } });
  expect(asked).toEqual([]);
});

describe('a question', () => {
  test.each([
    ['guild', false, places.guild.guild],
    ['guild', true, places.guild.guild],
    ['botMessages', false, `user:${anna}`],
  ] as const)('in %s, private: %s, is taken by %s', async (place, isPrivate, workspace) => {
    const { sender, asked } = await world();
    const sent = await sender.send(sender.reflect(anna, places[place], { prompt: 'Why?', private: isPrivate }));
    expect(sent).toMatchObject({
      failure: null,
      body: JSON.stringify({ type: 5, data: { flags: isPrivate ? 64 : 0 } }),
    });
    expect(asked).toMatchObject([
      { workspace: { channel: 'discord', id: workspace }, id: sent.interaction.id, member: anna },
    ]);
  });

  test('that cannot be taken is told to its asker alone', async () => {
    const { sender, double } = await world({ read: record, isBusy: true });
    expect(await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }))).toMatchObject({ failure: null });
    expect(double.messages.onlyFor(anna)[0]?.content).toMatch(/^Sorry/);
    expect(double.messages.in(places.guild.channel)).toEqual([]);
  });
});

describe('a click', () => {
  test('stops what the same person asked for', async () => {
    const { click } = await world();
    expect(await click('v1:stop:refl_1')).toMatchObject({ failure: null, body: '{"type":6}' });
    const other = await click('v1:stop:refl_1', '1400000000000000005');
    expect(dataOf(other.body)).toMatchObject({ flags: 64, content: expect.stringContaining('Only who asked') });
  });

  test('shows how an answer came about', async () => {
    const shown = await (await world()).click('v1:show:refl_test');
    expect(shown.failure).toBeNull();
    expect(dataOf(shown.body)).toMatchObject({ flags: 64, content: expect.stringContaining('The sky is blue') });
  });

  test.each([
    ['v1:show:refl_1', undefined, /not stored/],
    ['v1:rest.1:refl_1', undefined, /not stored/],
    ['v1:up:refl_1', undefined, /not stored/],
    ['v1:show:refl_1', { ...record, status: 'running' }, /still going on/],
    ['v1:rest.9:refl_1', record, /nothing more/],
    ['v1:down:refl_1', record, /Thanks, noted/],
  ] as const)('on %s is answered in words', async (customId, read, words) => {
    const { click } = await world({ read });
    const { failure, body } = await click(customId);
    expect(failure).toBeNull();
    expect(dataOf(body)).toMatchObject({ flags: 64, content: expect.stringMatching(words) });
  });
});

test('settings are told and changed', async () => {
  const { sender } = await world();
  const { interaction } = await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }));
  const asking = async (options: readonly object[]) => {
    const data = { id: '1', name: 'reflect-settings', type: 1, options };
    const answer = await sender.sendText(JSON.stringify({ ...interaction, data }));
    return answer.text();
  };
  expect(await asking([])).toContain('Answers are on here: the usual tier, in the language of the question.');
  expect(await asking([{ name: 'on', type: 5, value: false }])).toContain('Answers are off here: the usual tier');
  expect(await asking([{ name: 'language', type: 3, value: 'Korean' }])).toContain('in Korean.');
});
