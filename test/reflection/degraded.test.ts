/** Models that cannot be had, and models that may not judge. */
import { describe, expect, test } from 'vitest';
import { busy, max, reflecting, round } from '../support/reflecting.ts';
import { critiqueText, preferB, request, roster, run, smallRoster, tools } from '../support/reflections.ts';
import { doubtful, scenarios } from '../support/scenarios.ts';
import { scriptedModel } from '../support/scripted-model.ts';

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

  test.each(['selective', 'always'] as const)(
    'since nobody can read its words leaves the draft that %s wrote, and is told as not had',
    async (strategy) => {
      const script = { draft: doubtful, critique: ['Nice.', 'Very nice.'], revision: 'It is blue.' };
      const { outcome, passes } = await reflecting({ strategy }, script);
      expect(passes).toEqual(['draft', 'critique-r1', 'critique-r1-again']);
      expect(outcome).toMatchObject({
        output: doubtful,
        decision: 'kept_draft_parse_failure',
        degraded: { pass: 'critique', code: 'upstream_failed' },
      });
    },
  );

  test('since its critique was cut within its issues is asked again, and its silence is no pass', async () => {
    const cut = { text: critiqueText('revise', [{ quote: 'it is green' }]).slice(0, 60), finish: 'length' } as const;
    const revise = { text: '{"verdict": "revise", "issues": []}\nIt is', finish: 'length' } as const;
    const { outcome, passes } = await reflecting({}, { draft: doubtful, critique: [cut, revise] });
    expect(passes).toEqual(['draft', 'critique-r1', 'critique-r1-again']);
    expect(outcome).toMatchObject({ output: doubtful, decision: 'kept_draft_parse_failure' });
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
