/**
 * The accept gate: keep the draft unless there is evidence that the revision is better. Every rule that refuses gives its reason, and a tie refuses.
 * Pure. Nothing that the critic wrote can make a revision pass that loses a check.
 */
import { isJson } from '../checks/json/is-json.ts';
import type { ComputeBudget } from '../compute-budget.ts';
import { changedShare, sameText, type TextChange, textChanges } from '../diff.ts';
import { hasEditMarkers } from '../edits.ts';
import type { Issue } from '../record.ts';
import { isClosed, type Task } from '../task.ts';
import { type Candidate, lostChecks, mendedChecks } from './check-changes.ts';
import { changesAnswer } from './closed-answer.ts';
import { type ContentInput, isReplaced, losesContent } from './content.ts';
import { demandOf } from './demand.ts';
import { newFacts, otherNames } from './new-facts.ts';
import { refuses } from './refusal.ts';
import { reversesMeaning } from './reversal.ts';
import { citationPattern, distinctMatches, mailPattern, urlPattern } from './verbatim-values.ts';

export interface AcceptInput {
  readonly before: Candidate;
  readonly after: Candidate;
  /** The text before the first of several mends, where that is not `before`. Small losses of each mend add up, so the last is compared with it. */
  readonly first?: Candidate;
  /** What the revision was asked to mend; empty when it answers failed checks only. */
  readonly issues: readonly Issue[];
  readonly task: Task;
  /** Where new facts may come from: the request and the sources. */
  readonly known: string;
  /** Answers to a closed question given without seeing the draft: the critic's own, and samples. */
  readonly witnesses: readonly string[];
  /** False for a strategy that rewrites without evidence; lost checks refuse all the same. */
  readonly needsEvidence: boolean;
  /** The budget that pays for comparing the texts. Without it the cost is not counted. */
  readonly computing?: ComputeBudget;
}

export interface Acceptance {
  readonly accepted: boolean;
  /** Why, in words for the record. */
  readonly reasons: readonly string[];
}

/** Outside this ratio of lengths a revision counts as another answer. */
const lengthRatio = { least: 0.6, most: 1.3 } as const;
/** Characters that a mend may add beyond that ratio, for a heading or a line. */
const addedRoom = 200;
/** How close to an issue's quote a change counts as near it, and the share of all changes that must be near. */
const nearby = { characters: 80, share: 0.6 } as const;
/** Shorter texts may change as a whole where a confirmed issue speaks against them, in characters. */
const shortText = 60;

/** What the rules read: the input and the result of comparing the texts, computed once. */
interface Compared extends AcceptInput {
  readonly changes: readonly TextChange[];
  /** What the revision mended, as reasons to take it. */
  readonly supports: readonly string[];
  /** What of the text must stay. */
  readonly content: ContentInput;
}

type Rule = (compared: Compared) => string | null;

/** Refusals that hold for every strategy. */
const safetyRules: readonly Rule[] = [
  emptied,
  unchanged,
  losesCheck,
  showsMarkers,
  isDamaged,
  newlyRefuses,
  losesForm,
  replacesText,
];
/** Refusals for want of evidence. */
const evidenceRules: readonly Rule[] = [
  resolvesNothing,
  changesAnswerUnsupported,
  keepsTooLittle,
  losesInvariant,
  saysContrary,
  addsUnknown,
  changesLength,
  editsElsewhere,
  breaksOff,
];

