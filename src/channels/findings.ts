/** What a run came to, from its record to words and neutral documents. What a model wrote stands in them as text and never means anything. Pure. */
import type { ErrorCode } from '../errors.ts';
import type { Exhausted } from '../reflection/budget.ts';
import { type TextChange, textChanges } from '../reflection/diff.ts';
import type { PassRole } from '../reflection/model.ts';
import type { Decision, Issue, Reflection, RunError } from '../reflection/record.ts';
import { counted } from './counted.ts';
import { type Block, type Document, type Inline, plainDocument, readDocument } from './document.ts';

/** Why the answer is what it is, in words for everybody. */
export const decisionSentences = {
  kept_draft_pass: 'Kept as drafted: nothing wrong was found.',
  kept_draft_unverified: 'Not verified: nothing could confirm or refute the draft.',
  kept_draft_rejected_revision: 'Kept as drafted: no other text was shown to be better.',
  kept_draft_parse_failure: 'Not verified: the second look could not be read, so the draft was kept.',
  accepted_revision: 'Corrected after a second look.',
  repaired_check: 'Corrected where a check had failed.',
  voted: 'Chosen by vote: most of several independent answers agree.',
  escalated: 'Written anew by a larger model.',
  budget: 'Cut short: the budget ran out.',
  unreflected: 'Not verified: there was no second look.',
} as const satisfies Record<Decision, string>;

/** What went wrong, for people who can neither read a log nor change the request. */
export const errorSentences = {
  invalid_request: 'This question cannot be asked as it is.',
  unsupported_parameter: 'This question asks for something that is not supported.',
  tier_policy: 'The models that are set here are too small to judge an answer.',
  context_length_exceeded: 'This is too long for the model. Ask for less at once, or in a new thread.',
  request_exceeds_limit: 'Answering this would take more than is allowed at once.',
  invalid_api_key: 'This service is not set up correctly: its own key was refused.',
  invalid_signature: 'This message does not come from where it says that it comes from.',
  missing_scope: 'This service is not allowed to do that here.',
  not_found: 'What was asked for does not exist any more.',
  method_not_allowed: 'This service was asked in a way that it does not know.',
  body_too_large: 'This question is too long.',
  unsupported_media_type: 'This question came in a form that cannot be read.',
  idempotency_mismatch: 'This question was asked before with other words.',
  rate_limited: 'Too much was asked in a short time.',
  budget_exhausted: 'The budget for today is spent.',
  upstream_quota: 'The daily quota of the models is spent.',
  upstream_failed: 'The model did not answer.',
  upstream_busy: 'The models are busy.',
  only_if_cached_miss: 'There is no stored answer to this.',
  deadline: 'The time ran out before there was an answer.',
} as const satisfies Record<ErrorCode, string>;

const exhaustedSentences = {
  calls: 'All model calls that it may make were made.',
  tokens: 'All tokens that it may use were used.',
  money: 'All that it may cost was spent.',
  deadline: 'The time ran out.',
  tokens_per_minute: 'The limit of tokens in a minute was reached.',
  daily_usd: 'The limit of spending in a day was reached.',
} as const satisfies Record<Exhausted, string>;

const passNames = {
  draft: 'drafting by a larger model',
  continuation: 'going on with the draft',
  critique: 'the critique',
  confirm: 'confirming a problem',
  revision: 'the revision',
  repair: 'the repair',
  judge: 'comparing the texts',
  vote: 'an independent answer',
} as const satisfies Record<PassRole, string>;

/** The small line under an answer; for a run that failed or was stopped, what became of it. */
export function verdictOf(record: Reflection): string {
  switch (record.status) {
    case 'queued':
      return 'Waiting to start.';
    case 'running':
      return 'Still working.';
    case 'failed':
      return failure(record.error);
    case 'cancelled':
      return record.output === '' ? 'Stopped before anything was written.' : 'Stopped: this is as far as it had come.';
    case 'completed':
      return [decided(record), ...shortcomings(record)].join(' ');
  }
}

