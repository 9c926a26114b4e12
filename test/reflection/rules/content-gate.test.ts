/**
 * The accept gate and the content of a draft: thousands of revisions that give it up, each said to mend the failed check, and hundreds of honest
 * mends. What the right verdict is follows from how a revision was made.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/reflection/checks/check.ts';
import { type DeclaredCheck, prepareChecks } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { open } from '../../support/acceptance.ts';
import { askedToStay, badRevisions, checksFor, honestMends, wordsFor } from '../../support/content-revisions.ts';
import { type ContentDraft, contentDrafts } from './cases/content-drafts.ts';
import { contentMends } from './cases/content-mends.ts';

interface Failed {
  readonly draft: ContentDraft;
  readonly check: DeclaredCheck;
  readonly result: CheckResult;
}

function run(text: string, check: DeclaredCheck, question: string): CheckResult | undefined {
  return runChecks(text, [check], { question, sources: [], computing: new ComputeBudget() })[0];
}

let failed: readonly Failed[] = [];

function draftOf(id: string): ContentDraft {
  const draft = contentDrafts.find((each) => each.id === id);
  if (!draft) throw new Error(`There is no draft ${id}.`);
  return draft;
}

beforeAll(async () => {
  const declared = contentDrafts.flatMap((draft) => checksFor(draft).map((check) => ({ draft, check })));
  await prepareChecks(declared.map(({ check }) => check));
  failed = declared.flatMap(({ draft, check }) => {
    const result = run(draft.text, check, draft.request);
    return result?.status === 'fail' ? [{ draft, check, result }] : [];
  });
});

function verdict({ draft, result }: Failed, after: string) {
  return acceptRevision({
    before: { text: draft.text, checks: [result] },
    after: { text: after, checks: [{ ...result, status: 'pass' }] },
    issues: [],
    task: open,
    known: `${draft.request}\n${result.message}`,
    witnesses: [],
    needsEvidence: true,
  });
}

describe('of revisions that are said to mend a check', () => {
  test('none is accepted that keeps under half of what nothing asks to go', () => {
    const told = new Map<string, { tried: number; accepted: number }>();
    const wrong: string[] = [];
    failed.forEach((each, index) => {
      // Every second one: each draft and each type of check is among them.
      if (index % 2 === 1) return;
      const asked = askedToStay(each.draft, each.check, each.result);
      const words = wordsFor(asked.text);
      for (const { kind, text } of badRevisions(each.draft, index)) {
        const kept = wordsFor(text);
        const share = [...words].filter((word) => kept.has(word)).length / Math.max(1, words.size);
        const isRight = each.check.type === 'language' && text === each.draft.translation?.text;
        // No words were asked to stay, or none that can be told from a translation.
        const isUntold = words.size === 0 || (each.check.type === 'language' && kind === 'rubbish');
        if (share >= 0.5 * asked.share || isRight || isUntold) continue;
        const { accepted } = verdict(each, text);
        const count = told.get(kind) ?? { tried: 0, accepted: 0 };
        told.set(kind, { tried: count.tried + 1, accepted: count.accepted + (accepted ? 1 : 0) });
        if (accepted) wrong.push(`${kind} of ${each.draft.id} for ${each.check.type}: ${text.slice(0, 60)}`);
      }
    });
    const tried = [...told.values()].reduce((sum, count) => sum + count.tried, 0);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(2_000);
  }, 60_000);

  test('honest ones are accepted, at least 95 of 100', () => {
    let tried = 0;
    const refused: string[] = [];
    failed.forEach((each, index) => {
      for (const { kind, text } of honestMends(each.draft, each.check, index)) {
        if (run(text, each.check, each.draft.request)?.status !== 'pass') continue;
        tried += 1;
        const { accepted, reasons } = verdict(each, text);
        if (!accepted) refused.push(`${kind} of ${each.draft.id} for ${each.check.type}: ${reasons.join('; ')}`);
      }
    });
    expect(tried).toBeGreaterThan(200);
    expect(refused.length).toBeLessThanOrEqual(0.05 * tried);
  });

  test.each(contentMends)(
    'an honest one in other words is accepted: $draft, $check.type',
    ({ draft: id, check, text }) => {
      const draft = draftOf(id);
      const result = run(draft.text, check, draft.request);
      expect(run(text, check, draft.request)).toMatchObject({ status: 'pass' });
      if (result?.status !== 'fail') throw new Error('The draft passes.');
      expect(verdict({ draft, check, result }, text)).toMatchObject({ accepted: true });
    },
  );
});
