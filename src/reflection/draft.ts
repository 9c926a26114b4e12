/** The first answer: one call, mended once where it was cut, and the answer taken out of its form. */
import { AppError } from '../errors.ts';
import { type Context, defaultOutputTokens } from './context.ts';
import { joinContinuation, tidy, withoutMetaTalk } from './edits.ts';
import type { Degradation, StepEvent } from './events.ts';
import { unfenced, withoutControlTokens, withoutTags } from './fence.ts';
import { estimateTokens } from './model.ts';
import { type PassPlan, type PassResult, runPass } from './pass.ts';
import { answerLine, continuationPrompt, draftPrompt, extractionPrompt } from './prompts/draft.ts';
import type { Strategy } from './strategies.ts';
import { parseTags } from './tags.ts';

export interface Draft {
  /** What the caller may see: never reasoning. */
  readonly answer: string;
  readonly truncated: boolean;
  /** Budget or deadline ended the drafting itself: nothing more can be done. */
  readonly exhausted: boolean;
  /** A pass of the drafting that could not be had: the answer stands without it. */
  readonly degraded: Degradation | null;
}

/** Sampling by form where the caller says nothing: the tags were published with 0.7 and 0.95. */
const sampling = {
  plain: { temperature: 0.4, topP: undefined },
  reasoned: { temperature: 0.4, topP: undefined },
  tagged: { temperature: 0.7, topP: 0.95 },
} as const satisfies Record<Strategy['draft'], { temperature: number; topP: number | undefined }>;

/** The plan of an author's call: the draft, a vote, the escalated draft. The caller's sampling wins. */
export function authorPlan(
  context: Context,
  part: Pick<PassPlan, 'pass' | 'role' | 'seat' | 'messages'> & {
    readonly temperature?: number;
    readonly seed?: number | undefined;
  },
): PassPlan {
  const { request, strategy } = context;
  const usual = sampling[strategy.draft];
  return {
    pass: part.pass,
    role: part.role,
    seat: part.seat,
    round: 0,
    messages: part.messages,
    maxOutputTokens: request.max_output_tokens ?? defaultOutputTokens,
    temperature: part.temperature ?? request.temperature ?? usual.temperature,
    topP: request.top_p ?? usual.topP,
    seed: part.seed ?? request.seed,
    stop: request.stop,
  };
}

/** The conversation as the author of a draft is asked it. */
export function authorPrompt(context: Context) {
  return draftPrompt(context.messages, context.strategy.draft, context.requirements, context.sources);
}

/** Writes the draft. Throws where there is no answer at all: the model failed, or the budget cannot pay for one call. */
export async function* writeDraft(context: Context): AsyncGenerator<StepEvent, Draft, void> {
  const prompt = authorPrompt(context);
  const first = yield* runPass(
    context,
    authorPlan(context, { pass: 'draft', role: 'draft', seat: 'author', messages: prompt }),
  );
  const text = textOrThrow(first);
  const isDone = first.kind === 'done';
  const written = { text, truncated: !isDone || first.truncated, exhausted: !isDone, degraded: null };
  const whole = isDone && first.truncated ? yield* continueOnce(context, text) : written;
  const answer = visibleAnswer(context, whole.text);
  if (answer === null && !whole.exhausted) return yield* extractAnswerOnce(context, whole.text);
  const { truncated, exhausted, degraded } = whole;
  return { answer: answer ?? '', truncated, exhausted, degraded };
}

/** What a draft's calls have written so far, in its own form. */
interface Written extends Omit<Draft, 'answer'> {
  readonly text: string;
}

function textOrThrow(result: PassResult): string {
  if (result.kind === 'failed') throw result.error;
  if (result.kind === 'done' || result.text !== '') return result.text;
  if (result.by === 'deadline')
    throw new AppError('deadline', 'The deadline passed before the model had written anything.');
  throw new AppError('request_exceeds_limit', `The request's budget (${result.by}) does not cover a single draft.`, {
    fields: [{ field: 'budget', message: 'too small for one draft' }],
  });
}

/** A cut answer is continued once, within the caller's cap: an answer cut by the cap itself is as long as it may be. */
async function* continueOnce(context: Context, text: string): AsyncGenerator<StepEvent, Written, void> {
  const cut: Written = { text, truncated: true, exhausted: false, degraded: null };
  const cap = context.request.max_output_tokens;
  const left = cap === undefined ? defaultOutputTokens : cap - estimateTokens(text);
  if (left < 16) return cut;
  const plan = authorPlan(context, {
    pass: 'continuation',
    role: 'continuation',
    seat: 'author',
    messages: continuationPrompt(authorPrompt(context), text),
  });
  const rest = yield* runPass(context, { ...plan, maxOutputTokens: left });
  if (rest.kind === 'failed') return { ...cut, degraded: { pass: 'continuation', code: rest.error.code } };
  const whole = joinContinuation(text, rest.text);
  return rest.kind === 'done'
    ? { ...cut, text: whole, truncated: rest.truncated }
    : { ...cut, text: whole, exhausted: rest.by === 'deadline' };
}

// The agreed line, alone or with the answer behind a colon. Reasoning that only speaks of it does not count.
const answerLines = new RegExp(`^[^\\S\\n]{0,3}${answerLine}[^\\S\\n]*(?::[^\\S\\n]*|$)`, 'gm');

/** A model's words as they may be shown: tidy, and without the markers of its prompt. */
export function readable(context: Context, said: string): string {
  return tidy(unfenced(said, context.tools.nonce));
}

/** The text that a reviser or a repair wrote to stand in the place of `before`: no talk about it, and no thinking where the text is not about tags. */
export function mendedText(context: Context, said: string, before: string): string {
  const hasTags = (text: string) => withoutTags(text) !== withoutControlTokens(text);
  const text = hasTags(said) && !hasTags(before) ? parseTags(said).answer : said;
  return withoutMetaTalk(unfenced(text, context.tools.nonce), before);
}

/** What of a draft's text is the answer; null where its form was not kept and the answer must be asked for. */
function visibleAnswer(context: Context, text: string): string | null {
  switch (context.strategy.draft) {
    case 'plain':
      return readable(context, text);
    case 'reasoned': {
      const last = [...text.matchAll(answerLines)].at(-1);
      const answer = last ? readable(context, text.slice(last.index + last[0].length)) : '';
      return answer === '' ? null : answer;
    }
    case 'tagged': {
      const { status, answer } = parseTags(text);
      return status === 'missing_output' || status === 'empty' ? null : readable(context, answer);
    }
  }
}

/** One cheap call for the answer alone. Without it there is no answer to show: reasoning is never handed out in its place. */
async function* extractAnswerOnce(context: Context, reasoning: string): AsyncGenerator<StepEvent, Draft, void> {
  const messages = extractionPrompt(authorPrompt(context), reasoning);
  const result = yield* runPass(
    context,
    authorPlan(context, { pass: 'extraction', role: 'repair', seat: 'author', messages, temperature: 0 }),
  );
  if (result.kind === 'failed') throw result.error;
  const isDone = result.kind === 'done';
  const answer = isDone ? readable(context, parseTags(result.text).answer) : '';
  return { answer, truncated: answer === '' || (isDone && result.truncated), exhausted: !isDone, degraded: null };
}
