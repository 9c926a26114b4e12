/**
 * The accept gate: keep the draft unless there is evidence that the revision is better. Every rule that refuses gives its reason; ties refuse.
 * Pure, and deaf to the critic: nothing the critic wrote can make a revision pass that loses a check.
 */
import { extractAnswer, numbersIn } from './answer.ts';
import type { CheckResult } from './checks/check.ts';
import type { ComputeBudget } from './compute-budget.ts';
import type { Issue } from './critique.ts';
import { changedShare, type TextChange, textChanges } from './diff.ts';
import { hasEditMarkers } from './edits.ts';
import { refuses } from './refusal.ts';
import { isClosed, type Task } from './task.ts';

export interface Candidate {
  readonly text: string;
  readonly checks: readonly CheckResult[];
}

export interface AcceptInput {
  readonly before: Candidate;
  readonly after: Candidate;
  /** What the revision was asked to mend; empty when it answers failed checks only. */
  readonly issues: readonly Issue[];
  readonly task: Task;
  /** Where new facts may come from: the request and the sources. */
  readonly known: string;
  /** Independent answers to a closed question that agree with nobody but themselves: the critic's own, blind samples. */
  readonly witnesses: readonly string[];
  /** False for a strategy that rewrites without evidence; lost checks refuse all the same. */
  readonly needsEvidence: boolean;
  /** Pays for comparing the texts; without it, that is not counted. */
  readonly computing?: ComputeBudget;
}

export interface Acceptance {
  readonly accepted: boolean;
  /** Why, in words for the record. */
  readonly reasons: readonly string[];
}

/** Longer or shorter than this, a revision is another answer and no mended one. */
const lengthRatio = { least: 0.6, most: 1.3 } as const;
/** Below this share of changed characters a revision is the same text, unless it mends something. */
export const sameText = 0.02;
const closeBy = 80;

/** What the rules read: the input, and what comparing the texts gave, once for all of them. */
interface Compared extends AcceptInput {
  readonly changes: readonly TextChange[];
  /** What the revision mended, as reasons to take it. */
  readonly supports: readonly string[];
}

type Rule = (compared: Compared) => string | null;

/** Refusals that hold for every strategy. */
const safetyRules: readonly Rule[] = [emptied, unchanged, losesCheck, showsMarkers];
/** Refusals for want of evidence. */
const evidenceRules: readonly Rule[] = [
  resolvesNothing,
  changesAnswerUnsupported,
  losesInvariant,
  losesForm,
  addsUnknown,
  changesLength,
  editsElsewhere,
  keepsNothing,
  newlyRefuses,
];

/** Decides whether the revision replaces the text before it. */
export function acceptRevision(input: AcceptInput): Acceptance {
  const changes = textChanges(input.before.text, input.after.text, input.computing);
  const compared = { ...input, changes, supports: supportsOf(input, changes) };
  const rules = input.needsEvidence ? [...safetyRules, ...evidenceRules] : safetyRules;
  const refusals = rules.map((rule) => rule(compared)).filter((reason) => reason !== null);
  if (refusals.length > 0) return { accepted: false, reasons: refusals };
  return { accepted: true, reasons: compared.supports.length > 0 ? compared.supports : ['it loses no check'] };
}

/** The checks that `after` is worse in: those that passed before and no longer do, and those that fail only now. */
export function lostChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const was = new Map(before.map((check) => [check.id, check.status]));
  const now = new Map(after.map((check) => [check.id, check.status]));
  const lost = before.filter((check) => check.status === 'pass' && now.get(check.id) !== 'pass');
  // A check that abstained before and fails now was broken as well.
  const fresh = after.filter((check) => check.status === 'fail' && !['pass', 'fail'].includes(was.get(check.id) ?? ''));
  return [...lost, ...fresh];
}

/** The checks of `before` that failed and pass in `after`. */
export function mendedChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const now = new Map(after.map((check) => [check.id, check.status]));
  return before.filter((check) => check.status === 'fail' && now.get(check.id) === 'pass');
}

function emptied({ after }: Compared): string | null {
  return after.text.trim() === '' ? 'the revision is empty' : null;
}

