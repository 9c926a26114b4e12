/**
 * The accept gate: keep the draft unless there is evidence that the revision is better. Every rule that refuses gives its reason; ties refuse.
 * Pure, and deaf to the critic: nothing the critic wrote can make a revision pass that loses a check.
 */
import { extractAnswer } from './answer.ts';
import type { CheckResult } from './checks/check.ts';
import type { Issue } from './critique.ts';
import { changedShare, type TextChange, textChanges } from './diff.ts';
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
}

export interface Acceptance {
  readonly accepted: boolean;
  /** Why, in words for the record. */
  readonly reasons: readonly string[];
}

/** Longer or shorter than this, a revision is another answer and no mended one. */
const lengthRatio = { least: 0.6, most: 1.3 } as const;
/** Below this share of changed characters a revision is the same text. */
const sameText = 0.02;
const closeBy = 80;

type Rule = (input: AcceptInput) => string | null;

/** Refusals that hold for every strategy. */
const safetyRules: readonly Rule[] = [emptied, unchanged, losesCheck, failsMore];
/** Refusals for want of evidence. */
const evidenceRules: readonly Rule[] = [
  resolvesNothing,
  changesAnswerUnsupported,
  losesInvariant,
  addsUnknown,
  changesLength,
  editsElsewhere,
];

/** Decides whether the revision replaces the text before it. */
export function acceptRevision(input: AcceptInput): Acceptance {
  const rules = input.needsEvidence ? [...safetyRules, ...evidenceRules] : safetyRules;
  const refusals = rules.map((rule) => rule(input)).filter((reason) => reason !== null);
  if (refusals.length > 0) return { accepted: false, reasons: refusals };
  return { accepted: true, reasons: supports(input) };
}

/** The checks of `before` that passed and no longer do in `after`. */
export function lostChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const now = new Map(after.map((check) => [check.id, check.status]));
  return before.filter((check) => check.status === 'pass' && now.get(check.id) !== 'pass');
}

/** The checks of `before` that failed and pass in `after`. */
export function mendedChecks(before: readonly CheckResult[], after: readonly CheckResult[]): readonly CheckResult[] {
  const now = new Map(after.map((check) => [check.id, check.status]));
  return before.filter((check) => check.status === 'fail' && now.get(check.id) === 'pass');
}

function emptied({ after }: AcceptInput): string | null {
  return after.text.trim() === '' ? 'the revision is empty' : null;
}

function unchanged({ before, after }: AcceptInput): string | null {
  if (mendedChecks(before.checks, after.checks).length > 0 && before.text !== after.text) return null;
  return changedShare(before.text, after.text) < sameText ? 'the revision says the same' : null;
}

function losesCheck({ before, after }: AcceptInput): string | null {
  const lost = lostChecks(before.checks, after.checks);
  return lost.length > 0
    ? `the revision breaks ${lost.map((check) => `${check.id} (${check.type})`).join(', ')}`
    : null;
}

/** A check that abstained before and fails now was broken as well. */
function failsMore({ before, after }: AcceptInput): string | null {
  const failedBefore = new Set(before.checks.filter((check) => check.status === 'fail').map((check) => check.id));
  const fresh = after.checks.filter((check) => check.status === 'fail' && !failedBefore.has(check.id));
  const known = new Set(lostChecks(before.checks, after.checks).map((check) => check.id));
  const worse = fresh.filter((check) => !known.has(check.id));
  return worse.length > 0
    ? `the revision fails ${worse.map((check) => `${check.id} (${check.type})`).join(', ')}`
    : null;
}

function resolvesNothing(input: AcceptInput): string | null {
  return supports(input).length > 0 ? null : 'the revision mends neither a failed check nor a confirmed issue';
}

function supports({ before, after, issues }: AcceptInput): string[] {
  const checks = mendedChecks(before.checks, after.checks).map((check) => `mends ${check.id} (${check.type})`);
  const mended = issues.filter((issue) => issue.confirmed === 'verified' && isResolved(issue, before.text, after.text));
  return [...checks, ...mended.map((issue) => `resolves ${issue.id} (${issue.kind})`)];
}

