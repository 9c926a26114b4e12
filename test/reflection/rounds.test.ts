/** Critique, confirm, revise, accept: what each may set in motion, and when it ends. */
import { describe, expect, test } from 'vitest';
import { mended, reflecting, round } from '../support/reflecting.ts';
import { confirmed, critiqueText, editText, preferA, preferB, refuted, roster } from '../support/reflections.ts';
import { doubtful } from '../support/scenarios.ts';

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
    const { model, passes, outcome } = await reflecting(
      {},
      { ...round, critique: ['Looks <|eot_id|> bad.', round.critique] },
    );
    expect(passes.slice(1, 3)).toEqual(['critique-r1', 'critique-r1-again']);
    expect(outcome.decision).toBe('accepted_revision');
    expect(model.asked[2]?.messages.map((message) => message.role)).toEqual(['system', 'user']);
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
    const { model } = await said(round.revision);
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
