/** What models write, as each platform shows it: nobody is called, nothing leads elsewhere, nothing is lost, and every message fits. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordMarkdown } from '../../src/channels/discord/markdown.ts';
import { readDocument } from '../../src/channels/document.ts';
import { renderDocument } from '../../src/channels/markup.ts';
import { mrkdwn } from '../../src/channels/slack/mrkdwn.ts';
import { splitDocument } from '../../src/channels/split.ts';
import { holds } from '../support/properties.ts';

const onSlack = (markdown: string): string => renderDocument(readDocument(markdown), mrkdwn);
const onDiscord = (markdown: string): string => renderDocument(readDocument(markdown), discordMarkdown);

describe('on Slack', () => {
  test.each([
    ['**bold** and *emphasis* and ~~gone~~', '*bold* and _emphasis_ and ~gone~'],
    ['# Heading\n\nText', '*Heading*\n\nText'],
    ['- a\n- b\n  - c', '• a\n• b\n   • c'],
    ['1. a\n2. b', '1. a\n2. b'],
    ['> said\n> so', '> said\n> so'],
    ['`code` here', '`code` here'],
    ['```js\nlet a = 1 < 2;\n```', '```\nlet a = 1 &lt; 2;\n```'],
    ['[text](https://example.org/a?b=1)', '<https://example.org/a?b=1|text>'],
    ['| a | b |\n|---|---|\n| 1 | 22222 |', '```\na   | b\n----|------\n1   | 22222\n```'],
    ['5 < 6 & 7 > 2', '5 &lt; 6 &amp; 7 &gt; 2'],
  ])('%j is shown as %j', (markdown, shown) => {
    expect(onSlack(markdown)).toBe(shown);
  });

  test.each([
    '<!channel>',
    '<!here|x>',
    '<@U0123ABC>',
    '<#C0123ABC>',
    '<!subteam^S1>',
    '&lt;!channel&gt;',
    '<https://evil.example|bank>',
  ])('%s calls nobody', (markdown) => {
    for (const text of [
      markdown,
      `**${markdown}**`,
      `[${markdown}](https://a.example)`,
      `\`${markdown}\``,
      `\`\`\`\n${markdown}\n\`\`\``,
    ])
      expect(onSlack(text)).not.toMatch(/<(?!https:\/\/a\.example\/\|)/);
  });
});

describe('on Discord', () => {
  test('a number at the beginning of a heading begins no list, and brings no backslash that is seen', () => {
    expect(renderDocument(readDocument('## 1. First\n\n1\\. Not a list.'), discordMarkdown)).toBe(
      '## 1\\. First\n\n1\\. Not a list.',
    );
  });

  test.each([
    ['**bold** and *emphasis* and ~~gone~~', '**bold** and *emphasis* and ~~gone~~'],
    ['#### Heading', '### Heading'],
    ['- a\n- b\n  - c', '- a\n- b\n   - c'],
    ['```js\nlet a;\n```', '```js\nlet a;\n```'],
    ['[text](https://example.org/a)', '[text](<https://example.org/a>)'],
  ])('%j is shown as %j', (markdown, shown) => {
    expect(onDiscord(markdown)).toBe(shown);
  });

  test.each(['@everyone', '@here', '<@123>', '<@&123>', '<#123>', '<:smile:123>', '</command:123>'])(
    '%s calls nobody',
    (markdown) => {
      const shown = onDiscord(`Say ${markdown} now`);
      expect(shown).not.toMatch(/@(?:everyone|here)/);
      expect(shown).not.toMatch(/(?<!\\)<[@#:/]/);
    },
  );
});

describe('a link', () => {
  test.each(['javascript:alert(1)', 'data:text/html,x', 'slack://open', 'discord://x', 'file:///etc/passwd'])(
    'to %s is no link',
    (url) => {
      expect(onSlack(`[a](${url})`)).toBe('a');
    },
  );

  test('that reads as one address and leads to another says both', () => {
    expect(onSlack('[bank.example](https://evil.example/x)')).toBe('bank.example (https://evil.example/x)');
    expect(onSlack('[https://bank.example/login](https://evil.example/)')).toContain('evil.example');
    expect(onSlack('[bank.example](https://bank.example/x)')).toBe('<https://bank.example/x|bank.example>');
  });

  test('to what is no host is text, and a backtick in an address opens no code', () => {
    expect(onSlack('\\[x](https://a.example)```\n')).not.toContain('<https');
    expect(onSlack('[x](https://a.example/`a`)')).toBe('<https://a.example/%60a%60|x>');
  });

  test('of an image is a link, since a client would fetch the image', () => {
    expect(onSlack('![chart](https://example.org/a.png)')).toBe('<https://example.org/a.png|chart>');
  });

  test('by reference leads where its definition says', () => {
    expect(onSlack('[a][one]\n\n[one]: https://example.org/')).toBe('<https://example.org/|a>');
  });
});

/** Words, marks, and what is made of both. */
const pieces = fc.constantFrom(
  'word',
  'and',
  '한국어',
  '😀',
  '**',
  '*',
  '_',
  '~~',
  '`',
  '```\n',
  '\n',
  '\n\n',
  '- ',
  '1. ',
  '> ',
  '# ',
  '| a | b |\n|---|---|\n| 1 | 2 |\n',
  '<!channel>',
  '<@U1>',
  '@everyone',
  '[x](https://a.example)',
  '&lt;',
  '<b>',
  '\\',
  ' ',
);
const markdown = fc.array(pieces, { maxLength: 120 }).map((parts) => parts.join(''));