/** An issue counts as resolved when the text that it quotes was changed; an omission when text was added. */
function isResolved(issue: Issue, before: string, after: string): boolean {
  if (!issue.span) return after.length > before.length;
  const [start, end] = issue.span;
  return textChanges(before, after).some((change) => change.span[0] <= end && change.span[1] >= start);
}

/** A changed final answer needs two independent witnesses besides the reviser. */
function changesAnswerUnsupported({ before, after, task, witnesses }: AcceptInput): string | null {
  if (!isClosed(task)) return null;
  const old = extractAnswer(before.text, task);
  const fresh = extractAnswer(after.text, task);
  if (old === null || old === fresh) return null;
  if (fresh === null) return `the revision loses the answer ${old}`;
  const agreeing = witnesses.filter((witness) => witness === fresh).length;
  return agreeing >= 2 ? null : `the answer changes from ${old} to ${fresh} with ${agreeing} of 2 supports`;
}

const urls = /https?:\/\/[^\s)>\]"']+/g;
const numbers = /(?<![\w.])\d[\d.,]*\d|\b\d\b/g;
const fences = /^\s*```/gm;
// Two capitalised words in a row, or one inside a sentence: a name, near enough to ask where it came from.
const names = /(?<=[\p{Ll},;] )\p{Lu}[\p{L}'’-]{2,}(?: \p{Lu}[\p{L}'’-]+)*/gu;

/** Links, numbers and code fences outside the quoted places must survive. */
function losesInvariant({ before, after, issues }: AcceptInput): string | null {
  const outside = withoutSpans(before.text, issues);
  const lost = [...matches(outside, urls), ...matches(outside, numbers)].filter((part) => !after.text.includes(part));
  if (lost.length > 0 && issues.length > 0) return `the revision loses ${lost.slice(0, 3).join(', ')}`;
  const fencesBefore = before.text.match(fences)?.length ?? 0;
  const fencesAfter = after.text.match(fences)?.length ?? 0;
  return fencesBefore !== fencesAfter && fencesAfter % 2 === 1 ? 'the revision leaves a code fence open' : null;
}

/** New links, numbers and names must stand in the request or a source. */
function addsUnknown({ before, after, known, issues, task }: AcceptInput): string | null {
  // A corrected fact, sum or line of code is new by its nature: its support is the confirmation, or the witnesses.
  if (isClosed(task) || task.class === 'code') return null;
  const corrected = issues.some(
    (issue) => issue.confirmed === 'verified' && ['incorrect_fact', 'arithmetic', 'omission'].includes(issue.kind),
  );
  const material = `${before.text}\n${known}`;
  const isNew = (part: string) => !material.toLowerCase().includes(part.toLowerCase());
  const fresh = [
    ...matches(after.text, urls),
    ...(corrected ? [] : matches(after.text, numbers)),
    ...(corrected || issues.length === 0 ? [] : matches(after.text, names)),
  ].filter(isNew);
  return fresh.length > 0 ? `the revision brings in ${fresh.slice(0, 3).join(', ')}, which nothing supports` : null;
}

function changesLength({ before, after, issues }: AcceptInput): string | null {
  const asked =
    issues.some((issue) => issue.kind === 'omission') || mendedChecks(before.checks, after.checks).length > 0;
  const ratio = after.text.length / Math.max(1, before.text.length);
  if (asked || (ratio >= lengthRatio.least && ratio <= lengthRatio.most)) return null;
  return `the revision is ${ratio.toFixed(2)} times as long`;
}

/** Most of what changed must lie in or near the places the issues quote. */
function editsElsewhere({ before, after, issues }: AcceptInput): string | null {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  if (spans.length === 0 || spans.length < issues.length) return null;
  const changes = textChanges(before.text, after.text);
  const size = (change: TextChange) => Math.max(change.removed.length, change.added.length);
  const near = changes.filter((change) =>
    spans.some(([start, end]) => change.span[1] >= start - closeBy && change.span[0] <= end + closeBy),
  );
  const total = changes.reduce((sum, change) => sum + size(change), 0);
  const inside = near.reduce((sum, change) => sum + size(change), 0);
  return inside < total * 0.6
    ? `only ${Math.round((100 * inside) / Math.max(1, total))} % of what changed is near the issues`
    : null;
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern) ?? [])];
}

function withoutSpans(text: string, issues: readonly Issue[]): string {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  return spans.reduce((rest, [start, end]) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);
}
