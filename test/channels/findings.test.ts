/** What people are told of a finished run, from records of the real engine. */
import { describe, expect, test } from 'vitest';
import { discordMarkdown } from '../../src/channels/discord/markdown.ts';
import type { Block, Document } from '../../src/channels/document.ts';
import {
  answerDocument,
  decisionSentences,
  duration,
  errorSentences,
  reflectionDocument,
  verdictOf,
} from '../../src/channels/findings.ts';
import { renderDocument } from '../../src/channels/markup.ts';
import { mrkdwn } from '../../src/channels/slack/mrkdwn.ts';
import { errorKinds } from '../../src/errors.ts';
import { emptyFold } from '../../src/reflection/fold.ts';
import { decisions, type Reflection } from '../../src/reflection/record.ts';
import { check, issue, request, run, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel } from '../support/scripted-model.ts';

async function recordOf({ body, script, tools: part }: Scenario): Promise<Reflection> {
  return (await run(request({ include: ['draft', 'diff'], ...body }), tools(scriptedModel(script), part))).record;
}

function record(part: Partial<Reflection>): Reflection {
  return { ...emptyFold.record, status: 'completed', decision: 'kept_draft_pass', finish_reason: 'stop', ...part };
}

const rendered = (document: Document): string => renderDocument(document, discordMarkdown);

describe('the line under the answer of a run that', () => {
  test.each<readonly [Exclude<keyof typeof scenarios, 'failed'>, string]>([
    ['returned', decisionSentences.kept_draft_unverified],
    ['checked', decisionSentences.kept_draft_pass],
    ['direct', decisionSentences.unreflected],
    ['repaired', 'Corrected 2 things, first: “This” → “A”.'],
    ['unrepaired', `${decisionSentences.kept_draft_rejected_revision} 1 check still fails.`],
    ['revised', 'Corrected 1 thing: “green” → “blue”.'],
    ['refused', decisionSentences.kept_draft_rejected_revision],
    ['passed', decisionSentences.kept_draft_pass],
    ['unreadable', `${decisionSentences.kept_draft_parse_failure} A model failed at the critique.`],
    ['degraded', `${decisionSentences.unreflected} A model failed at the critique.`],
    ['voted', decisionSentences.voted],
    ['escalated', decisionSentences.escalated],
    ['exhausted', `${decisionSentences.budget} All model calls that it may make were made.`],
  ])('%s', async (name, line) => {
    expect(verdictOf(await recordOf(scenarios[name]))).toBe(line);
  });

  test.each(decisions.map((decision) => [decision] as const))('was decided as %s is a sentence', (decision) => {
    expect(verdictOf(record({ decision }))).toMatch(/^[A-Z][^_]+\.$/);
  });

  test.each(Object.keys(errorKinds))('failed with %s is a sentence', (code) => {
    const known = Object.entries(errorSentences).find(([name]) => name === code);
    expect(known?.[1]).toMatch(/^[A-Z][^_]+\.$/);
  });
});

test('a run that failed says when to try again, and nothing of the error’s own words', () => {
  const error = { code: 'upstream_busy', message: 'vendor/model said no', retry_after_s: 40 } as const;
  const failed = record({ status: 'failed', decision: null, error });
  expect(verdictOf(failed)).toBe('The models are busy. Try again in 40 seconds.');
  expect(rendered(answerDocument(failed))).toBe('The models are busy. Try again in 40 seconds.');
});

