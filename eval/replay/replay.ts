/** Recorded drafts through the engine: what code alone makes of them, and where our checks and IFEval's scorer do not agree. */
import { ComputeBudget } from '../../src/reflection/compute-budget.ts';
import { prepareChecks, runChecks } from '../../src/reflection/declared-checks.ts';
import { readReflectionBody } from '../../src/reflection/request.ts';
import type { Arm } from '../arms.ts';
import { declaredFor, scored } from '../benchmarks/ifeval.ts';
import { isBlank } from '../python/text.ts';
import { draftModel, draftRoster } from '../subjects/draft-model.ts';
import { reflected } from '../subjects/reflected.ts';
import type { RecordedDraft } from './recorded-drafts.ts';
import { wordsKept } from './words-kept.ts';

/** What one arm made of one draft. */
export interface Replayed {
  readonly line: number;
  readonly arm: string;
  readonly decision: string;
  readonly instructions: readonly string[];
  /** The scorer's strict verdicts, one for each instruction. */
  readonly before: readonly boolean[];
  readonly after: readonly boolean[];
  readonly changed: boolean;
  /** The share of the draft's words that the answer still has, 0 to 1. */
  readonly kept: number;
  /** By code, by their names. */
  readonly mends: readonly string[];
}

/** What our checks and the scorer say of one instruction on the same text. */
export interface Compared {
  readonly line: number;
  /** The draft, or an answer that an arm made of it. */
  readonly text: 'draft' | 'answer';
  readonly instruction: string;
  /** `none`: there is no check for it. */
  readonly ours: 'pass' | 'fail' | 'skipped' | 'none';
  readonly scorer: boolean;
}

export interface Replay {
  readonly drafts: number;
  readonly withoutPrompt: number;
  readonly replayed: readonly Replayed[];
  readonly compared: readonly Compared[];
}

/** Where the prompt is not known: nothing to read a constraint from. */
const anyPrompt = 'Write the text.';

/** Throws an Error that names the draft whose checks the service refuses. */
export async function replay(
  drafts: readonly RecordedDraft[],
  arms: readonly Arm[],
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<Replay> {
  const replayed: Replayed[] = [];
  const compared: Compared[] = [];
  for (const [index, draft] of drafts.entries()) {
    const strictOn = strictVerdicts(draft);
    const texts = new Set([draft.response]);
    for (const arm of arms) {
      const { output, ...rest } = await replayedBy(arm, draft);
      const [before, after] = [strictOn(draft.response), strictOn(output)];
      texts.add(output);
      replayed.push({ ...rest, before, after });
    }
    for (const text of texts) compared.push(...(await comparedOn(text, draft, strictOn(text))));
    onProgress(index + 1, drafts.length);
  }
  const withoutPrompt = drafts.filter(({ prompt }) => prompt === null).length;
  return { drafts: drafts.length, withoutPrompt, replayed, compared };
}

/** Each text is scored once. */
function strictVerdicts({ labels }: RecordedDraft): (text: string) => readonly boolean[] {
  const known = new Map<string, readonly boolean[]>();
  return (text) => {
    const strict = known.get(text) ?? scored(text, labels).strict;
    known.set(text, strict);
    return strict;
  };
}

async function replayedBy(
  arm: Arm,
  { line, prompt, response, labels }: RecordedDraft,
): Promise<Omit<Replayed, 'before' | 'after'> & { readonly output: string }> {
  const request = await readReflectionBody({
    input: prompt ?? anyPrompt,
    strategy: arm.strategy,
    // A recorded draft may be longer than a model's usual cap.
    max_output_tokens: 8_192,
    infer_checks: !arm.declares,
    checks: arm.declares ? declaredFor(labels).flat() : [],
  }).catch((error: unknown) => {
    throw new Error(`Line ${line}: ${error instanceof Error ? error.message : error}`, { cause: error });
  });
  // Nothing here waits, so no time passes.
  const record = await reflected(request, { model: draftModel(response), roster: draftRoster, now: () => 0 });
  return {
    line,
    arm: arm.name,
    decision: record.decision ?? record.status,
    instructions: labels.instruction_id_list,
    output: record.output,
    changed: record.output !== response,
    kept: wordsKept(response, record.output),
    mends: record.rounds.flatMap(({ repairs }) => repairs.map(({ transform }) => transform)),
  };
}

/** A blank text follows nothing for the scorer, whatever it asks; it is not compared. */
async function comparedOn(
  text: string,
  { line, prompt, response, labels }: RecordedDraft,
  strict: readonly boolean[],
): Promise<Compared[]> {
  if (isBlank(text)) return [];
  const declared = declaredFor(labels);
  await prepareChecks(declared.flat());
  const context = { question: prompt ?? anyPrompt, sources: [], computing: new ComputeBudget() };
  return labels.instruction_id_list.map((instruction, index) => {
    const checks = declared[index] ?? [];
    const statuses = runChecks(text, checks, context).map(({ status }) => status);
    const kind = text === response ? 'draft' : 'answer';
    return { line, text: kind, instruction, ours: together(statuses), scorer: strict[index] === true };
  });
}

function together(statuses: readonly ('pass' | 'fail' | 'skipped')[]): Compared['ours'] {
  if (statuses.length === 0) return 'none';
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('skipped') ? 'skipped' : 'pass';
}
