/** The ten decisions, and the strategies of a single call. */
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/reflection/record.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { busy, max, mended, reflecting, round } from '../support/reflecting.ts';
import { critiqueText, editText, refuted, request, run, tools } from '../support/reflections.ts';
import { doubtful, type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel } from '../support/scripted-model.ts';

describe('every decision of the table', () => {
  const table: readonly (readonly [string, Scenario, Decision, output: string])[] = [
    ['a check passed the draft', scenarios.checked, 'kept_draft_pass', 'A plain answer.'],
    ['a critic passed the draft', scenarios.passed, 'kept_draft_pass', doubtful],
    ['the gate returned it and nothing verified it', scenarios.returned, 'kept_draft_unverified', 'A plain answer.'],
    [
      'a critic was unsure',
      { body: {}, script: { draft: doubtful, critique: critiqueText('unsure', [{ quote: 'it is green' }]) } },
      'kept_draft_unverified',
      doubtful,
    ],
    ['its issue was refuted', { body: {}, script: { ...round, confirm: refuted } }, 'kept_draft_unverified', doubtful],
    ['a judge refused the revision', scenarios.refused, 'kept_draft_rejected_revision', doubtful],
    [
      'the rules refused the revision',
      { body: {}, script: { ...round, revision: editText(['sky', 'sea']) } },
      'kept_draft_rejected_revision',
      doubtful,
    ],
    [
      'no repair was good enough',
      scenarios.unrepaired,
      'kept_draft_rejected_revision',
      'This plain answer is far too long.',
    ],
    ['the critic’s words stayed unusable', scenarios.unreadable, 'kept_draft_parse_failure', doubtful],
    ['the revision was better', scenarios.revised, 'accepted_revision', mended],
    ['a repair mended the check', scenarios.repaired, 'repaired_check', 'A plain answer.'],
    ['the majority had another answer', scenarios.voted, 'voted', 'The answer is 41.'],
    ['the next tier wrote it anew', scenarios.escalated, 'escalated', 'The sky is blue.'],
    ['the calls ran out', scenarios.exhausted, 'budget', doubtful],
    ['direct looks at nothing', scenarios.direct, 'unreflected', 'A plain answer.'],
    ['cot looks at nothing', scenarios.reasoned, 'unreflected', '2'],
    ['tags looks at nothing', scenarios.tagged, 'unreflected', '2'],
    ['the critic could not be had', scenarios.degraded, 'unreflected', doubtful],
  ];
  test.each(table)('%s', async (_, { body, script, tools: part }, decision, output) => {
    const { outcome, record } = await reflecting(body, script, part);
    expect([outcome.decision, outcome.output]).toEqual([decision, output]);
    expect(record).toMatchObject({
      status: 'completed',
      decision,
      output,
      finish_reason: 'stop',
      changed: outcome.output !== outcome.draft,
    });
  });
});

