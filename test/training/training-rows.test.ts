import { describe, expect, test } from 'vitest';
import type { Reflection } from '../../src/reflection/record.ts';
import { parseTags } from '../../src/reflection/tags.ts';
import { type PreferenceRow, preferenceRow } from '../../src/training/preference-row.ts';
import { type ReflectionRow, reflectionRow } from '../../src/training/reflection-row.ts';
import { type SupervisedRow, supervisedRow } from '../../src/training/supervised-row.ts';
import { trainingRow } from '../../src/training/training-rows.ts';
import { verifiedReflection } from '../../src/training/verified-reflection.ts';
import { check, issue } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { storedRecord } from '../support/stored-records.ts';

type Kinds = readonly ('sft' | 'dpo' | 'reflection-tuning')[];

async function kindsOf(record: Reflection): Promise<Kinds> {
  const kinds: Kinds = ['sft', 'dpo', 'reflection-tuning'];
  const rows = await Promise.all(kinds.map((kind) => trainingRow(kind, record)));
  return kinds.filter((_, index) => rows[index] !== null);
}

async function rowsOf(record: Reflection): Promise<{
  readonly sft: SupervisedRow;
  readonly dpo: PreferenceRow | null;
  readonly tuning: ReflectionRow | null;
}> {
  const verified = await verifiedReflection(record);
  if (!verified) throw new Error('The reflection is not verified.');
  return { sft: supervisedRow(verified), dpo: preferenceRow(verified), tuning: reflectionRow(verified) };
}

const { repaired, checked, revised } = scenarios;
/** As long as the draft, so that it makes a pair. */
const recased: Scenario = {
  body: { checks: [{ type: 'lowercase' }], infer_checks: false },
  script: { draft: 'A Plain Answer.' },
};

describe('a stored reflection', () => {
  test.each<[keyof typeof scenarios, Kinds]>([
    ['checked', ['sft', 'reflection-tuning']],
    ['repaired', ['sft', 'reflection-tuning']],
    ['revised', ['sft', 'reflection-tuning']],
    ['returned', []],
    ['unrepaired', []],
    ['refused', []],
    ['passed', []],
    ['unreadable', []],
    ['degraded', []],
    ['always', []],
    ['exhausted', []],
    ['failed', []],
  ])('that was %s gives %j', async (name, kinds) => {
    expect(await kindsOf(await storedRecord(scenarios[name]))).toEqual(kinds);
  });

  test('whose draft failed what its output passes gives a pair, where their lengths are alike', async () => {
    expect(await kindsOf(await storedRecord(recased))).toEqual(['sft', 'dpo', 'reflection-tuning']);
  });

  test('whose changed draft is not in its record gives only what needs no draft', async () => {
    expect(await kindsOf(await storedRecord(recased, { include: [] }))).toEqual(['sft']);
    expect(await kindsOf(await storedRecord(checked, { include: [] }))).toEqual(['sft', 'reflection-tuning']);
  });

  const good = storedRecord(recased);
  test.each<[string, (record: Reflection) => Partial<Reflection>]>([
    ['was not to be stored', ({ request }) => (request ? { request: { ...request, store: false } } : {})],
    ['was cancelled', () => ({ status: 'cancelled' })],
    ['failed', () => ({ status: 'failed' })],
    ['goes on', () => ({ status: 'running' })],
    ['was cut', () => ({ finish_reason: 'length' })],
    ['is degraded', () => ({ degraded: { pass: 'repair', code: 'upstream_busy' } })],
    ['fails a check', () => ({ passed: false })],
    ['says nothing', () => ({ output: ' ' })],
    ['holds a chat template’s token', () => ({ output: 'a plain<|eot_id|> answer.' })],
    ['holds half a character', () => ({ output: 'a plain answer \ud83d' })],
    ['holds a tag of the rows', () => ({ draft: 'A Plain </thinking> Answer.' })],
    [
      'has an issue that was confirmed and not mended',
      () => ({
        rounds: [
          {
            draft_checks: [check('c1', 'fail')],
            repairs: [],
            critique: { verdict: 'revise', issues: [issue()], independent_answer: null },
            revision: { accepted: false, reasons: [] },
          },
        ],
      }),
    ],
  ])('that %s gives nothing', async (_, change) => {
    const record = await good;
    expect(await kindsOf({ ...record, ...change(record) })).toEqual([]);
  });

  test('that only a small model judged gives nothing', async () => {
    const record = await storedRecord(revised);
    expect(await kindsOf({ ...record, small_judge: true })).toEqual([]);
  });

  test('gives the same bytes each time, and after it went through JSON', async () => {
    const record = await storedRecord(recased);
    const again: Reflection = JSON.parse(JSON.stringify(await storedRecord(recased)));
    for (const kind of ['sft', 'dpo', 'reflection-tuning'] as const) {
      const [one, other] = [await trainingRow(kind, record), await trainingRow(kind, again)];
      expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    }
  });
});