/** Decides whether the revision replaces the text before it. */
export function acceptRevision(input: AcceptInput): Acceptance {
  const changes = textChanges(input.before.text, input.after.text, input.computing);
  const compared = { ...input, changes, supports: supportsOf(input, changes), content: contentOf(input) };
  const rules = input.needsEvidence ? [...safetyRules, ...evidenceRules] : safetyRules;
  const refusals = rules.map((rule) => rule(compared)).filter((reason) => reason !== null);
  if (refusals.length > 0) return { accepted: false, reasons: refusals };
  return { accepted: true, reasons: compared.supports.length > 0 ? compared.supports : ['it loses no check'] };
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

function changesAnswerUnsupported({ before, after, task, witnesses }: Compared): string | null {
  const mended = mendedChecks(before.checks, after.checks);
  return changesAnswer({ before: before.text, after: after.text, task, mended, witnesses });
}

const numberPattern = /(?<![\w.])\d[\d.,]*\d|\b\d\b/g;
const fencePattern = /^[ \t]{0,12}```/gm;
/** Links, numbers and citations outside the quoted places must survive. */
function losesInvariant({ before, after, issues }: Compared): string | null {
  if (issues.length === 0) return null;
  const outside = withoutSpans(before.text, issues);
  const lost = [urlPattern, mailPattern, numberPattern, citationPattern].flatMap((pattern) => {
    const kept = new Set(distinctMatches(after.text, pattern));
    return distinctMatches(outside, pattern).filter((part) => !kept.has(part));
  });
  return lost.length > 0 ? `the revision loses ${lost.slice(0, 3).join(', ')}` : null;
}

/** Code stays in its fences, and JSON stays JSON. */
function losesForm({ before, after, issues, content }: Compared): string | null {
  const fences = after.text.match(fencePattern)?.length ?? 0;
  const fencesBefore = before.text.match(fencePattern)?.length ?? 0;
  if (fencesBefore !== fences && fences % 2 === 1) return 'the revision leaves a code fence open';
  const fencesOutside = withoutSpans(before.text, issues).match(fencePattern)?.length ?? 0;
  // JSON that was asked for alone leaves its fence.
  const isBare = content.demand.rewrites !== null && content.demand.rewrites !== 'translation';
  if (!isBare && fences < fencesOutside) return 'the revision loses a code fence';
  return isJson(before.text) && !isJson(after.text) ? 'the revision is no JSON any more' : null;
}

/** New links, numbers and names must stand in the request or a source. */
function addsUnknown({ before, after, known, issues, task, content: { demand } }: Compared): string | null {
  // A corrected fact, sum or line of code is always new. The confirmation or the witnesses support it.
  if (isClosed(task) || task.class === 'code') return null;
  const corrected =
    mendedChecks(before.checks, after.checks).some((check) => check.type === 'arithmetic') ||
    issues.some(
      (issue) => issue.confirmed === 'verified' && ['incorrect_fact', 'arithmetic', 'omission'].includes(issue.kind),
    );
  const fresh = newFacts({ before: before.text, after: after.text, known, corrected, names: issues.length > 0 });
  // In another language, or as data, names stand beside other words.
  if (!corrected && demand.rewrites === null)
    fresh.push(...otherNames({ before: before.text, after: after.text, known, unwanted: demand.unwanted }));
  return fresh.length > 0 ? `the revision brings in ${fresh.slice(0, 3).join(', ')}, which nothing supports` : null;
}

function changesLength({ before, after, issues, content: { demand } }: Compared): string | null {
  if (demand.rewrites !== null || issues.some((issue) => issue.kind === 'omission')) return null;
  const isShort = issues.length > 0 || demand.removes + demand.spans.length === 0;
  const ratio = after.text.length / Math.max(1, before.text.length);
  const isAsked = before.checks.some((check) => check.status === 'fail');
  const most = Math.max(1, before.text.length) * lengthRatio.most * demand.grows + (isAsked ? addedRoom : 0);
  if ((ratio >= lengthRatio.least || !isShort) && after.text.length <= most) return null;
  return `the revision is ${ratio.toFixed(2)} times as long`;
}

/** Most of what changed must lie in or near the places the issues quote. */
function editsElsewhere({ issues, changes }: Compared): string | null {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  if (spans.length === 0 || spans.length < issues.length) return null;
  const size = (change: TextChange) => Math.max(change.removed.length, change.added.length);
  const near = changes.filter((change) =>
    spans.some(
      ([start, end]) => change.span[1] >= start - nearby.characters && change.span[0] <= end + nearby.characters,
    ),
  );
  const total = changes.reduce((sum, change) => sum + size(change), 0);
  const inside = near.reduce((sum, change) => sum + size(change), 0);
  return inside < total * nearby.share
    ? `only ${Math.round((100 * inside) / total)} % of what changed is near the issues`
    : null;
}

/** What the failed checks ask, and the places that confirmed issues quote. */
function contentOf({ before: last, after, first, issues, known }: AcceptInput): ContentInput {
  const before = first ?? last;
  const mended = new Set(mendedChecks(before.checks, after.checks).map((check) => check.id));
  const failed = before.checks.filter((check) => check.status === 'fail');
  const demand = demandOf(failed, before.text);
  const rewrites = demandOf(
    failed.filter((check) => mended.has(check.id)),
    before.text,
  ).rewrites;
  const quoted = issues.map((issue) => issue.span).filter((span) => span !== null);
  return { before: before.text, after: after.text, demand: { ...demand, rewrites }, quoted, known };
}

function keepsTooLittle(compared: Compared): string | null {
  return mayChangeAsWhole(compared) ? null : losesContent(compared.content);
}

function mayChangeAsWhole({ before, issues, needsEvidence }: Compared): boolean {
  return needsEvidence && issues.length > 0 && before.text.length < shortText;
}

/** A mend of form must not reverse what a sentence says. Places that a confirmed issue quotes may change. */
function saysContrary({ content, issues }: Compared): string | null {
  const isFree = issues.some((issue) => issue.span === null && issue.kind !== 'omission');
  if (isFree || content.demand.rewrites !== null) return null;
  const { before, after, demand, quoted } = content;
  return reversesMeaning({ before, after, unwanted: demand.unwanted, refuted: [...demand.refuted, ...quoted] });
}

function replacesText(compared: Compared): string | null {
  const { content } = compared;
  return !mayChangeAsWhole(compared) && isReplaced(content) ? 'the revision keeps next to nothing of the text' : null;
}

/** Signs that the text was damaged in transit: an error page, control characters, replacement characters. */
function isDamaged({ before, after }: Compared): string | null {
  const page = /^\s*<(?:!doctype\s+html|html|head|body)\b/i;
  if (page.test(after.text) && !page.test(before.text)) return 'the revision is an HTML page';
  const broken = /[^\P{Cc}\t\n\r]|\ufffd/u;
  return broken.test(after.text) && !broken.test(before.text) ? 'the revision holds control characters' : null;
}

/** How many characters at a text's end are looked up in the other text. */
const endLength = 24;

/** A copy of the text that stops inside a sentence was cut off, even if its model reports a normal stop. */
function breaksOff({ before, after }: Compared): string | null {
  const end = after.text.trimEnd().slice(-endLength);
  if (end.length < endLength || !/[\p{L}\p{N},;:–-]$/u.test(end)) return null;
  const at = before.text.lastIndexOf(end);
  const rest = at < 0 ? '' : before.text.slice(at + end.length);
  return /^[ \t]*[\p{L}\p{N}]/u.test(rest) ? 'the revision stops in the middle of a sentence' : null;
}

function newlyRefuses({ before, after }: Compared): string | null {
  return refuses(after.text) && !refuses(before.text) ? 'the revision refuses to answer' : null;
}

function withoutSpans(text: string, issues: readonly Issue[]): string {
  const spans = issues.map((issue) => issue.span).filter((span) => span !== null);
  return spans.reduce((rest, [start, end]) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);
}