describe('single calls', () => {
  test.each(['direct', 'cot', 'tags'] as const)(
    '%s makes one call and keeps a failed check in the record',
    async (strategy) => {
      const text = {
        direct: 'one two three',
        cot: 'hm\n### Answer\none two three',
        tags: '<output>one two three</output>',
      }[strategy];
      const { outcome, record, passes } = await reflecting({ strategy, checks: max(1) }, { draft: text });
      expect(passes).toEqual(['draft']);
      expect(outcome).toMatchObject({ output: 'one two three', decision: 'unreflected' });
      expect(record.checks).toMatchObject([{ status: 'fail' }]);
      expect(record.gate).toMatchObject({ action: 'return' });
    },
  );

  test('their checks pass a draft all the same', async () => {
    expect((await reflecting({ strategy: 'direct', checks: max(9) }, { draft: 'one' })).outcome.decision).toBe(
      'kept_draft_pass',
    );
  });

  test('direct keeps indentation, and tags where the request is about them', async () => {
    const draft = '\n\n    <thinking>x</thinking>\n### Answer\n  y  \n';
    expect(
      (await reflecting({ strategy: 'direct', input: 'What does <thinking> mean?' }, { draft })).outcome.output,
    ).toBe('    <thinking>x</thinking>\n### Answer\n  y');
  });

  test.each([
    ['tags', '<thinking>secret plan</thinking>\n<output>Hello.</output>'],
    ['a think block', '<think>\nsecret plan\n</think>\n\nHello.'],
  ])('a plain draft never shows thinking in %s', async (_, draft) => {
    for (const strategy of ['direct', 'selective'] as const)
      expect((await reflecting({ strategy }, { draft })).outcome.output).toBe('Hello.');
  });

  test.each(['<think>\nsecret plan', '<thinking>secret plan'])(
    'a plain draft that is all thinking (%j) is asked for its answer alone',
    async (draft) => {
      const { outcome, passes } = await reflecting({ strategy: 'direct' }, { draft, extraction: 'Hello.' });
      expect(outcome.output).toBe('Hello.');
      expect(passes).toEqual(['draft', 'extraction']);
    },
  );

  test.each([
    ['tags', '<thinking>one; two</thinking><output>three; four</output>'],
    ['cot', 'one; two\n### Answer\nthree; four'],
  ] as const)('a stop sequence ends the answer of %s, not its reasoning', async (strategy, draft) => {
    const { outcome, model } = await reflecting({ strategy, stop: [';'] }, { draft });
    expect(outcome.output).toBe('three');
    expect(model.asked[0]?.stop).toBeUndefined();
  });

  test.each([
    ['the last answer line', 'I shall write "### Answer" soon.\n### Answer\n41\nno\n### Answer\n42', '42'],
    ['an answer behind a colon', 'So.\n### Answer: 42', '42'],
    ['an answer of several lines', 'So.\n  ### Answer  \n\n    a\n    b\n', '    a\n    b'],
  ])('cot reads %s', async (_, draft, output) => {
    const { outcome, passes } = await reflecting({ strategy: 'cot' }, { draft });
    expect(outcome.output).toBe(output);
    expect(passes).toEqual(['draft']);
  });

  test.each([
    ['cot without an answer line', 'cot', 'The secret is 42, I think.'],
    ['cot that only mentions the line', 'cot', 'I must write "### Answer" and then the secret.'],
    ['cot that heads its reasoning like the line', 'cot', '### Answering the secret\nfirst'],
    ['cot with nothing after the line', 'cot', 'The secret.\n### Answer\n  '],
    ['tags without output', 'tags', '<thinking>The secret is 42.</thinking>'],
    ['tags cut off in thinking', 'tags', '<thinking>The secret is'],
    ['tags with nothing', 'tags', '  '],
  ] as const)('%s asks once for the answer alone, and never shows the reasoning', async (_, strategy, draft) => {
    const { outcome, model, passes } = await reflecting({ strategy }, { draft, extraction: '42' });
    expect(passes).toEqual(['draft', 'extraction']);
    expect(model.asked[1]).toMatchObject({ temperature: 0, role: 'repair', seat: 'author' });
    expect(outcome).toMatchObject({ output: '42', draft: '42', decision: 'unreflected', finish_reason: 'stop' });
  });

  test('an extraction that thinks again gives its output only, or nothing', async () => {
    const script = (extraction: string) => ({ draft: '<thinking>secret</thinking>', extraction });
    expect(
      (await reflecting({ strategy: 'tags' }, script('<thinking>secret</thinking><output>42</output>'))).outcome.output,
    ).toBe('42');
    expect((await reflecting({ strategy: 'tags' }, script('<thinking>secret'))).outcome).toMatchObject({
      output: '',
      finish_reason: 'length',
    });
  });

  test('an extraction that fails leaves no answer, and that is a failure', async () => {
    const told = await run(
      request({ strategy: 'tags' }),
      tools(scriptedModel({ draft: '<thinking>x</thinking>', extraction: busy })),
    );
    expect(told.error).toBe(busy);
  });

  test('an extraction that the budget does not cover ends with nothing shown', async () => {
    const { outcome } = await reflecting(
      { strategy: 'tags', budget: { max_calls: 1 } },
      { draft: '<thinking>secret</thinking>' },
    );
    expect(outcome).toMatchObject({ output: '', decision: 'budget', finish_reason: 'length' });
  });

  test('tags are asked for with their published sampling, unless the caller says otherwise', async () => {
    expect((await reflecting({ strategy: 'tags' }, scenarios.tagged.script)).model.asked[0]).toMatchObject({
      temperature: 0.7,
      topP: 0.95,
    });
    const body: Partial<ReflectionBody> = {
      strategy: 'tags',
      temperature: 0,
      top_p: 0.5,
      seed: 3,
      max_output_tokens: 99,
    } as const;
    expect((await reflecting(body, scenarios.tagged.script)).model.asked[0]).toMatchObject({
      temperature: 0,
      topP: 0.5,
      seed: 3,
      maxOutputTokens: 99,
    });
  });
});

