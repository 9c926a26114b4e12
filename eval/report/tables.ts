/** The tables of a report, which are the same in Markdown and in HTML. Pure. */
import type { ArmSummary, BenchmarkSummary } from './summary.ts';

export interface Table {
  readonly title: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesOf({ arms }: BenchmarkSummary): Table[] {
  return [
    scoreTable(arms),
    flipTable(arms),
    ...unlessEmpty(mendTable(arms)),
    costTable(arms),
    ...unlessEmpty(equalTokenTable(arms)),
    troubleTable(arms),
    decisionTable(arms),
    ...unlessEmpty(gateTable(arms)),
    ...unlessEmpty(calibrationTable(arms)),
    ...unlessEmpty(instructionTable(arms)),
  ];
}

/** No table where there is nothing to tell. */
function unlessEmpty(table: Table): Table[] {
  return table.rows.length === 0 ? [] : [table];
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
}

function scoreTable(arms: readonly ArmSummary[]): Table {
  return {
    title: 'Scores',
    note: 'With Wilson’s interval of 95 %. The net gain is against the baseline on the same items, in points, with its interval of 95 %; p is McNemar’s exact test. “n.s.”: the interval holds zero.',
    columns: ['arm', 'items', 'correct', 'share', 'net', 'p'],
    rows: arms.map(({ arm, items, correct, share, against }) => [
      arm,
      String(items),
      String(correct),
      `${percent(share.value)} (${percent(share.low)} to ${percent(share.high)})`,
      against
        ? `${points(against.net.value)} (${points(against.net.low)} to ${points(against.net.high)})${against.perPoint ? '' : ' n.s.'}`
        : 'baseline',
      against ? against.p.toPrecision(2) : '–',
    ]),
  };
}

function flipTable(arms: readonly ArmSummary[]): Table {
  return {
    title: 'What was fixed and what was broken',
    note: 'Of the items that the baseline had wrong and right. The bound: with 95 %, no more than this share of right answers is broken.',
    columns: ['arm', 'both right', 'fixed', 'broken', 'both wrong', 'fix rate', 'break rate', 'bound'],
    rows: arms.flatMap(({ arm, against }) =>
      against
        ? [
            [
              arm,
              String(against.bothRight),
              String(against.fixed),
              String(against.broken),
              String(against.bothWrong),
              percent(against.fixRate),
              percent(against.breakRate),
              percent(against.breakBound),
            ],
          ]
        : [],
    ),
  };
}

function mendTable(arms: readonly ArmSummary[]): Table {
  const rows = arms.flatMap(({ arm, mended }) =>
    mended.map(({ by, items, draftRight, fixed, broken, breakBound, tokenRatio }) => [
      arm,
      by,
      String(items),
      String(draftRight),
      String(fixed),
      String(broken),
      draftRight === 0 ? '–' : percent(breakBound),
      tokenRatio === null ? '–' : `${tokenRatio.toFixed(2)} ×`,
    ]),
  );
  return {
    title: 'Changes by code and by a model',
    note: 'Of answers that were touched after their draft, against that draft: what the author is told beforehand is no part of it. The bound is of 95 %.',
    columns: ['arm', 'changed by', 'items', 'draft right', 'fixed', 'broken', 'bound', 'tokens of the baseline’s'],
    rows,
  };
}

function costTable(arms: readonly ArmSummary[]): Table {
  const each = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));
  return {
    title: 'What it costs',
    note: 'Means an item, the time as a median. What a point costs is told where the gain is sure.',
    columns: [
      'arm',
      'output tokens',
      'of the baseline’s',
      'input tokens',
      'calls',
      'time',
      'tokens a point',
      'ms a point',
    ],
    rows: arms.map(({ arm, outputTokens, inputTokens, calls, msMedian, against }) => [
      arm,
      each(outputTokens),
      against ? `${against.tokenRatio.toFixed(2)} ×` : '1 ×',
      each(inputTokens),
      calls.toFixed(2),
      `${Math.round(msMedian)} ms`,
      against ? (against.perPoint ? each(against.perPoint.tokens) : 'n.s.') : '–',
      against ? (against.perPoint ? each(against.perPoint.ms) : 'n.s.') : '–',
    ]),
  };
}

