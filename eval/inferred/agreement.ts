/** How far the checks that code reads from IFEval's prompts are the ones that its labels name. */
import { checkSchema, type DeclaredCheck } from '../../src/reflection/checks/checks.ts';
import { inferChecks } from '../../src/reflection/checks/inferred/infer.ts';
import { declaredFor, type IfevalRow } from '../benchmarks/ifeval.ts';

/** A constraint that a prompt states and no label names; read and confirmed by hand. */
export interface Adjudicated {
  readonly key: number | string;
  readonly check: DeclaredCheck;
}

export interface Agreement {
  /** Constraints that labels name, and how many of them were read. A range counts as two, as the labels do. */
  readonly labelled: number;
  readonly read: number;
  /** Constraints that were read; how many of them a label names, and how many were confirmed by hand. */
  readonly found: number;
  readonly agreeing: number;
  readonly adjudicated: number;
  /** What was read, and is neither labelled nor confirmed. */
  readonly wrong: readonly { readonly key: IfevalRow['key']; readonly check: string }[];
}

export function agreementOf(rows: readonly IfevalRow[], known: readonly Adjudicated[]): Agreement {
  const confirmed = new Set(known.flatMap(({ key, check }) => statements(check).map((each) => `${key} ${each}`)));
  const wrong: { key: IfevalRow['key']; check: string }[] = [];
  let [labelled, read, found, agreeing, adjudicated] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const labels = declaredFor(row).flat().flatMap(statements);
    const inferred = inferChecks(row.prompt).flatMap(({ check }) => statements(checkSchema.parse(check)));
    labelled += labels.length;
    read += labels.filter((label) => inferred.includes(label)).length;
    found += inferred.length;
    for (const check of inferred) {
      if (labels.includes(check)) agreeing += 1;
      else if (confirmed.has(`${row.key} ${check}`)) adjudicated += 1;
      else wrong.push({ key: row.key, check });
    }
  }
  return { labelled, read, found, agreeing, adjudicated, wrong };
}

/** Labels of these say "at least" for prompts that say "four sections". */
const countedFromBelow: readonly string[] = ['highlights', 'sections', 'placeholders'];

/**
 * A check as what it says, one text for each bound. Case, the order of a list, full stops and how words are looked for say nothing here; a word that
 * must appear once is a keyword, and one that may appear no more than 0 times is forbidden.
 */
export function statements(check: DeclaredCheck): string[] {
  const { id: _, ...rest } = check;
  const plain = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plainly(value)]));
  const { min, max, exactly, mode: _mode, separator: _separator, ...settings } = plain;
  const [least, most] = [exactly ?? min, exactly ?? max];
  if (check.type === 'keyword_count' && least === 1 && most === undefined)
    return [said('keywords', { keywords: [plainly(check.keyword)] })];
  if (check.type === 'keyword_count' && most === 0)
    return [said('forbidden_words', { words: [plainly(check.keyword)] })];
  if (check.type === 'paragraphs' || check.type === 'bullets') return [said(check.type, { min, max, exactly })];
  const bounds = [
    ...(least === undefined ? [] : [{ least }]),
    ...(most === undefined || countedFromBelow.includes(check.type) ? [] : [{ most }]),
  ];
  return bounds.length === 0
    ? [said(check.type, settings)]
    : bounds.map((bound) => said(check.type, { ...settings, ...bound }));
}

function said(type: string, settings: object): string {
  return `${type} ${JSON.stringify(
    Object.entries(settings)
      .filter(([name, value]) => name !== 'type' && value !== undefined && typeof value !== 'boolean')
      .toSorted(),
  )}`;
}

function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly).toSorted();
  return typeof value === 'string'
    ? value
        .toLowerCase()
        .trim()
        .replace(/^"|"$|[.]$/g, '')
        .replaceAll('.', '')
    : value;
}