describe('a draft that was cut off', () => {
  const cut = { text: 'one two', finish: 'length' } as const;

  test('is continued once', async () => {
    const { outcome, passes } = await reflecting({ strategy: 'direct' }, { draft: cut, continuation: ' two three' });
    expect(passes).toEqual(['draft', 'continuation']);
    expect(outcome).toMatchObject({ output: 'one two two three', finish_reason: 'stop' });
  });

  test('and cut again, says so', async () => {
    const { outcome, passes } = await reflecting(
      { strategy: 'direct' },
      { draft: cut, continuation: { text: ' three', finish: 'length' } },
    );
    expect(passes).toHaveLength(2);
    expect(outcome).toMatchObject({ output: 'one two three', finish_reason: 'length', degraded: null });
  });

  test('by the caller’s own cap is as long as it may be', async () => {
    const { outcome, passes } = await reflecting({ strategy: 'direct', max_output_tokens: 16 }, { draft: cut });
    expect(passes).toEqual(['draft']);
    expect(outcome).toMatchObject({ output: 'one two', finish_reason: 'length' });
  });

  test('below the caller’s cap, by the provider’s count, is continued up to it', async () => {
    const usage = { inputTokens: 5, outputTokens: 40, neurons: null };
    const { model } = await reflecting(
      { strategy: 'direct', max_output_tokens: 100 },
      { draft: { ...cut, usage }, continuation: '.' },
    );
    expect(model.asked.map((call) => call.maxOutputTokens)).toEqual([100, 60]);
  });

  test.each([
    ['few letters and many tokens', '🎉'.repeat(25), 60],
    ['few tokens and many letters', 'word '.repeat(60), 60],
    ['next to nothing', 'one', 2_000],
  ])('by the caller’s cap at %s is not continued on an estimate, nor charged beyond the cap', async (_, text, cap) => {
    const { passes, record } = await reflecting(
      { strategy: 'direct', max_output_tokens: cap },
      { draft: { text, finish: 'length' } },
    );
    expect(passes).toEqual(['draft']);
    expect(record.finish_reason).toBe('length');
    expect(record.usage.output_tokens).toBeLessThanOrEqual(cap);
  });

  test('is never charged beyond the caller’s cap, however it is counted', async () => {
    const counts = [
      null,
      ...[1, 30, 44, 45, 60].map((outputTokens) => ({ inputTokens: 5, outputTokens, neurons: null })),
    ];
    for (const usage of counts) {
      const { record } = await reflecting(
        { strategy: 'direct', max_output_tokens: 60 },
        { draft: { text: '🎉'.repeat(30), finish: 'length', usage }, continuation: 'word '.repeat(60) },
      );
      expect(record.usage.output_tokens).toBeLessThanOrEqual(60);
    }
  });

  test('stands as it is where the continuation cannot be had', async () => {
    const { outcome } = await reflecting({ strategy: 'direct' }, { draft: cut, continuation: busy });
    expect(outcome).toMatchObject({
      output: 'one two',
      finish_reason: 'length',
      degraded: { pass: 'continuation', code: 'upstream_busy' },
    });
    const poor = await reflecting({ strategy: 'direct', budget: { max_calls: 1 } }, { draft: cut });
    expect(poor.outcome).toMatchObject({ output: 'one two', finish_reason: 'length', degraded: null });
  });

  test('inside its thinking never shows it', async () => {
    const script = {
      draft: { text: '<thinking>the secret', finish: 'length' },
      continuation: { text: ' goes on', finish: 'length' },
      extraction: '42',
    } as const;
    expect((await reflecting({ strategy: 'tags' }, script)).outcome.output).toBe('42');
    const one = await reflecting({ strategy: 'tags', budget: { max_calls: 1 } }, script);
    expect(one.outcome).toMatchObject({ output: '', finish_reason: 'length', decision: 'budget' });
  });
});