function equalTokenTable(arms: readonly ArmSummary[]): Table {
  const rows = arms.flatMap(({ arm, share, outputTokens, against }) =>
    (against?.atEqualTokens ?? []).map((other) => [
      arm,
      outputTokens.toFixed(0),
      percent(share.value),
      other.arm,
      percent(other.share),
      points(share.value - other.share),
    ]),
  );
  return {
    title: 'Against more drafts with as many tokens',
    note: 'What a vote, or the best of several drafts, reaches on so many of the items, and only on these, that it writes as many tokens as the arm. An arm that is no better is not worth its passes.',
    columns: ['arm', 'output tokens', 'share', 'against', 'with as many tokens', 'difference'],
    rows,
  };
}

function troubleTable(arms: readonly ArmSummary[]): Table {
  return {
    title: 'Cut, unreadable and failed',
    note: 'All of these count as wrong.',
    columns: ['arm', 'cut off', 'no answer found', 'run failed'],
    rows: arms.map(({ arm, truncated, unreadable, failed }) => [
      arm,
      String(truncated),
      String(unreadable),
      String(failed),
    ]),
  };
}

function decisionTable(arms: readonly ArmSummary[]): Table {
  const names = [...new Set(arms.flatMap(({ decisions }) => Object.keys(decisions)))].toSorted();
  return {
    title: 'Decisions',
    note: '',
    columns: ['arm', ...names],
    rows: arms.map(({ arm, decisions }) => [arm, ...names.map((name) => String(decisions[name] ?? 0))]),
  };
}

function gateTable(arms: readonly ArmSummary[]): Table {
  const gated = arms.flatMap(({ arm, gate }) => (gate ? [{ arm, ...gate }] : []));
  return {
    title: 'The gate',
    note: 'How much of the wrong drafts, and of the right ones, it sent on.',
    columns: ['arm', 'drafts', 'wrong', 'sent on of wrong', 'sent on of right'],
    rows: gated.map(({ arm, drafts, wrong, refinedOfWrong, refinedOfRight }) => [
      arm,
      String(drafts),
      String(wrong),
      percent(wrong === 0 ? 0 : refinedOfWrong / wrong),
      percent(drafts === wrong ? 0 : refinedOfRight / (drafts - wrong)),
    ]),
  };
}

function calibrationTable(arms: readonly ArmSummary[]): Table {
  const rows = arms.flatMap(({ arm, gate }) =>
    (gate?.byScore ?? []).map(({ from, to, drafts, wrong, refined }) => [
      arm,
      `${from.toFixed(1)} to ${to.toFixed(1)}`,
      String(drafts),
      percent(wrong / drafts),
      percent(refined / drafts),
    ]),
  );
  return {
    title: 'The gate’s score',
    note: 'A score that tells something rises with the share of drafts that are wrong.',
    columns: ['arm', 'score', 'drafts', 'wrong', 'sent on'],
    rows,
  };
}

function instructionTable(arms: readonly ArmSummary[]): Table {
  const rated = arms.flatMap(({ arm, instructions }) => (instructions ? [{ arm, ...instructions }] : []));
  return {
    title: 'Instructions followed',
    note: 'By prompt: all of its instructions. Strict: of the answer as it is.',
    columns: ['arm', 'prompts, strict', 'prompts, loose', 'instructions, strict', 'instructions, loose'],
    rows: rated.map(({ arm, promptStrict, promptLoose, instructionStrict, instructionLoose }) => [
      arm,
      percent(promptStrict),
      percent(promptLoose),
      percent(instructionStrict),
      percent(instructionLoose),
    ]),
  };
}