test.each([
  [0, '1 second'],
  [1, '1 second'],
  [90, '90 seconds'],
  [91, '2 minutes'],
  [5_400, '90 minutes'],
  [5_401, '2 hours'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test('a run that was stopped shows what had come', () => {
  const stopped = record({ status: 'cancelled', decision: null, output: 'So far' });
  expect(rendered(answerDocument(stopped))).toBe('So far\n\nStopped: this is as far as it had come.');
  expect(verdictOf({ ...stopped, output: '' })).toBe('Stopped before anything was written.');
});

test('an answer is read as Markdown, and an empty one says so', () => {
  expect(answerDocument(record({ output: '# Title' }))[0]?.type).toBe('heading');
  expect(rendered(answerDocument(record({ output: ' ' })))).toBe('The model gave no answer.');
});

describe('what was corrected', () => {
  const corrected = (draft: string, output: string) =>
    verdictOf(record({ decision: 'accepted_revision', changed: true, draft, output }));

  test.each([
    ['It is green.', 'It is blue.', 'Corrected 1 thing: “green” → “blue”.'],
    ['It is green.', 'It is not green.', 'Corrected 1 thing: added “not”.'],
    ['It is very green.', 'It is green.', 'Corrected 1 thing: took out “very”.'],
    ['a b c d e f', 'a X c d Y f', 'Corrected 2 things, first: “b” → “X”.'],
    ['the sky is green', 'the sea was green', 'Corrected 1 thing: “sky is” → “sea was”.'],
    ['x', 'y'.repeat(200), 'Rewritten in 1 place.'],
    [`${'x '.repeat(15_000)}`, 'y', decisionSentences.accepted_revision],
    ['a  b', 'a b', decisionSentences.accepted_revision],
  ])('from %j to %j', (draft, output, line) => {
    expect(corrected(draft, output)).toBe(line);
  });

  test('is told without a draft to compare with', () => {
    expect(verdictOf(record({ decision: 'accepted_revision', changed: true, output: 'x' }))).toBe(
      decisionSentences.accepted_revision,
    );
  });
});

describe('the reflection', () => {
  test('holds decision, findings, diff, draft and cost', async () => {
    const text = rendered(reflectionDocument(await recordOf(scenarios.revised)));
    expect(text).toContain('Corrected 1 thing: “green” → “blue”.');
    expect(text).toContain('Confirmed: “it is green” It is wrong.');
    expect(text).toMatch(/```diff\n[^`]*-I think[^`]*green/);
    expect(text, 'lines for programs').not.toMatch(/^={9,}$|^--- draft|No newline at end of file/m);
    expect(text).toContain('> I think the sky');
    expect(text).toContain('Model calls: 6');
    expect(text).toMatch(/Tokens: \d/);
    expect(text).toContain('Cost: $');
    expect(text).toContain('Time: 0 seconds');
  });

  test('names confirmed issues first, then the failed checks', () => {
    const issues = [
      issue({ id: 'i1', confirmed: 'refuted', problem: 'Three.' }),
      issue({ id: 'i2', confirmed: 'unverified', problem: 'Two.' }),
      issue({ id: 'i3', confirmed: 'verified', problem: 'One.' }),
    ];
    const critique = { verdict: 'revise', issues, independent_answer: null } as const;
    const round = { draft_checks: [check('c1', 'fail'), check('c2', 'pass')], repairs: [], critique, revision: null };
    const text = rendered(reflectionDocument(record({ rounds: [round] })));
    const places = ['Confirmed: One.', 'Not confirmed: Two.', 'Refuted: Three.', 'c1 fail'].map((words) =>
      text.indexOf(words),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).not.toContain('c2 pass');
  });

  test('of what models wrote, nothing is markup', () => {
    const hostile = '**loud** [here](https://evil.example) <@U1> `x` # T\n\n- a\n\n| a |\n|---|\n| b |';
    const critique = {
      verdict: 'revise',
      issues: [issue({ quote: hostile, problem: hostile })],
      independent_answer: null,
    } as const;
    const rounds = [
      {
        draft_checks: [check('c1', 'fail', { message: hostile })],
        repairs: [],
        critique,
        revision: { accepted: false, reasons: [hostile] },
      },
    ];
    const document = reflectionDocument(record({ draft: hostile, output: 'x', changed: true, diff: hostile, rounds }));
    expect(inlineTypes(document)).toEqual(new Set(['text']));
    expect(renderDocument(document, mrkdwn)).not.toContain('<');
  });

  test.each(Object.entries<Scenario>(scenarios))('of the run %s can be written', async (_, scenario) => {
    const document = reflectionDocument(await recordOf(scenario));
    expect(rendered(document)).not.toMatch(/undefined|null|NaN|\bno (?:thing|place)\b/);
  });
});

function inlineTypes(document: Document): Set<string> {
  const typesOf = (block: Block): string[] => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return block.children.map(({ type }) => type);
      case 'list':
        return block.items.flatMap((item) => item.flatMap(typesOf));
      case 'quote':
        return block.children.flatMap(typesOf);
      case 'table':
        return ['table'];
      default:
        return [];
    }
  };
  return new Set(document.flatMap(typesOf));
}
