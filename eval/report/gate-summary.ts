/** Whether the gate knows which drafts are wrong. Pure. */
import type { EvalRecord } from '../records.ts';

/** How the gate's choice falls on drafts that are right and wrong. */
export interface GateSummary {
  readonly drafts: number;
  readonly wrong: number;
  readonly refinedOfWrong: number;
  readonly refinedOfRight: number;
  /** From the lowest score on; ranges without a draft are left out. */
  readonly byScore: readonly GateRange[];
}

/** Drafts whose score is from `from` on, and below `to`; the last range holds 1 too. */
export interface GateRange {
  readonly from: number;
  readonly to: number;
  readonly drafts: number;
  readonly wrong: number;
  readonly refined: number;
}

export function gateSummary(own: readonly EvalRecord[]): GateSummary | null {
  const gated = own.flatMap(({ gate, draft_verdict }) =>
    gate && draft_verdict ? [{ gate, draft: draft_verdict }] : [],
  );
  if (gated.length === 0) return null;
  const refined = gated.filter(({ gate }) => gate.action !== 'return');
  const wrong = gated.filter(({ draft }) => !draft.correct).length;
  return {
    drafts: gated.length,
    wrong,
    refinedOfWrong: refined.filter(({ draft }) => !draft.correct).length,
    refinedOfRight: refined.filter(({ draft }) => draft.correct).length,
    byScore: scoreRanges.flatMap(([from, to]) => {
      const within = gated.filter(({ gate }) => gate.score >= from && (gate.score < to || to === 1));
      if (within.length === 0) return [];
      return {
        from,
        to,
        drafts: within.length,
        wrong: within.filter(({ draft }) => !draft.correct).length,
        refined: within.filter(({ gate }) => gate.action !== 'return').length,
      };
    }),
  };
}

const scoreRanges = [
  [0, 0.2],
  [0.2, 0.4],
  [0.4, 0.6],
  [0.6, 0.8],
  [0.8, 1],
] as const;