function failure(error: RunError | null): string {
  if (!error) return 'Something went wrong.';
  const { code, retry_after_s: seconds } = error;
  return [errorSentences[code], ...(seconds === undefined ? [] : [`Try again in ${duration(seconds)}.`])].join(' ');
}

/** A time to wait, rounded up: "40 seconds", "3 minutes". */
export function duration(seconds: number): string {
  const [size, unit] = seconds <= 90 ? [1, 'second'] : seconds <= 5_400 ? [60, 'minute'] : [3_600, 'hour'];
  return counted(Math.max(1, Math.ceil(seconds / size)), unit);
}

function decided(record: Reflection): string {
  const { decision, changed } = record;
  if (decision === null) return 'Not verified.';
  const correction = changed ? correctionOf(changesOf(record)) : undefined;
  const byCorrection: readonly Decision[] = ['accepted_revision', 'repaired_check'];
  return correction !== undefined && byCorrection.includes(decision) ? correction : decisionSentences[decision];
}

function shortcomings({ checks, decision, exhausted, finish_reason, degraded }: Reflection): string[] {
  const failed = checks.filter((check) => check.status === 'fail').length;
  return [
    ...(exhausted !== null && (decision === 'budget' || finish_reason === 'length')
      ? [exhaustedSentences[exhausted]]
      : []),
    ...(failed > 0 ? [`${counted(failed, 'check')} still ${failed === 1 ? 'fails' : 'fail'}.`] : []),
    ...(finish_reason === 'length' ? ['The answer was cut off at its greatest length.'] : []),
    ...(degraded ? [`A model failed at ${passNames[degraded.pass]}.`] : []),
  ];
}

/** Longer texts are not compared word by word here: nobody reads so many changes in one line. */
const longestCompared = 20_000;
/** Of a change, in characters. */
const longestQuoted = 60;

/** The changes from draft to answer. Those with only white space between them are one. */
function changesOf({ draft, output }: Reflection): readonly TextChange[] {
  if (draft === undefined || draft.length + output.length > longestCompared) return [];
  const joined: TextChange[] = [];
  for (const change of textChanges(draft, output)) {
    const last = joined.at(-1);
    const between = last && draft.slice(last.span[1], change.span[0]);
    if (last && between !== undefined && between.trim() === '') {
      joined[joined.length - 1] = {
        span: [last.span[0], change.span[1]],
        removed: last.removed + between + change.removed,
        added: last.added + between + change.added,
      };
    } else joined.push(change);
  }
  return joined.filter(({ removed, added }) => removed.trim() !== added.trim());
}

function correctionOf(changes: readonly TextChange[]): string | undefined {
  const [first] = changes;
  if (!first) return undefined;
  const [removed, added] = [first.removed.trim(), first.added.trim()];
  if (removed.length > longestQuoted || added.length > longestQuoted) {
    return `Rewritten in ${counted(changes.length, 'place')}.`;
  }
  const amount = counted(changes.length, 'thing');
  const before = changes.length === 1 ? `Corrected ${amount}` : `Corrected ${amount}, first`;
  return `${before}: ${changeInWords(removed, added)}.`;
}

function changeInWords(removed: string, added: string): string {
  if (removed === '') return `added ${quoted(added)}`;
  return added === '' ? `took out ${quoted(removed)}` : `${quoted(removed)} → ${quoted(added)}`;
}

/** In one line, and no longer than is read at a glance. */
function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, 2 * longestQuoted + 1));
  const isLong = characters.length > longestQuoted || line.length > 2 * longestQuoted;
  return isLong ? `“${characters.slice(0, longestQuoted).join('')}…”` : `“${line}”`;
}

/** The answer itself, or what a run that failed or was stopped has to say. */
export function answerDocument(record: Reflection): Document {
  switch (record.status) {
    case 'completed':
      return record.output.trim() === '' ? [sentence('The model gave no answer.')] : readDocument(record.output);
    case 'cancelled':
      return [...readDocument(record.output), sentence(verdictOf(record))];
    default:
      return [sentence(verdictOf(record))];
  }
}

