/** What the records of a benchmark come to, arm by arm and against the baseline on the same items. Pure. */
import { isResampling } from '../arms.ts';
import { byItem, type EvalRecord, isCorrect, itemOf } from '../records.ts';
import { type Interval, mcNemar, mean, netGain, quantile, upperBound, wilson } from '../statistics.ts';
import { type GateSummary, gateSummary } from './gate-summary.ts';
import { type MendSummary, mendSummaries } from './mend-summary.ts';

export interface ArmSummary {
  readonly arm: string;
  readonly items: number;
  readonly correct: number;
  readonly share: Interval & { readonly value: number };
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly calls: number;
  readonly msMedian: number;
  readonly usd: number;
  /** Answers that were cut, and those in which no answer was found. */
  readonly truncated: number;
  readonly unreadable: number;
  readonly failed: number;
  readonly decisions: Readonly<Record<string, number>>;
  /** Null for the baseline, and where no item is common. */
  readonly against: Comparison | null;
  readonly gate: GateSummary | null;
  readonly mended: readonly MendSummary[];
  /** Of IFEval: by prompt and by instruction. */
  readonly instructions: InstructionSummary | null;
}

export interface Comparison {
  readonly baseline: string;
  /** Items that both arms have. */
  readonly items: number;
  readonly fixed: number;
  readonly broken: number;
  readonly bothRight: number;
  readonly bothWrong: number;
  /** Of what the baseline had wrong, and right. */
  readonly fixRate: number;
  readonly breakRate: number;
  /** 95 %. */
  readonly breakBound: number;
  readonly net: Interval & { readonly value: number };
  readonly p: number;
  /** How much more a point costs; null where the interval of the net gain holds zero. */
  readonly perPoint: { readonly tokens: number; readonly ms: number; readonly calls: number } | null;
  /** Output tokens against the baseline's. */
  readonly tokenRatio: number;
  /** What arms that only draw more drafts reach with as many output tokens. Empty for such an arm itself, and where none was measured on the same items. */
  readonly atEqualTokens: readonly { readonly arm: string; readonly share: number }[];
}

export interface InstructionSummary {
  readonly promptStrict: number;
  readonly promptLoose: number;
  readonly instructionStrict: number;
  readonly instructionLoose: number;
}

export interface BenchmarkSummary {
  readonly benchmark: string;
  readonly arms: readonly ArmSummary[];
}

export function summarise(records: readonly EvalRecord[], baseline: string): BenchmarkSummary[] {
  return Array.from(
    Map.groupBy(records, ({ benchmark }) => benchmark),
    ([benchmark, all]) => {
      const byArm = Map.groupBy(all, ({ arm }) => arm);
      const references: References = {
        base: byArm.get(baseline),
        resampled: [...byArm].filter(([arm]) => isResampling(arm)),
      };
      const arms = Array.from(byArm, ([arm, own]) => summaryOf(arm, own, arm === baseline ? {} : references));
      return { benchmark, arms };
    },
  );
}

type Resampled = readonly (readonly [arm: string, records: readonly EvalRecord[]])[];

/** The arms that others are held against. */
interface References {
  readonly base?: readonly EvalRecord[] | undefined;
  readonly resampled?: Resampled | undefined;
}