function unchanged({ before, after, supports, computing }: Compared): string | null {
  const isSame = supports.length === 0 && changedShare(before.text, after.text, computing) < sameText;
  return isSame ? 'the revision says the same' : null;
}

function losesCheck({ before, after }: Compared): string | null {
  const lost = lostChecks(before.checks, after.checks);
  return lost.length > 0
    ? `the revision breaks ${lost.map((check) => `${check.id} (${check.type})`).join(', ')}`
    : null;
}

function showsMarkers({ before, after }: Compared): string | null {
  return hasEditMarkers(after.text) && !hasEditMarkers(before.text) ? 'the revision is a list of edits, no text' : null;
}

function resolvesNothing({ supports }: Compared): string | null {
  return supports.length > 0 ? null : 'the revision mends neither a failed check nor a confirmed issue';
}

function supportsOf({ before, after, issues }: AcceptInput, changes: readonly TextChange[]): string[] {
  const checks = mendedChecks(before.checks, after.checks).map((check) => `mends ${check.id} (${check.type})`);
  const mended = issues.filter(
    (issue) => issue.confirmed === 'verified' && isResolved(issue, before.text, after.text, changes),
  );
  return [...checks, ...mended.map((issue) => `resolves ${issue.id} (${issue.kind})`)];
}

/** An issue counts as resolved when the words that it quotes were changed and do not stand elsewhere instead; an omission when words were added. */
function isResolved(issue: Issue, before: string, after: string, changes: readonly TextChange[]): boolean {
  if (!issue.span) return after.length > before.length && changes.some((change) => /[\p{L}\p{N}]/u.test(change.added));
  const [start, end] = issue.span;
  const isTouched = changes.some((change) => change.span[0] < end && change.span[1] > start);
  const quote = before.slice(start, end);
  return isTouched && occurrences(quote, after) < occurrences(quote, before);
}

function occurrences(part: string, text: string): number {
  return text.split(part).length - 1;
}

/** A changed final answer needs two independent witnesses besides the reviser, or a calculation that code has done again. */
function changesAnswerUnsupported({ before, after, task, witnesses }: Compared): string | null {
  if (!isClosed(task)) return null;
  const old = extractAnswer(before.text, task);
  const fresh = extractAnswer(after.text, task);
  if (old === null || old === fresh) return null;
  if (fresh === null) return `the revision loses the answer ${old}`;
  const isComputed = mendedChecks(before.checks, after.checks)
    .filter((check) => check.type === 'arithmetic')
    .map((check) => numbersIn(check.message))
    .some((numbers) => numbers.includes(old) && numbers.includes(fresh));
  if (isComputed) return null;
  const agreeing = witnesses.filter((witness) => witness === fresh).length;
  return agreeing >= 2 ? null : `the answer changes from ${old} to ${fresh} with ${agreeing} of 2 supports`;
}

