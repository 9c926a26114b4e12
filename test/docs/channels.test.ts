/** The pages on channels name everything that the code has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pictures } from '../../docs/generate-pictures.ts';
import { channelVariables } from '../../src/channels/config.ts';
import { commands } from '../../src/channels/discord/commands.ts';
import { readWords } from '../../src/channels/slack/command-words.ts';
import { subscribedEvents } from '../../src/channels/slack/payloads.ts';
import { botScopes, optionalScopes } from '../../src/channels/slack/scopes.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
const [slack, discord, operations] = [page('slack'), page('discord'), page('operations')];

const shownIn = (text: string) =>
  new Set([...text.matchAll(/!\[[^\]]+\]\(pictures\/([a-z-]+\.svg)\)/g)].map(([, name]) => name));
const drawnFor = async (channel: string) =>
  new Set([...(await pictures()).keys()].filter((name) => name.startsWith(`${channel}-`)));

describe('the page on Slack', () => {
  test.each(Object.entries(botScopes))('says what %s is for', (scope, purpose) => {
    expect(slack).toContain(`| \`${scope}\` | ${purpose.replaceAll('/reflect', '`/reflect`')}`);
  });

  test.each(optionalScopes)('says that %s may be left out', (scope) => {
    expect(slack).toMatch(new RegExp(`^\\| \`${scope}\` .*may leave it out`, 'm'));
  });

  test.each(subscribedEvents)('names the event %s', (event) => {
    expect(slack).toContain(`\`${event}\``);
  });

  test('shows every picture of Slack', async () => {
    expect(shownIn(slack)).toEqual(await drawnFor('slack'));
  });

  test('names commands that are understood', () => {
    const named = [...slack.matchAll(/`\/reflect ([^`]+)`/g)].map(([, words = '']) => words);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((words) => !['settings', 'usage'].includes(readWords(words).type))).toEqual([]);
  });
});

describe('the page on Discord', () => {
  test.each(
    commands.flatMap((command) => [
      command.name,
      ...('options' in command ? command.options : []).map(({ name }) => name),
    ]),
  )('names %s', (name) => {
    expect(discord).toMatch(new RegExp(`[\`*/ ]${name}[\`* :]`));
  });

  test('shows every picture of Discord', async () => {
    expect(shownIn(discord)).toEqual(await drawnFor('discord'));
  });

  test('quotes what people are told', () => {
    const quoted = [...discord.matchAll(/“((?:Only who|This answer|I do not|Sorry, this)[^”]*)”/g)].map(
      ([, words]) => words,
    );
    const routes = readFileSync(join(root, 'src/channels/discord/routes.ts'), 'utf8');
    expect(quoted).toHaveLength(4);
    expect(quoted.filter((words) => !routes.includes(`'${words}'`))).toEqual([]);
  });
});

describe('the page on operation', () => {
  test.each(channelVariables)('names the variable %s', (name) => {
    expect(operations).toContain(`\`${name}\``);
  });

  test('names whatever channels log', () => {
    const folder = join(root, 'src/channels');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const logged = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/'((?:question|slack|discord|channels?)\.[a-z_]+)'/g)].map(
        ([, event]) => event,
      ),
    );
    expect(logged.length).toBeGreaterThan(8);
    expect(logged.filter((event) => !operations.includes(`\`${event}\``))).toEqual([]);
  });
});