describe.each([
  ['Slack', mrkdwn, 3_000],
  ['Slack', mrkdwn, 120],
  ['Discord', discordMarkdown, 2_000],
  ['Discord', discordMarkdown, 120],
] as const)('messages on %s', (_, markup, limit) => {
  test(`fit into ${limit} characters, close every fence, and keep every word in its order`, () => {
    holds(
      fc.property(markdown, (text) => {
        const messages = splitDocument(readDocument(text), markup, limit);
        const letters = (shown: string): string => shown.replaceAll(/[^\p{L}\p{N}]/gu, '').replaceAll(/amp|lt|gt/g, '');
        for (const message of messages) {
          expect(message.length).toBeLessThanOrEqual(limit);
          expect((message.split('```').length - 1) % 2).toBe(0);
        }
        expect(letters(messages.join('')).length).toBeGreaterThanOrEqual(
          letters(renderDocument(readDocument(text), markup)).length,
        );
      }),
    );
  });
});

test('a heading stands above what it is about, not at the end of a message', () => {
  const text = `${'First. '.repeat(10)}\n\n# Above\n\n## Below it\n\n${'Second. '.repeat(10)}`;
  const [first, second] = splitDocument(readDocument(text), mrkdwn, 140);
  expect(first).toMatch(/^First\..*First\.$/);
  expect(second).toMatch(/^\*Above\*\n\n\*Below it\*\n\nSecond\./);
});

test('a table that is too long goes on under the same head, and a row that is too wide goes on cell by cell', () => {
  const cell = 'word '.repeat(60).trim();
  const table = `| one | two |\n|---|---|\n${`| ${cell} | ${cell} |\n`.repeat(2)}`;
  const messages = splitDocument(readDocument(table), mrkdwn, 400);
  expect(messages.join('')).not.toContain('```');
  expect(messages.join(' ').match(/word/g)).toHaveLength(240);
  const narrow = splitDocument(readDocument(`| one | two |\n|---|---|\n${'| a | b |\n'.repeat(60)}`), mrkdwn, 400);
  for (const message of narrow) expect(message).toMatch(/^```\none \| two\n/);
});

test.each([
  ['quotes', `${'> '.repeat(20_000)}x`],
  ['lists', `${'- '.repeat(20_000)}x`],
  ['brackets', '['.repeat(50_000)],
  ['links', '[a]('.repeat(12_000)],
  ['emphasis', '*a '.repeat(16_000)],
  ['strong within strong', '**a '.repeat(12_000)],
  ['backticks', Array.from({ length: 300 }, (_, count) => '`'.repeat(count)).join(' ')],
  ['pipes', `${'|'.repeat(50_000)}\n${'|-'.repeat(25_000)}`],
  ['addresses', 'www.'.repeat(14_000)],
  ['at signs', 'a@'.repeat(25_000)],
])('%s without end are shown in bounded messages', (_, text) => {
  const messages = splitDocument(readDocument(text), mrkdwn, 3_000);
  expect(messages.every((message) => message.length <= 3_000)).toBe(true);
});
