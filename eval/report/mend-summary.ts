/** What code alone and what a model made of drafts, apart. Pure. */
import { byItem, type EvalRecord, isCorrect, itemOf } from '../records.ts';
import { mean, upperBound } from '../statistics.ts';

/** What became of an arm's own drafts, by what was done to them. */
export interface MendSummary {
  readonly by: 'code alone' | 'passes of a model';
  readonly items: number;
  readonly draftRight: number;
  readonly fixed: number;
  readonly broken: number;
  /** Of drafts that were right, 95 %. */
  readonly breakBound: number;
  /** Output tokens against the baseline's on the same items; null where it has not all of them. */
  readonly tokenRatio: number | null;
}

/** Passes that write the draft. Where the gate sends it on, the others reflect; where not, they took the answer out of its reasoning. */
const drafting: readonly string[] = ['draft', 'continuation'];

export function mendSummaries(own: readonly EvalRecord[], base: readonly EvalRecord[]): MendSummary[] {
  const known = byItem(base);
  const touched = Map.groupBy(own, ({ gate, passes, mends }) => {
    const isSentOn = gate !== null && gate.action !== 'return';
    if (isSentOn && passes.some((role) => !drafting.includes(role))) return 'passes of a model';
    return mends.length > 0 ? 'code alone' : null;
  });
  return (['code alone', 'passes of a model'] as const).flatMap((by) => {
    const judged = (touched.get(by) ?? []).flatMap((record) =>
      record.draft_verdict ? [{ record, draft: record.draft_verdict, base: known.get(itemOf(record)) }] : [],
    );
    if (judged.length === 0) return [];
    const draftRight = judged.filter(({ draft }) => draft.correct).length;
    const broken = judged.filter(({ record, draft }) => draft.correct && !isCorrect(record)).length;
    const before = judged.flatMap((each) => each.base?.output_tokens ?? []);
    return {
      by,
      items: judged.length,
      draftRight,
      fixed: judged.filter(({ record, draft }) => !draft.correct && isCorrect(record)).length,
      broken,
      breakBound: upperBound(broken, draftRight),
      tokenRatio:
        before.length < judged.length
          ? null
          : mean(judged.map(({ record }) => record.output_tokens)) / Math.max(1e-9, mean(before)),
    };
  });
}
