/** What is sent to Slack of a run, held against the limits that the double knows. */
import { describe, expect, test } from 'vitest';
import { noProgress, type Progress } from '../../../src/channels/progress.ts';
import { ended, endedEphemeral, goingOn } from '../../../src/channels/slack/blocks.ts';
import { type SlackContent, textOfSection } from '../../../src/channels/slack/content.ts';
import { reflectionView } from '../../../src/channels/slack/modal.ts';
import { emptyFold } from '../../../src/reflection/fold.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import { refusalOfBlocks } from '../../support/slack-blocks.ts';
import { refusalOfView } from '../../support/slack-validation.ts';

function record(part: Partial<Reflection>): Reflection {
  return {
    ...emptyFold.record,
    id: 'refl_1',
    status: 'completed',
    decision: 'kept_draft_pass',
    finish_reason: 'stop',
    ...part,
  };
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

/** Answers that are hard to show, by what is hard about them. */
const answers: Readonly<Record<string, string>> = {
  'of one word': 'Yes.',
  'of nothing': '',
  'of white space': ' \n\n \t',
  'of many words': words(9_000),
  'of one endless word': 'x'.repeat(40_000),
  'of signs that are written in more letters': '<&>"\\'.repeat(6_000),
  'of control characters': '\u0000\u0001\u001b'.repeat(4_000),
  'of halves of letters': '\ud83d'.repeat(5_000),
  'of emoji': '👩‍👩‍👧'.repeat(3_000),
  'of a long program': `\`\`\`python\n${'print("hello")\n'.repeat(2_000)}\`\`\``,
  'of a long table': `| a | b |\n|---|---|\n${'| x | y |\n'.repeat(1_500)}`,
  'of many short paragraphs': 'Yes.\n\n'.repeat(800),
  'of mentions': '<!channel> <@U0001> @here [a](https://example.com) ![b](https://example.com/b.png)',
};
const states: readonly Pick<Reflection, 'status'>[] = [{ status: 'completed' }, { status: 'cancelled' }];

const shownBy = (content: SlackContent) => JSON.stringify(content.blocks);

describe.each(Object.entries(answers))('an answer %s', (_, output) => {
  test.each(states)('is shown within the limits of messages when the run is $status', ({ status }) => {
    const contents = [...ended(record({ status, output })), endedEphemeral(record({ status, output }))];
    for (const { text, blocks } of contents) {
      expect(refusalOfBlocks(blocks)).toBeNull();
      expect(text.trim()).not.toBe('');
      expect(text.length).toBeLessThanOrEqual(4_000);
    }
  });

  test('is shown within the limits of views', () => {
    expect(refusalOfView(reflectionView(record({ output, draft: output, diff: output })), 'modal')).toBeNull();
  });

  test('is shown as a draft within the limits of messages', () => {
    const progress: Progress = { ...noProgress, text: output };
    expect(refusalOfBlocks(goingOn(progress, 'refl_1').blocks)).toBeNull();
  });

  test('brings no mention along', () => {
    const shown = [...ended(record({ output })), goingOn({ ...noProgress, text: output }, 'refl_1')]
      .map(shownBy)
      .join();
    expect(shown).not.toMatch(/<[!@#]/);
  });
});

test('every word of a long answer is shown once, in order', () => {
  const parts = ended(record({ output: words(8_000) }));
  expect(parts.length).toBeGreaterThan(3);
  const shown = parts.flatMap(({ blocks }) => blocks.flatMap((block) => textOfSection(block) ?? []));
  expect(shown.join(' ').trim().split(/\s+/)).toEqual(words(8_000).split(' '));
});

test('the first message has the verdict and the buttons, and the others say which part they are', () => {
  const [first, ...rest] = ended(record({ output: words(3_000) }));
  expect(shownBy(first)).toContain('Kept as drafted: nothing wrong was found.');
  expect(shownBy(first)).toContain(`Part 1 of ${rest.length + 1}.`);
  expect(shownBy(first)).toContain('"value":"up:refl_1"');
  for (const [index, part] of rest.entries()) {
    expect(shownBy(part)).toContain(`Part ${index + 2} of ${rest.length + 1}.`);
    expect(shownBy(part)).not.toContain('button');
  }
});

test('an answer that takes too many messages goes on in "Show reflection"', () => {
  const long = record({ output: words(12_500) });
  const parts = ended(long);
  expect(parts).toHaveLength(10);
  expect(shownBy(parts[0])).toContain('“Show reflection” has all of it');
  expect(JSON.stringify(reflectionView(long)).includes('word12499')).toBe(true);
});

test('an answer to a command that is cut says where it goes on', () => {
  expect(shownBy(endedEphemeral(record({ output: words(3_000) })))).toContain('“Show reflection” has all of it');
  expect(shownBy(endedEphemeral(record({ output: words(30) })))).not.toContain('“Show reflection” has all of it');
});

test('only an answer can be rated', () => {
  const failed = record({ status: 'failed', decision: null, error: { code: 'upstream_busy', message: 'busy' } });
  expect(shownBy(ended(failed)[0])).toContain('reflection_show');
  expect(shownBy(ended(failed)[0])).not.toContain('feedback');
});

test('a run that goes on shows its steps, its draft as a draft and a way to stop it', () => {
  const progress: Progress = {
    title: 'Checking',
    steps: [
      { id: 'draft', title: 'Draft', status: 'done', detail: null },
      { id: 'check', title: 'Check', status: 'running', detail: '2 of 3 checks passed' },
      { id: 'critique', title: 'Second look', status: 'pending', detail: null },
    ],
    text: 'The *sky* is green.',
    isOver: false,
  };
  const { text, blocks } = goingOn(progress, 'refl_1');
  expect(text).toBe('Checking…');
  expect(blocks).toMatchObject([
    { elements: [{ text: 'Checking…\n● Draft\n◐ Check: 2 of 3 checks passed\n○ Second look' }] },
    { elements: [{ text: 'Draft so far:' }] },
    { text: { text: 'The _sky_ is green.' } },
    { elements: [{ action_id: 'reflection_stop', value: 'refl_1' }] },
  ]);
});
