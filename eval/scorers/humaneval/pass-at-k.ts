/** The chance that one of k responses passes, without bias, from n responses of which c passed. https://github.com/openai/human-eval/blob/master/human_eval/evaluation.py (`estimate_pass_at_k`) */

export interface Samples {
  /** Responses to one problem. */
  readonly n: number;
  readonly correct: number;
}

/** The mean over the problems; undefined where one of them has fewer than k responses, or where there is none. */
export function passAtK(problems: readonly Samples[], k: number): number | undefined {
  if (problems.length === 0 || problems.some(({ n }) => n < k)) return undefined;
  return problems.reduce((sum, problem) => sum + chance(problem, k), 0) / problems.length;
}

function chance({ n, correct }: Samples, k: number): number {
  if (n - correct < k) return 1;
  let allFail = 1;
  for (let i = n - correct + 1; i <= n; i += 1) allFail *= 1 - k / i;
  return 1 - allFail;
}
