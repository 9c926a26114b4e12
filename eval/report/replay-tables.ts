/** What a replay comes to, as tables. Pure. */
import type { Compared, Replay, Replayed } from '../replay/replay.ts';
import { mcNemar, mean, upperBound } from '../statistics.ts';
import { percent, type Table } from './tables.ts';

export function replayTables({ drafts, withoutPrompt, replayed, compared }: Replay): Table[] {
  const arms = Map.groupBy(replayed, ({ arm }) => arm);
  return [
    scoreTable(arms, drafts, withoutPrompt),
    contentTable(arms),
    decisionTable(arms),
    instructionTable(arms),
    ...brokenTable(replayed),
    disagreementTable(compared),
  ];
}

type Arms = ReadonlyMap<string, readonly Replayed[]>;

const all = (flags: readonly boolean[]): boolean => flags.every(Boolean);
const shareOf = (flags: readonly boolean[]): string => percent(mean(flags.map(Number)));

function flips(own: readonly Replayed[]) {
  const fixed = own.filter(({ before, after }) => !all(before) && all(after));
  const broken = own.filter(({ before, after }) => all(before) && !all(after));
  return { fixed, broken };
}

/** Instructions that were followed before and are not now, or the other way round. */
function flipsOf({ before, after }: Replayed, was: boolean): number {
  return before.filter((flag, index) => flag === was && after[index] === !was).length;
}

function scoreTable(arms: Arms, drafts: number, withoutPrompt: number): Table {
  const promptless = withoutPrompt === 0 ? '' : ` The prompt of ${withoutPrompt} is not known.`;
  return {
    title: 'Before and after',
    note: `${drafts} drafts, by IFEval’s strict scorer.${promptless} The bound: with 95 %, no more than this share of right drafts is broken; p is McNemar’s exact test.`,
    columns: [
      'arm',
      'drafts',
      'prompts before',
      'prompts after',
      'instructions before',
      'instructions after',
      'instructions fixed',
      'instructions broken',
      'prompts fixed',
      'prompts broken',
      'bound',
      'p',
    ],
    rows: Array.from(arms, ([arm, own]) => {
      const { fixed, broken } = flips(own);
      const right = own.filter(({ before }) => all(before)).length;
      return [
        arm,
        String(own.length),
        shareOf(own.map(({ before }) => all(before))),
        shareOf(own.map(({ after }) => all(after))),
        shareOf(own.flatMap(({ before }) => before)),
        shareOf(own.flatMap(({ after }) => after)),
        String(own.reduce((sum, each) => sum + flipsOf(each, false), 0)),
        String(own.reduce((sum, each) => sum + flipsOf(each, true), 0)),
        String(fixed.length),
        String(broken.length),
        right === 0 ? '–' : percent(upperBound(broken.length, right)),
        mcNemar(fixed.length, broken.length).toPrecision(2),
      ];
    }),
  };
}

function contentTable(arms: Arms): Table {
  return {
    title: 'Content kept',
    note: 'The share of the draft’s words that the answer still has: over all drafts, over those that were changed, and in the one that lost most.',
    columns: ['arm', 'changed', 'kept of all', 'kept of changed', 'least kept', 'its line'],
    rows: Array.from(arms, ([arm, own]) => {
      const changed = own.filter((each) => each.changed);
      const [least] = changed.toSorted((one, other) => one.kept - other.kept);
      return [
        arm,
        String(changed.length),
        percent(mean(own.map(({ kept }) => kept))),
        changed.length === 0 ? '–' : percent(mean(changed.map(({ kept }) => kept))),
        least ? percent(least.kept) : '–',
        least ? String(least.line) : '–',
      ];
    }),
  };
}

function decisionTable(arms: Arms): Table {
  const names = [...new Set([...arms.values()].flat().map(({ decision }) => decision))].toSorted();
  return {
    title: 'Decisions',
    note: '',
    columns: ['arm', ...names],
    rows: Array.from(arms, ([arm, own]) => [
      arm,
      ...names.map((name) => String(own.filter(({ decision }) => decision === name).length)),
    ]),
  };
}

function instructionTable(arms: Arms): Table {
  const [first = []] = arms.values();
  const ids = [...new Set(first.flatMap(({ instructions }) => instructions))].toSorted();
  const flagsOf = (own: readonly Replayed[], id: string) =>
    own.flatMap(({ instructions, before, after }) =>
      instructions.flatMap((each, index) => (each === id ? [[before[index] === true, after[index] === true]] : [])),
    );
  return {
    title: 'By instruction',
    note: 'How many are followed before, and after each arm; in brackets what was fixed and broken.',
    columns: ['instruction', 'asked', 'before', ...arms.keys()],
    rows: ids.map((id) => {
      const before = flagsOf(first, id);
      const told = Array.from(arms.values(), (own) => {
        const flags = flagsOf(own, id);
        const count = (is: boolean, was: boolean) =>
          flags.filter(([earlier, later]) => earlier === was && later === is).length;
        return `${count(true, true) + count(true, false)} (+${count(true, false)} −${count(false, true)})`;
      });
      return [id, String(before.length), String(before.filter(([earlier]) => earlier).length), ...told];
    }),
  };
}

/** Rows and lines that a table names at most. */
const mostTold = { rows: 40, lines: 6 } as const;

function brokenTable(replayed: readonly Replayed[]): Table[] {
  const { broken } = flips(replayed);
  if (broken.length === 0) return [];
  return [
    {
      title: 'Broken drafts',
      note: broken.length > mostTold.rows ? `The first ${mostTold.rows} of ${broken.length}.` : '',
      columns: ['arm', 'line', 'what it no longer follows', 'mends'],
      rows: broken
        .slice(0, mostTold.rows)
        .map(({ arm, line, instructions, after, mends }) => [
          arm,
          String(line),
          instructions.filter((_, index) => after[index] !== true).join(', '),
          mends.join(', '),
        ]),
    },
  ];
}

function disagreementTable(compared: readonly Compared[]): Table {
  const groups = [...Map.groupBy(compared, ({ instruction }) => instruction)];
  const kinds = ['draft', 'answer'] as const;
  return {
    title: 'Our checks against the scorer',
    note: 'On the same texts: the drafts, and the other texts that the arms made of them. What we let pass and the scorer does not, and the other way round; in brackets the first lines. Skipped: our check was in doubt. Of blank texts nothing is told.',
    columns: [
      'instruction',
      ...kinds.flatMap((kind) => [`${kind}s`, 'we pass, it fails', 'we fail, it passes', 'skipped', 'no check']),
    ],
    rows: [...groups.toSorted(([one], [other]) => (one < other ? -1 : 1)), ['all', compared] as const].map(
      ([instruction, own]) => [
        instruction,
        ...kinds.flatMap((kind) => {
          const texts = own.filter(({ text }) => text === kind);
          return [
            String(texts.length),
            linesOf(texts.filter(({ ours, scorer }) => ours === 'pass' && !scorer)),
            linesOf(texts.filter(({ ours, scorer }) => ours === 'fail' && scorer)),
            String(texts.filter(({ ours }) => ours === 'skipped').length),
            String(texts.filter(({ ours }) => ours === 'none').length),
          ];
        }),
      ],
    ),
  };
}

function linesOf(found: readonly Compared[]): string {
  const lines = [...new Set(found.map(({ line }) => line))];
  const more = lines.length > mostTold.lines ? ' …' : '';
  return found.length === 0 ? '0' : `${found.length} (${lines.slice(0, mostTold.lines).join(', ')}${more})`;
}