/** Draft, what was found, what was corrected, the decision, and what it cost. */
export function reflectionDocument(record: Reflection): Document {
  return [
    ...section('Decision', decisionOf(record)),
    ...section('What was found', found(record)),
    ...section('What was corrected', corrected(record)),
    ...section('Draft', drafted(record)),
    ...section('What it took', [list(costs(record))]),
  ];
}

function decisionOf(record: Reflection): Document {
  const reasons = record.rounds.flatMap(({ revision }) => revision?.reasons ?? []);
  const told = sentence(verdictOf(record));
  return reasons.length === 0 ? [told] : [told, list(reasons)];
}

const certainty = {
  verified: { rank: 0, label: 'Confirmed' },
  unverified: { rank: 1, label: 'Not confirmed' },
  refuted: { rank: 2, label: 'Refuted' },
} as const satisfies Record<Issue['confirmed'], { rank: number; label: string }>;

/** What the checks and the critics said of the drafts; confirmed issues come first. */
function found({ rounds, checks }: Reflection): Document {
  const ofDraft = rounds[0]?.draft_checks ?? checks;
  const failed = ofDraft.filter((check) => check.status === 'fail').map((check) => `Failed check: ${check.message}`);
  const issues = rounds
    .flatMap(({ critique }) => critique?.issues ?? [])
    .toSorted((one, other) => certainty[one.confirmed].rank - certainty[other.confirmed].rank)
    .map(
      ({ confirmed, quote, problem }) =>
        `${certainty[confirmed].label}: ${quote === '' ? '' : `${quoted(quote)} `}${problem}`,
    );
  const all = [...issues, ...failed];
  return all.length === 0 ? [sentence('Nothing.')] : [list(all)];
}

function corrected(record: Reflection): Document {
  const repairs = record.rounds.flatMap((round) => round.repairs);
  const byCode = repairs.length === 0 ? [] : [sentence(`${counted(repairs.length, 'mend')} by code.`)];
  if (!record.changed) return [...byCode, sentence('Nothing: the draft is the answer.')];
  const changedLines = linesForPeople(record.diff ?? '');
  const diff: Document = changedLines === '' ? [] : [{ type: 'code', language: 'diff', text: changedLines }];
  return [sentence(correctionOf(changesOf(record)) ?? 'The draft was replaced.'), ...byCode, ...diff];
}

/** A unified diff without the lines that it has for programs. */
function linesForPeople(diff: string): string {
  const start = diff.search(/^@@ /m);
  const lines = diff.slice(Math.max(0, start)).split('\n');
  return lines
    .filter((line) => !line.startsWith('\\ '))
    .join('\n')
    .trimEnd();
}

function drafted({ draft, changed, output }: Reflection): Document {
  const text = draft ?? (changed ? '' : output);
  return text.trim() === '' ? [sentence('It was not kept.')] : [{ type: 'quote', children: plainDocument(text) }];
}

const dollars = new Intl.NumberFormat('en', { maximumSignificantDigits: 2, useGrouping: false });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function costs({ usage, timing, cache }: Reflection): string[] {
  const calls = usage.passes.filter((pass) => pass.charged).length;
  const models = new Set(usage.passes.filter((pass) => pass.charged).map((pass) => pass.model));
  return [
    `Model calls: ${calls}${models.size === 0 ? '' : ` (${[...models].join(', ')})`}`,
    `Tokens: ${whole.format(usage.total_tokens)} (${whole.format(usage.input_tokens)} in, ${whole.format(usage.output_tokens)} out)`,
    `Cost: $${dollars.format(usage.cost_usd)}`,
    `Time: ${tenths.format(timing.total_ms / 1_000)} seconds`,
    ...(cache.status === 'hit' ? ['The answer was stored from an earlier question.'] : []),
  ];
}

function section(title: string, content: Document): Document {
  return [{ type: 'heading', depth: 3, children: [text(title)] }, ...content];
}

function sentence(words: string): Block {
  return { type: 'paragraph', children: [text(words)] };
}

function list(items: readonly string[]): Block {
  return { type: 'list', start: null, items: items.map((item) => [sentence(item)]) };
}

function text(words: string): Inline {
  return { type: 'text', text: words };
}