const urlPattern = /https?:\/\/[^\s)>\]"']*[^\s)>\]"'.,;:!?]/g;
const numberPattern = /(?<![\w.])\d[\d.,]*\d|\b\d\b/g;
const citationPattern = /\[[\p{L}\p{N}_.:-]{1,64}\]/gu;
const fencePattern = /^[ \t]{0,12}```/gm;
// Two capitalised words in a row, or one inside a sentence: a name, near enough to ask where it came from.
const namePattern = /(?<=[\p{Ll},;] )\p{Lu}[\p{L}'’-]{2,}(?: \p{Lu}[\p{L}'’-]+)*/gu;

/** Links, numbers and citations outside the quoted places must survive. */
function losesInvariant({ before, after, issues }: Compared): string | null {
  if (issues.length === 0) return null;
  const outside = withoutSpans(before.text, issues);
  const lost = [urlPattern, numberPattern, citationPattern].flatMap((pattern) => {
    const kept = new Set(matches(after.text, pattern));
    return matches(outside, pattern).filter((part) => !kept.has(part));
  });
  return lost.length > 0 ? `the revision loses ${lost.slice(0, 3).join(', ')}` : null;
}

/** Code stays in its fences, and JSON stays JSON. */
function losesForm({ before, after, issues }: Compared): string | null {
  const fences = after.text.match(fencePattern)?.length ?? 0;
  const fencesBefore = before.text.match(fencePattern)?.length ?? 0;
  if (fencesBefore !== fences && fences % 2 === 1) return 'the revision leaves a code fence open';
  const fencesOutside = withoutSpans(before.text, issues).match(fencePattern)?.length ?? 0;
  if (issues.length > 0 && fences < fencesOutside) return 'the revision loses a code fence';
  return isJson(before.text) && !isJson(after.text) ? 'the revision is no JSON any more' : null;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** New links, numbers and names must stand in the request or a source. */
function addsUnknown({ before, after, known, issues, task }: Compared): string | null {
  // A corrected fact, sum or line of code is new by its nature: its support is the confirmation, or the witnesses.
  if (isClosed(task) || task.class === 'code') return null;
  const corrected = issues.some(
    (issue) => issue.confirmed === 'verified' && ['incorrect_fact', 'arithmetic', 'omission'].includes(issue.kind),
  );
  const material = `${before.text}\n${known}`.toLowerCase();
  const values = new Set(numbersIn(material));
  const fresh = [
    ...matches(after.text, urlPattern).filter((url) => !material.includes(url.toLowerCase())),
    ...(corrected ? [] : matches(after.text, numberPattern).filter((each) => !values.has(numbersIn(each)[0] ?? each))),
    ...(corrected || issues.length === 0
      ? []
      : matches(after.text, namePattern).filter((name) => !material.includes(name.toLowerCase()))),
  ];
  return fresh.length > 0 ? `the revision brings in ${fresh.slice(0, 3).join(', ')}, which nothing supports` : null;
}

function changesLength({ before, after, issues }: Compared): string | null {
  const asked =
    issues.some((issue) => issue.kind === 'omission') || mendedChecks(before.checks, after.checks).length > 0;
  const ratio = after.text.length / Math.max(1, before.text.length);
  if (asked || (ratio >= lengthRatio.least && ratio <= lengthRatio.most)) return null;
  return `the revision is ${ratio.toFixed(2)} times as long`;
}

/** Most of what changed must lie in or near the places the issues quote. */
function editsElsewhere({ issues, changes }: Compared): string | null {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  if (spans.length === 0 || spans.length < issues.length) return null;
  const size = (change: TextChange) => Math.max(change.removed.length, change.added.length);
  const near = changes.filter((change) =>
    spans.some(([start, end]) => change.span[1] >= start - closeBy && change.span[0] <= end + closeBy),
  );
  const total = changes.reduce((sum, change) => sum + size(change), 0);
  const inside = near.reduce((sum, change) => sum + size(change), 0);
  return inside < total * 0.6
    ? `only ${Math.round((100 * inside) / total)} % of what changed is near the issues`
    : null;
}

/** A remark about the text, or another text, mends whatever is asked by leaving the text out. A short text may change as a whole. */
function keepsNothing({ before, after, issues, changes }: Compared): string | null {
  if (before.text.length < 60 || mendsForm(before.checks, after.checks)) return null;
  const removed = changes.reduce((sum, change) => sum + letters(change.removed), 0);
  const lost = issues.length > 0 && removed > letters(before.text) * 0.8;
  return lost || sharedWords(before.text, after.text) < 0.5 ? 'the revision keeps next to nothing of the text' : null;
}

/** Checks whose mending rightly writes other words: a translation, one of the choices, data in place of prose. */
const rewritten = ['language', 'choice', 'json', 'json_schema'];

function mendsForm(before: readonly CheckResult[], after: readonly CheckResult[]): boolean {
  return mendedChecks(before, after).some((check) => rewritten.includes(check.type));
}

/** The share of the shorter text's words that stand in the other. */
function sharedWords(before: string, after: string): number {
  const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const [one, other] = [words(before), words(after)];
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  return [...fewer].filter((word) => more.has(word)).length / Math.max(1, fewer.size);
}

function newlyRefuses({ before, after }: Compared): string | null {
  return refuses(after.text) && !refuses(before.text) ? 'the revision refuses to answer' : null;
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern) ?? [])];
}

function withoutSpans(text: string, issues: readonly Issue[]): string {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  return spans.reduce((rest, [start, end]) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);
}