describe('a row', () => {
  test('ends with where it comes from, and on what terms', async () => {
    const { sft } = await rowsOf(await storedRecord(recased));
    expect(sft.provenance).toEqual({
      reflection_id: 'refl_test',
      created_at: 0,
      prompt_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      model: 'test/author',
      models: ['test/author'],
      decision: 'repaired_check',
      checks: [{ id: 'c1', type: 'lowercase', origin: 'declared', status: 'pass' }],
    });
    expect(sft.license).toContain('terms of use of every model');
    expect((await rowsOf(await storedRecord(revised))).sft.provenance.models).toEqual(
      expect.arrayContaining(['test/author', 'test/critic', 'test/reviser']),
    );
  });

  test('has a prompt that says what the answer was held to', async () => {
    const { sft } = await rowsOf(
      await storedRecord(checked, {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', name: 'ann', content: [{ type: 'text', text: 'Say <|eot_id|> something.' }] },
        ],
        sources: [{ id: 's1', text: 'A plain answer is a plain answer.' }],
      }),
    );
    expect(sft.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(sft.messages[0]?.content).toMatch(/^Be brief\.\n\nYour answer must meet all of these:\n1\. .*9 words/);
    expect(sft.messages[0]?.content).toContain('A plain answer is a plain answer.');
    expect(sft.messages[1]).toEqual({ role: 'user', content: 'Say < |eot_id|> something.' });
    expect(sft.messages[2]).toEqual({ role: 'assistant', content: 'A plain answer.' });
  });

  test('has the same prompt hash as another of the same prompt only', async () => {
    const hashOf = async (body: Parameters<typeof storedRecord>[1]) =>
      (await rowsOf(await storedRecord(checked, body))).sft.provenance.prompt_hash;
    const first = await hashOf({ input: 'Say something.' });
    expect(await hashOf({ messages: [{ role: 'user', content: 'Say something.' }], temperature: 0 })).toBe(first);
    expect(await hashOf({ input: 'Say something!' })).not.toBe(first);
    expect(await hashOf({ input: 'Say something.', checks: [{ type: 'words', max: 8 }] })).not.toBe(first);
  });
});

describe('a pair', () => {
  test('prefers the output to the draft', async () => {
    const { dpo } = await rowsOf(await storedRecord(recased));
    expect(dpo?.chosen).toEqual([{ role: 'assistant', content: 'a plain answer.' }]);
    expect(dpo?.rejected).toEqual([{ role: 'assistant', content: 'A Plain Answer.' }]);
    expect(dpo?.prompt.at(-1)).toEqual({ role: 'user', content: 'Say something.' });
  });

  test.each([
    [30, true],
    [31, false],
  ])('of 15 and %i characters is made: %s', async (length, made) => {
    const record = await storedRecord(recased);
    const { dpo } = await rowsOf({ ...record, draft: 'D'.repeat(length) });
    expect(dpo !== null).toBe(made);
  });

  test('is not made where a check that the draft failed could not be told of the output', async () => {
    const record = await storedRecord(recased);
    const checks = [check('c1', 'skipped'), check('c2', 'pass')];
    expect(await kindsOf({ ...record, checks })).toEqual(['sft']);
  });
});

describe('a Reflection-Tuning row', () => {
  const rows: readonly (readonly [string, Scenario, readonly string[], boolean])[] = [
    ['kept', checked, ['There are 3 words, as wanted.'], true],
    ['repaired', repaired, ['You wrote 7 words; write at most 4.'], false],
    ['revised', revised, ['“it is green”: It is wrong.'], false],
    [
      'not in ASCII',
      { body: recased.body, script: { draft: '𝒜 Plain 🙂 Answer.' } },
      ['Write every letter in lower case'],
      false,
    ],
  ];

  test.each(rows)('that was %s is read by the grammar of the tags, and says what was found', async (...given) => {
    const [, scenario, findings] = given;
    const record = await storedRecord(scenario);
    const { tuning } = await rowsOf(record);
    expect(parseTags(tuning?.text ?? '')).toEqual({ status: 'ok', answer: record.output });
    const reflection = /<reflection>\n([\s\S]*)\n<\/reflection>/.exec(tuning?.text ?? '')?.[1];
    for (const finding of findings) expect(reflection).toContain(finding);
  });

  test.each(rows)('that was %s is covered by its segments, of which a refuted draft is masked', async (...given) => {
    const [, scenario, , train] = given;
    const record = await storedRecord(scenario);
    const { tuning } = await rowsOf(record);
    const characters = Array.from(tuning?.text ?? '');
    const segments = tuning?.segments ?? [];
    expect(segments.map(({ start }) => start)).toEqual([0, ...segments.slice(0, -1).map(({ end }) => end)]);
    expect(segments.at(-1)?.end).toBe(characters.length);
    const masked = segments.filter((segment) => !segment.train);
    expect(masked.map(({ start, end }) => characters.slice(start, end).join(''))).toEqual(train ? [] : [record.draft]);
    const [whole, fromReflection] = tuning?.dual_mask ?? [];
    expect(whole).toBe(0);
    expect(characters.slice(fromReflection).join('')).toMatch(/^<reflection>/);
  });
});