function summaryOf(arm: string, own: readonly EvalRecord[], { base, resampled = [] }: References): ArmSummary {
  const correct = own.filter(isCorrect).length;
  return {
    arm,
    items: own.length,
    correct,
    share: { value: own.length === 0 ? 0 : correct / own.length, ...wilson(correct, own.length) },
    outputTokens: mean(own.map(({ output_tokens }) => output_tokens)),
    inputTokens: mean(own.map(({ input_tokens }) => input_tokens)),
    calls: mean(own.map(({ calls }) => calls)),
    msMedian: quantile(
      own.map(({ ms }) => ms),
      0.5,
    ),
    usd: own.reduce((sum, { cost_usd }) => sum + cost_usd, 0),
    truncated: own.filter(({ finish_reason }) => finish_reason === 'length').length,
    unreadable: own.filter(({ verdict }) => verdict['extracted'] === null || verdict['extracted'] === '[invalid]')
      .length,
    failed: own.filter(({ status }) => status !== 'completed').length,
    decisions: countsOf(own.map(({ decision, status }) => decision ?? status)),
    against: base ? comparison(own, base, isResampling(arm) ? [] : resampled) : null,
    gate: gateSummary(own),
    mended: mendSummaries(own, base ?? []),
    instructions: instructionSummary(own),
  };
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function comparison(own: readonly EvalRecord[], base: readonly EvalRecord[], resampled: Resampled): Comparison | null {
  const known = byItem(base);
  const pairs = own.flatMap((record) => {
    const other = known.get(itemOf(record));
    return other ? [[record, other] as const] : [];
  });
  const [first] = base;
  if (!first || pairs.length === 0) return null;
  const fixed = pairs.filter(([mine, theirs]) => isCorrect(mine) && !isCorrect(theirs)).length;
  const broken = pairs.filter(([mine, theirs]) => !isCorrect(mine) && isCorrect(theirs)).length;
  const right = pairs.filter(([, theirs]) => isCorrect(theirs)).length;
  const wrong = pairs.length - right;
  const net = netGain(fixed, broken, pairs.length);
  const more = (value: (record: EvalRecord) => number): number =>
    mean(pairs.map(([mine, theirs]) => value(mine) - value(theirs)));
  const isSignificant = net.low > 0 || net.high < 0;
  const points = net.value * 100;
  return {
    baseline: first.arm,
    items: pairs.length,
    fixed,
    broken,
    bothRight: right - broken,
    bothWrong: wrong - fixed,
    fixRate: wrong === 0 ? 0 : fixed / wrong,
    breakRate: right === 0 ? 0 : broken / right,
    breakBound: upperBound(broken, right),
    net,
    p: mcNemar(fixed, broken),
    perPoint: isSignificant
      ? {
          tokens: more(({ output_tokens }) => output_tokens) / points,
          ms: more(({ ms }) => ms) / points,
          calls: more(({ calls }) => calls) / points,
        }
      : null,
    tokenRatio:
      mean(pairs.map(([mine]) => mine.output_tokens)) /
      Math.max(1e-9, mean(pairs.map(([, theirs]) => theirs.output_tokens))),
    atEqualTokens: resampled.flatMap(([arm, records]) => {
      const share = mixedShare(pairs, records);
      return share === null ? [] : [{ arm, share }];
    }),
  };
}

/**
 * The share that is right where each item is sampled again with such a chance, and drafted once otherwise, that both arms write as many tokens: the
 * straight line between the baseline and the arm that samples. More than that arm writes buys nothing more.
 */
function mixedShare(
  pairs: readonly (readonly [own: EvalRecord, base: EvalRecord])[],
  resampled: readonly EvalRecord[],
): number | null {
  const known = byItem(resampled);
  const triples = pairs.flatMap(([own, base]) => {
    const other = known.get(itemOf(own));
    return other ? [{ own, base, resampled: other }] : [];
  });
  if (triples.length < pairs.length) return null;
  const tokens = (arm: 'own' | 'base' | 'resampled') => mean(triples.map((triple) => triple[arm].output_tokens));
  const share = (arm: 'base' | 'resampled') => mean(triples.map((triple) => (isCorrect(triple[arm]) ? 1 : 0)));
  const extra = tokens('resampled') - tokens('base');
  if (extra <= 0) return share('resampled');
  const chance = Math.min(1, Math.max(0, (tokens('own') - tokens('base')) / extra));
  return share('base') + chance * (share('resampled') - share('base'));
}

function instructionSummary(own: readonly EvalRecord[]): InstructionSummary | null {
  const verdicts = own.flatMap(({ verdict }) => {
    const [strict, loose] = [flagsOf(verdict['strict']), flagsOf(verdict['loose'])];
    return strict && loose ? [{ strict, loose }] : [];
  });
  if (verdicts.length === 0) return null;
  const every = (lists: readonly (readonly boolean[])[]) => mean(lists.map((flags) => (flags.every(Boolean) ? 1 : 0)));
  const each = (lists: readonly (readonly boolean[])[]) => mean(lists.flat().map((flag) => (flag ? 1 : 0)));
  const [strict, loose] = [verdicts.map((verdict) => verdict.strict), verdicts.map((verdict) => verdict.loose)];
  return {
    promptStrict: every(strict),
    promptLoose: every(loose),
    instructionStrict: each(strict),
    instructionLoose: each(loose),
  };
}

function flagsOf(value: unknown): boolean[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const flags = value.filter((flag) => typeof flag === 'boolean');
  return flags.length === value.length ? flags : undefined;
}
