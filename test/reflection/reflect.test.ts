/** The ten decisions, the strategies and their stop rules: what comes out, why, and which calls it took. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { Decision } from '../../src/reflection/events.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import {
  confirmed,
  critiqueText,
  editText,
  preferA,
  preferB,
  reflected,
  refuted,
  request,
  roster,
  run,
  smallRoster,
  tools,
} from '../support/reflections.ts';
import { doubtful, type Scenario, scenarios } from '../support/scenarios.ts';
import { type Script, scriptedModel } from '../support/scripted-model.ts';

type Part = Pick<Scenario, 'tools'>;

async function reflecting(body: Partial<ReflectionBody>, script: Script, part: Part['tools'] = {}) {
  const model = scriptedModel(script);
  const told = await reflected(request(body), tools(model, part));
  const types = told.events.map((event) => event.type);
  return { ...told, model, types, passes: model.asked.map((call) => call.pass) };
}

const busy = new AppError('upstream_busy', 'The model is out of capacity.');
const doubts = critiqueText('revise', [{ quote: 'it is green' }]);
const blue = editText(['it is green', 'it is blue']);
const mended = doubtful.replace('it is green', 'it is blue');
/** Everything that a round needs for the doubtful draft to be mended. */
const round = {
  draft: doubtful,
  critique: doubts,
  confirm: confirmed,
  revision: blue,
  judge: [preferB, preferA],
} as const;
const max = (words: number) => [{ type: 'words' as const, max: words }];

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

  test('direct keeps tags and indentation that the answer holds', async () => {
    const draft = '\n\n    <thinking>x</thinking>\n### Answer\n  y  \n';
    expect((await reflecting({ strategy: 'direct' }, { draft })).outcome.output).toBe(
      '    <thinking>x</thinking>\n### Answer\n  y',
    );
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
      stop: ['END'],
      max_output_tokens: 99,
    } as const;
    expect((await reflecting(body, scenarios.tagged.script)).model.asked[0]).toMatchObject({
      temperature: 0,
      topP: 0.5,
      seed: 3,
      stop: ['END'],
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

  test('below the caller’s cap is continued up to it', async () => {
    const { model } = await reflecting(
      { strategy: 'direct', max_output_tokens: 100 },
      { draft: cut, continuation: '.' },
    );
    expect(model.asked[1]?.maxOutputTokens).toBe(98);
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

describe('checks', () => {
  test('that code can mend take no call', async () => {
    const checks = [{ type: 'forbidden_characters' as const, characters: [','] }];
    const { outcome, passes, events } = await reflecting(
      { checks, strategy: 'checks' },
      { draft: 'Well, it is so, yes.' },
    );
    expect(passes).toEqual(['draft']);
    expect(outcome).toMatchObject({ decision: 'repaired_check', subject: 'draft-mended' });
    expect(outcome.output).not.toContain(',');
    expect(events.find((event) => event.type === 'edit.applied')).toMatchObject({
      by: 'code',
      base: 'draft',
      subject: 'draft-mended',
    });
  });

  const long = 'This plain answer is far too long.';
  test('are told to the author with what was measured, at most twice', async () => {
    const { model, passes, outcome } = await reflecting(
      { checks: max(4), strategy: 'checks' },
      { draft: long, repair: 'Another answer that is too long.' },
    );
    expect(passes).toEqual(['draft', 'repair-1', 'repair-2']);
    expect(model.asked.map((call) => call.temperature)).toEqual([0.4, 0.2, 0.7]);
    expect(model.asked[1]?.messages.at(-1)?.content).toMatch(/7 words/);
    expect(outcome).toMatchObject({ output: long, decision: 'kept_draft_rejected_revision' });
  });

  test('mended by a cut repair are not mended', async () => {
    const { outcome, events } = await reflecting(
      { checks: max(4), strategy: 'checks' },
      { draft: long, repair: { text: 'Cut off', finish: 'length' } },
    );
    expect(outcome.output).toBe(long);
    expect(events.filter((event) => event.type === 'revision.rejected')[0]).toMatchObject({
      reasons: expect.arrayContaining(['the repair was cut off']),
    });
  });

  test('stay failed without a call where no round is allowed', async () => {
    const { outcome, passes } = await reflecting({ checks: max(4), max_rounds: 0 }, { draft: long });
    expect(passes).toEqual(['draft']);
    expect(outcome.decision).toBe('kept_draft_unverified');
  });

  test('whose repair cannot be had leave the draft, and say so', async () => {
    const { outcome } = await reflecting({ checks: max(4) }, { draft: long, repair: busy });
    expect(outcome).toMatchObject({
      output: long,
      decision: 'kept_draft_unverified',
      degraded: { pass: 'repair', code: 'upstream_busy' },
    });
  });

  test('whose second repair cannot be paid leave what the first one mended', async () => {
    const checks = [...max(4), { type: 'ends_with' as const, phrase: 'END' }];
    const script = { draft: long, repair: 'A plain answer.' };
    const { outcome } = await reflecting({ checks, budget: { max_calls: 2 } }, script);
    expect(outcome).toMatchObject({ decision: 'repaired_check', output: 'A plain answer.' });
    expect((await reflecting({ checks: max(4), budget: { max_calls: 1 } }, script)).outcome).toMatchObject({
      decision: 'budget',
      output: long,
    });
  });

  test('that the tier cannot mend go to the next one', async () => {
    const small = { roster: smallRoster };
    const script = { draft: long, repair: long.replace('plain', 'simple') };
    const fine = await reflecting(
      { checks: max(4), tier: 'fast' },
      { ...script, 'draft-escalated': 'A plain answer.' },
      small,
    );
    expect(fine.outcome).toMatchObject({
      decision: 'escalated',
      output: 'A plain answer.',
      subject: 'draft-escalated',
    });
    const no = await reflecting(
      { checks: max(4), tier: 'fast' },
      { ...script, 'draft-escalated': 'No shorter than it was, I am afraid.' },
      small,
    );
    expect(no.outcome).toMatchObject({ decision: 'kept_draft_rejected_revision', output: long });
    const lost = await reflecting(
      { checks: max(4), tier: 'fast' },
      { draft: long, repair: busy, 'draft-escalated': busy },
      small,
    );
    expect(lost.outcome).toMatchObject({
      decision: 'kept_draft_unverified',
      output: long,
      degraded: { pass: 'draft' },
    });
    const after = await reflecting(
      { checks: max(4), tier: 'fast' },
      { draft: long, repair: busy, 'draft-escalated': 'A plain answer.' },
      small,
    );
    expect(after.outcome).toMatchObject({ decision: 'escalated', degraded: { pass: 'repair' } });
  });

  test('half mended by the tier, a failed escalation leaves the half', async () => {
    const checks = [...max(4), { type: 'ends_with' as const, phrase: 'END' }];
    const script = { draft: long, repair: 'A plain answer.' };
    const told = await reflecting({ checks, tier: 'fast', budget: { max_calls: 3 } }, script, { roster: smallRoster });
    expect(told.outcome).toMatchObject({ decision: 'repaired_check', output: 'A plain answer.' });
    const refused = await reflecting(
      { checks, tier: 'fast' },
      { ...script, 'draft-escalated': long },
      { roster: smallRoster },
    );
    expect(refused.outcome).toMatchObject({ decision: 'repaired_check', output: 'A plain answer.' });
  });
});

describe('rounds', () => {
  test('none are made where none are allowed', async () => {
    const { outcome, passes } = await reflecting({ max_rounds: 0 }, round);
    expect([passes, outcome.decision]).toEqual([['draft'], 'kept_draft_unverified']);
    const always = await reflecting({ max_rounds: 0, strategy: 'always' }, round);
    expect([always.passes, always.outcome.output]).toEqual([['draft'], doubtful]);
  });

  test('one is critique, confirm, revision and a judge in both orders', async () => {
    const { passes, types, outcome } = await reflecting({}, round);
    expect(passes).toEqual(['draft', 'critique-r1', 'confirm-r1-i1', 'revision-r1', 'judge-r1-ba', 'judge-r1-ab']);
    expect(types.filter((type) => !type.startsWith('pass.'))).toEqual([
      'run.started',
      'gate.decided',
      'critique.completed',
      'confirm.completed',
      'edit.applied',
      'revision.accepted',
      'run.completed',
    ]);
    expect(outcome).toMatchObject({ output: mended, draft: doubtful, subject: 'revision-r1', degraded: null });
  });

  test('another follows only where a check still fails', async () => {
    expect(
      (await reflecting({ max_rounds: 3 }, round)).passes.filter((pass) => pass.startsWith('critique')),
    ).toHaveLength(1);
    const checks = [{ type: 'ends_with' as const, phrase: 'sea' }];
    const body = { strategy: 'always', max_rounds: 3, checks } as const;
    const { passes } = await reflecting(body, {
      draft: doubtful,
      critique: critiqueText('pass'),
      revision: ['A sky.', 'Some sky, and so on.', 'Another sky, a bluer one.'],
    });
    expect(passes.filter((pass) => pass.startsWith('revision'))).toEqual(['revision-r1', 'revision-r2', 'revision-r3']);
  });

  test.each([1, 2, 3])('always makes up to %d of them', async (rounds) => {
    const revision = ['First version of it.', 'Second text instead.', 'Third words entirely.'];
    const { passes, outcome } = await reflecting(
      { strategy: 'always', max_rounds: rounds },
      { draft: 'A plain answer.', critique: critiqueText('pass'), revision },
    );
    expect(passes.filter((pass) => pass.startsWith('critique'))).toHaveLength(rounds);
    expect(outcome).toMatchObject({ decision: 'accepted_revision', output: revision[rounds - 1] });
  });

  test('end where the same complaint comes back', async () => {
    const again = critiqueText('revise', [{ quote: 'answer', problem: 'The same.' }]);
    const { passes } = await reflecting(
      { strategy: 'always', max_rounds: 3 },
      { draft: 'A plain answer.', critique: again, revision: ['A first answer here.', 'No'] },
    );
    expect(passes).toEqual(['draft', 'critique-r1', 'revision-r1', 'critique-r2']);
  });

  test('end where a revision returns to an earlier text', async () => {
    const script = {
      draft: 'A plain answer.',
      critique: critiqueText('pass'),
      revision: ['Some other words here.', 'A plain answer.'],
    };
    const { outcome, events } = await reflecting({ strategy: 'always', max_rounds: 3 }, script);
    expect(outcome).toMatchObject({ decision: 'accepted_revision', output: 'Some other words here.' });
    expect(events.filter((event) => event.type === 'revision.rejected')).toMatchObject([
      { round: 2, reasons: ['the revision returns to an earlier text'] },
    ]);
  });

  test('end where the revision says the same', async () => {
    const { outcome, events } = await reflecting(
      { strategy: 'always', max_rounds: 3 },
      { draft: 'A plain answer.', critique: critiqueText('pass'), revision: 'A  plain answer.' },
    );
    expect(outcome.decision).toBe('kept_draft_rejected_revision');
    expect(events.filter((event) => event.type === 'revision.rejected')).toMatchObject([
      { reasons: ['the revision says the same'] },
    ]);
  });

  test('end where a cut revision cannot be told from a whole one', async () => {
    const revision = [{ text: 'No edits.' }, { text: mended, finish: 'length' }] as const;
    const { outcome } = await reflecting({}, { ...round, revision });
    expect(outcome).toMatchObject({
      output: doubtful,
      decision: 'kept_draft_rejected_revision',
      finish_reason: 'stop',
    });
  });
});

describe('what a critic says', () => {
  test('is asked for again in other words where it cannot be read, once', async () => {
    const { model, passes, outcome } = await reflecting({}, { ...round, critique: ['Looks <|eot_id|> bad.', doubts] });
    expect(passes.slice(1, 3)).toEqual(['critique-r1', 'critique-r1-again']);
    expect(outcome.decision).toBe('accepted_revision');
    expect(model.asked[2]?.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(model.asked[2]?.temperature).toBeGreaterThan(0);
  });

  test.each([
    ['minor', { quote: 'it is green', severity: 'minor' }],
    ['not quoted from the draft', { quote: 'it is red' }],
    ['a nit', { quote: 'it is green', severity: 'nit' }],
  ])('starts no revision where it is %s', async (_, said) => {
    const { passes, outcome } = await reflecting({}, { ...round, critique: critiqueText('revise', [said]) });
    expect(passes).toEqual(['draft', 'critique-r1']);
    expect(outcome.decision).toBe('kept_draft_pass');
  });

  test('with a pass that names a blocker is confirmed once', async () => {
    const critique = critiqueText('pass', [{ quote: 'it is green', severity: 'blocker' }]);
    const { passes, outcome } = await reflecting({}, { ...round, critique });
    expect(passes).toContain('confirm-r1-i1');
    expect(outcome.decision).toBe('accepted_revision');
    expect((await reflecting({}, { ...round, critique, confirm: refuted })).outcome.decision).toBe(
      'kept_draft_unverified',
    );
  });

  test('is not acted on by unsure and major alone', async () => {
    const { passes } = await reflecting({}, { ...round, critique: critiqueText('unsure', [{ quote: 'it is green' }]) });
    expect(passes).toEqual(['draft', 'critique-r1']);
  });

  test('is acted on as far as it was confirmed, each issue asked about at the same time', async () => {
    const critique = critiqueText('revise', [
      { quote: 'it is green' },
      { quote: 'possibly green' },
      { quote: 'the sky' },
    ]);
    const { model, passes, record } = await reflecting(
      {},
      { ...round, critique, confirm: refuted, 'confirm-r1-i1': confirmed, 'confirm-r1-i3': 'no idea' },
    );
    expect(passes.filter((pass) => pass.startsWith('confirm'))).toEqual([
      'confirm-r1-i1',
      'confirm-r1-i2',
      'confirm-r1-i3',
    ]);
    const asked = model.asked.find((call) => call.pass === 'revision-r1')?.messages.at(-1)?.content;
    expect(asked).toContain('"it is green"');
    expect(asked).not.toContain('"possibly green"');
    expect(record.decision).toBe('accepted_revision');
  });

  test('about a closed answer counts with two supports besides the reviser', async () => {
    const body = { input: 'How many?', strategy: 'selective' } as const;
    const draft = 'I think, possibly: wait, the answer is 41.';
    const script = (independent: string, witness: string) => ({
      draft,
      vote: 'No number at all.',
      critique: critiqueText('revise', [{ quote: 'answer is 41' }], independent),
      confirm: `{"answer": "${witness}", "statement": "wrong"}`,
      revision: editText(['answer is 41', 'answer is 42']),
    });
    const fine = await reflecting(body, script('42', '42'));
    expect(fine.outcome).toMatchObject({ decision: 'accepted_revision', output: draft.replace('41', '42') });
    expect(fine.passes.some((pass) => pass.startsWith('judge'))).toBe(false);
    expect((await reflecting(body, script('42', '43'))).outcome.decision).toBe('kept_draft_rejected_revision');
    expect((await reflecting(body, script('41', '42'))).outcome.output).toBe(draft);
  });

  test('of an omission counts only where a judge sees both', async () => {
    const omission = critiqueText('revise', [{ kind: 'omission', quote: 'Say something' }]);
    const script = {
      ...round,
      critique: omission,
      confirm: '{"answer": "yes", "statement": "right"}',
      revision: `${doubtful} Here is something.`,
    };
    expect((await reflecting({}, script)).outcome.decision).toBe('accepted_revision');
    const { outcome, events } = await reflecting({}, script, { roster: roster({ empty: ['judge', 'escalation'] }) });
    expect(outcome.decision).toBe('kept_draft_rejected_revision');
    expect(events.find((event) => event.type === 'revision.rejected')).toMatchObject({
      reasons: ['only an omission speaks for the revision, and nobody may judge it'],
    });
  });
});

describe('a revision', () => {
  test('that the reviser wrote out at once takes no second call', async () => {
    const { passes, outcome } = await reflecting(
      {},
      { ...round, revision: `Here is the corrected text:\n\n${mended}` },
    );
    expect(passes.filter((pass) => pass.startsWith('revision'))).toEqual(['revision-r1']);
    expect(outcome.output).toBe(mended);
  });

  test('whose edits find no place is asked for as a whole', async () => {
    const { passes, outcome } = await reflecting({}, { ...round, revision: [editText(['not there', 'x']), mended] });
    expect(passes.filter((pass) => pass.startsWith('revision'))).toEqual(['revision-r1', 'revision-r1-rewrite']);
    expect(outcome.output).toBe(mended);
  });

  test('that is a remark about the text is no text', async () => {
    const remark = 'No change seems to be needed here, since all of that is as it should be.';
    const { passes, outcome } = await reflecting({}, { ...round, revision: [remark, remark] });
    expect(passes).toContain('revision-r1-rewrite');
    expect(outcome.output).toBe(doubtful);
  });

  test('never shows the reviser’s thinking, the fence or the nonce', async () => {
    const said = (text: string) => reflecting({}, { ...round, revision: text });
    expect((await said(`<thinking>the secret</thinking>\n${mended}`)).outcome.output).toBe(mended);
    const { model } = await said(blue);
    const nonce = model.asked[1]?.messages.at(-1)?.content.match(/\[request (\S+)\]/)?.[1];
    expect((await said(`[text ${nonce}]\n${mended}\n[end of text ${nonce}]`)).outcome.output).toBe(mended);
    expect((await said(editText(['it is green', `it is blue ${nonce}`]))).outcome.output).not.toContain(nonce);
  });

  test('where the reviser only thinks is refused as empty', async () => {
    const { outcome, events } = await reflecting({}, { ...round, revision: '<thinking>the secret' });
    expect(outcome.output).toBe(doubtful);
    expect(events.find((event) => event.type === 'revision.rejected')).toBeDefined();
  });

  test('is taken without a judge where none sits, and never judged by a small one', async () => {
    for (const part of [{ roster: roster({ empty: ['judge'] }) }, { roster: roster({ small: ['judge'] }) }]) {
      const { passes, outcome } = await reflecting({}, round, part);
      expect(passes.some((pass) => pass.startsWith('judge'))).toBe(false);
      expect(outcome.decision).toBe('accepted_revision');
    }
  });

  test('is refused where the judge prefers neither, or the same place in both orders', async () => {
    for (const judge of [['{"better": "tie"}'], [preferB, preferB], [preferA], ['The second one is nicer.']])
      expect((await reflecting({}, { ...round, judge })).outcome).toMatchObject({
        output: doubtful,
        decision: 'kept_draft_rejected_revision',
      });
  });
});

describe('a model that cannot be had', () => {
  test.each([
    ['critique', { ...round, critique: busy }, 'unreflected'],
    ['confirm', { ...round, confirm: busy }, 'kept_draft_unverified'],
    ['revision', { ...round, revision: busy }, 'kept_draft_unverified'],
    ['revision', { ...round, revision: ['No.', busy] }, 'kept_draft_unverified'],
    ['judge', { ...round, judge: busy }, 'kept_draft_rejected_revision'],
    ['judge', { ...round, judge: [preferB, busy] }, 'kept_draft_rejected_revision'],
  ] as const)('for the %s leaves the draft, and the record says so', async (pass, script, decision) => {
    const { outcome, record } = await reflecting({}, script);
    expect(outcome).toMatchObject({ output: doubtful, decision, degraded: { pass, code: 'upstream_busy' } });
    expect(record).toMatchObject({ status: 'completed', degraded: { pass } });
  });

  test('for one of several questions does not keep the others from being acted on', async () => {
    const critique = critiqueText('revise', [{ quote: 'it is green' }, { quote: 'possibly green' }]);
    const { outcome } = await reflecting({}, { ...round, critique, 'confirm-r1-i2': busy });
    expect(outcome).toMatchObject({ decision: 'accepted_revision', degraded: { pass: 'confirm' } });
  });

  test('for the critic of a draft that its checks passed leaves it passed', async () => {
    const { outcome } = await reflecting({ strategy: 'always', checks: max(99) }, { draft: doubtful, critique: busy });
    expect(outcome).toMatchObject({ decision: 'kept_draft_pass', degraded: { pass: 'critique' } });
  });

  test('for a later round leaves what was accepted before', async () => {
    const { outcome } = await reflecting(
      { strategy: 'always', max_rounds: 2 },
      { draft: 'A plain answer.', critique: [critiqueText('pass'), busy], revision: 'Another text altogether.' },
    );
    expect(outcome).toMatchObject({
      decision: 'accepted_revision',
      output: 'Another text altogether.',
      degraded: { pass: 'critique' },
    });
  });

  test('for the draft is the run’s failure', async () => {
    const told = await run(request(), tools(scriptedModel([busy])));
    expect(told.error).toBe(busy);
    expect(told.events.at(-1)?.type).toBe('pass.failed');
  });
});

describe('who judges', () => {
  test('nobody small does: no critique, no confirm, no judge', async () => {
    const { passes, outcome, record } = await reflecting({ tier: 'fast' }, scenarios.escalated.script, {
      roster: smallRoster,
    });
    expect(passes).toEqual(['draft', 'draft-escalated']);
    expect(outcome.decision).toBe('escalated');
    expect(record.small_judge).toBe(false);
  });

  test('with nobody to escalate to, the draft stands', async () => {
    const { passes, outcome } = await reflecting({ tier: 'fast' }, round, {
      roster: roster({ small: ['author', 'critic', 'judge'], empty: ['escalation'] }),
    });
    expect([passes, outcome.decision]).toEqual([['draft'], 'kept_draft_unverified']);
  });

  test('a small one does where the caller insists, and the record is marked', async () => {
    const { outcome, record, events } = await reflecting({ tier: 'fast', allow_small_judge: true }, round, {
      roster: smallRoster,
    });
    expect(outcome.decision).toBe('accepted_revision');
    expect(record.small_judge).toBe(true);
    expect(events[0]).toMatchObject({ type: 'run.started', small_judge: true });
  });
});

describe('escalation', () => {
  test('gives up a draft for nothing that is empty or cut off, or loses a check', async () => {
    const part = { roster: smallRoster };
    for (const escalated of ['  ', { text: 'The sky is', finish: 'length' }] as const) {
      const { outcome } = await reflecting({ tier: 'fast' }, { draft: doubtful, 'draft-escalated': escalated }, part);
      expect(outcome).toMatchObject({ output: doubtful, decision: 'kept_draft_rejected_revision' });
    }
    const checks = [{ type: 'lowercase' as const }, { type: 'keywords' as const, keywords: ['sky'] }];
    const lost = await reflecting(
      { tier: 'fast', checks, strategy: 'selective' },
      { draft: `The ${doubtful}`, repair: `The ${doubtful}`, 'draft-escalated': 'all is well.' },
      part,
    );
    expect(lost.outcome.output).toContain('sky');
  });

  test('that cannot be had leaves the draft, and that it cannot be paid is the budget', async () => {
    const part = { roster: smallRoster };
    const lost = await reflecting({ tier: 'fast' }, { draft: doubtful, 'draft-escalated': busy }, part);
    expect(lost.outcome).toMatchObject({
      output: doubtful,
      decision: 'kept_draft_unverified',
      degraded: { pass: 'draft', code: 'upstream_busy' },
    });
    const poor = await reflecting({ tier: 'fast', budget: { max_calls: 1 } }, { draft: doubtful }, part);
    expect(poor.outcome).toMatchObject({ output: doubtful, decision: 'budget' });
  });
});
