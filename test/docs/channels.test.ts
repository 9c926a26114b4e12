/** The pages on channels name everything that the code has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pictures } from '../../docs/generate-pictures.ts';
import { channelVariables } from '../../src/channels/config.ts';
import { readWords } from '../../src/channels/slack/command-words.ts';
import { subscribedEvents } from '../../src/channels/slack/payloads.ts';
import { botScopes, optionalScopes } from '../../src/channels/slack/scopes.ts';

const root = join(import.meta.dirname, '../..');
const page = (name: string) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
const [slack, operations] = [page('slack'), page('operations')];

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
    const shown = [...slack.matchAll(/!\[[^\]]+\]\(pictures\/(slack-[a-z]+\.svg)\)/g)].map(([, name]) => name);
    const drawn = [...(await pictures()).keys()].filter((name) => name.startsWith('slack-'));
    expect(new Set(shown)).toEqual(new Set(drawn));
  });

  test('names commands that are understood', () => {
    const commands = [...slack.matchAll(/`\/reflect ([^`]+)`/g)].map(([, words = '']) => words);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((words) => !['settings', 'usage'].includes(readWords(words).type))).toEqual([]);
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
