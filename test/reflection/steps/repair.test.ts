/** Failed checks: mended by code, by the author, or one tier up. */
import { describe, expect, test } from 'vitest';
import { busy, max, reflecting } from '../../support/reflecting.ts';
import { smallRoster } from '../../support/reflections.ts';
import { doubtful } from '../../support/scenarios.ts';

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

  test('that code brings nearer without mending them keep what it did', async () => {
    const checks = [{ type: 'forbidden_characters' as const, characters: [','] }];
    const draft = 'The bridge is 3,5 km long, and it crosses the bay, the harbour and the old town.';
    const nearer = 'The bridge is 3,5 km long and it crosses the bay the harbour and the old town.';
    for (const body of [{ max_rounds: 0 }, {}]) {
      const { outcome, record } = await reflecting({ checks, strategy: 'checks', ...body }, { draft, repair: nearer });
      expect(outcome).toMatchObject({ output: nearer, decision: 'repaired_check' });
      expect(record.checks).toMatchObject([{ status: 'fail', measured: 1 }]);
    }
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

  test('that the request states are told in their own words, with what was measured', async () => {
    const { model } = await reflecting(
      { input: 'Describe the bridge. Use at most 4 words, and do not use the word "long".', strategy: 'checks' },
      { draft: long, repair: 'Another long answer that is too long.' },
    );
    const told = model.asked[1]?.messages ?? [];
    expect(told.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(told[1]?.content).toBe(long);
    expect(told[2]?.content).toMatch(/You wrote 7 words; write at most 4\./);
    expect(told[2]?.content).toMatch(/Do not use “?"?long/);
    expect(told[2]?.content).not.toMatch(/sources/);
  });

  test('are asked once of an author who brings nothing nearer', async () => {
    const repair = ['This answer is also far too long.', 'A plain answer.'];
    const { passes } = await reflecting({ checks: max(4), strategy: 'checks' }, { draft: long, repair });
    expect(passes).toEqual(['draft', 'repair-1']);
  });

  test('are asked once of an author who gives the same text back', async () => {
    const { passes, outcome } = await reflecting({ checks: max(4), strategy: 'checks' }, { draft: long, repair: long });
    expect(passes).toEqual(['draft', 'repair-1']);
    expect(outcome).toMatchObject({ output: long, decision: 'kept_draft_rejected_revision' });
  });

  test('are asked again with what was wrong with the first repair', async () => {
    const script = { draft: long, repair: ['Another answer that is too long.', 'A plain answer.'] };
    const { model, outcome } = await reflecting({ checks: max(4), strategy: 'checks' }, script);
    const [, first = '', second = ''] = model.asked.map((call) => call.messages.at(-1)?.content ?? '');
    expect(first).not.toMatch(/refused/);
    expect(second).toMatch(/You wrote 6 words/);
    expect(second).toMatch(/was refused/);
    expect(outcome).toMatchObject({ output: 'A plain answer.', decision: 'repaired_check' });
  });

  test('are mended with no more output than the draft needs', async () => {
    const asked = async (checks: NonNullable<Parameters<typeof reflecting>[0]['checks']>, part = {}) => {
      const { model } = await reflecting({ checks, strategy: 'checks', ...part }, { draft: long, repair: long });
      return model.asked[1]?.maxOutputTokens;
    };
    // About 8 tokens, a third as many again, and 64 for whatever else.
    expect(await asked(max(4))).toBe(75);
    expect(await asked(max(4), { max_output_tokens: 50 })).toBe(50);
    // Six times as long at most, and a third as many again as room.
    expect(await asked([{ type: 'words', min: 35 }])).toBe(127);
    expect(await asked([{ type: 'language', language: 'ko' }])).toBe(1_024);
  });

  test('lose small parts in two repairs only as long as enough of the draft is left', async () => {
    const text = 'Rivers carry water, sand, stones and salt toward seas, lakes, harbours, deltas and swamps.';
    const checks = [
      { type: 'ends_with' as const, phrase: 'END' },
      { type: 'keywords' as const, keywords: ['ships'] },
    ];
    const once = 'Rivers carry water, sand, stones, salt toward seas, ships.';
    const twice = 'Rivers carry water, sand, ships. END';
    const { outcome } = await reflecting({ checks, strategy: 'checks' }, { draft: text, repair: [once, twice] });
    expect(outcome.output).not.toContain('Rivers carry water, sand, ships.');
  });

  test.each([
    ['Here is the revised text:\nA plain answer.'],
    ['Sure! Here’s the shortened version: A plain answer.'],
    ['A plain answer.\n\nI hope this helps!'],
    ['A plain answer. I hope this helps! Let me know if you need anything else.'],
    ['Hier ist der überarbeitete Text:\n\nA plain answer.\n\nIch hoffe, das hilft!'],
    ['Aquí tienes el texto corregido:\nA plain answer.\nEspero que esto te ayude.'],
    ['Voici le texte révisé :\nA plain answer.\nJ’espère que cela vous aide.'],
    ['다음은 수정된 글입니다:\nA plain answer.\n도움이 되었기를 바랍니다.'],
    ['以下は修正した文章です：\nA plain answer.\nお役に立てば幸いです。'],
    ['以下是修改后的文本：\nA plain answer.\n希望这对您有帮助。'],
  ])('are mended without the author’s talk about it: %j', async (repair) => {
    const { outcome } = await reflecting({ checks: max(4), strategy: 'checks' }, { draft: long, repair });
    expect(outcome).toMatchObject({ output: 'A plain answer.', decision: 'repaired_check' });
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
    expect(outcome.decision).toBe('unreflected');
  });

  test.each(['direct', 'cot', 'tags', 'checks', 'selective', 'vote', 'always'] as const)(
    'that nobody mended are never called unverified by %s',
    async (strategy) => {
      const checks = [{ type: 'choice' as const, choices: ['red', 'green', 'blue', 'grey', 'pink'] }];
      const votes = { 'vote-2': 'green', 'vote-3': 'blue', 'vote-4': 'grey', 'vote-5': 'pink' };
      for (const body of [{}, { max_rounds: 0 }, { budget: { max_calls: 2 } }])
        for (const otherwise of ['Hard to say.', busy]) {
          const script = { draft: '<output>\n### Answer\nI cannot tell.</output>', ...votes, otherwise };
          const { outcome, record } = await reflecting({ input: 'Which?', strategy, checks, ...body }, script);
          expect(record.checks).toMatchObject([{ status: 'fail' }]);
          expect(outcome.decision).not.toBe('kept_draft_unverified');
          expect(outcome.decision).not.toBe('kept_draft_pass');
        }
    },
  );

  test('that a split vote leaves failed are a draft that nothing else was good enough to replace', async () => {
    const checks = [{ type: 'choice' as const, choices: ['red', 'green', 'blue', 'grey', 'pink'] }];
    const script = { draft: 'Hm.', 'vote-2': 'green', 'vote-3': 'blue', 'vote-4': 'grey', 'vote-5': 'pink' };
    const { outcome, record } = await reflecting({ input: 'Which?', strategy: 'vote', checks }, script);
    expect(outcome).toMatchObject({ output: 'Hm.', decision: 'kept_draft_rejected_revision', degraded: null });
    expect(record.checks).toMatchObject([{ status: 'fail' }]);
  });

  test('whose repair cannot be had leave the draft, and say so', async () => {
    const { outcome } = await reflecting({ checks: max(4) }, { draft: long, repair: busy });
    expect(outcome).toMatchObject({
      output: long,
      decision: 'unreflected',
      degraded: { pass: 'repair', code: 'upstream_busy' },
    });
  });

  test('whose second repair cannot be paid leave what the first one mended', async () => {
    const checks = [...max(4), { type: 'keywords' as const, keywords: ['END'] }];
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
      decision: 'unreflected',
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
    const checks = [...max(4), { type: 'keywords' as const, keywords: ['END'] }];
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
