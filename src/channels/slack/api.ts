/**
 * The calls to Slack that this service makes, over `fetch` that is passed in. `slack-web-api-client` gives the arguments' types only: its client calls the global
 * `fetch` and takes no time limit. Like it, all arguments are sent as a form, which every method takes. https://docs.slack.dev/apis/web-api
 */
import type {
  AssistantThreadsSetStatusRequest,
  ChatAppendStreamRequest,
  ChatPostEphemeralRequest,
  ChatPostMessageRequest,
  ChatStartStreamRequest,
  ChatStopStreamRequest,
  ChatUpdateRequest,
  ConversationsRepliesRequest,
  ViewsOpenAppPlatformRequest,
} from 'slack-web-api-client';
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { Log } from '../../errors.ts';
import type { CallResult } from '../call.ts';
import type { SlackContent } from './content.ts';

export interface SlackApiTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Where methods are called: `https://slack.com/api`. */
  readonly url: string;
  /** Of the bot; null where it is not installed. */
  readonly token: () => Promise<string | null>;
  readonly log: Log;
}

type SessionStatus = 'processing' | 'active';

/** https://docs.slack.dev/reference/methods/agents.sessions.setStatus */
interface SetSessionStatus {
  readonly status: SessionStatus;
  readonly channel_id: string;
  readonly thread_ts: string;
}

/** What one call may take. */
const patienceMs = 8_000;
/** What is only decoration is not waited for as long. */
const statusPatienceMs = 3_000;

const nothing = z.object({});
const posted = z.object({ ts: z.string() });
const text = z.catch(z.optional(z.string()), undefined);
const payload = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });
/** Other apps may write anything: what is not understood of a message is as if it were not there. */
const reply = z.looseObject({
  ts: z.string(),
  text,
  user: text,
  subtype: text,
  blocks: z.catch(z.optional(z.array(z.unknown())), undefined),
  metadata: z.catch(z.optional(payload), undefined),
});
const replies = z.object({
  messages: z.array(reply),
  response_metadata: z.optional(z.object({ next_cursor: z.optional(z.string()) })),
});
export type SlackReply = z.output<typeof reply>;

/** Refusals after which nobody knows what was done. */
const unclear: readonly string[] = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

const failure = z.object({ ok: z.literal(false), error: z.string() });

export class SlackApi {
  readonly #tools: SlackApiTools;

  constructor(tools: SlackApiTools) {
    this.#tools = tools;
  }

  readonly postMessage = (given: ChatPostMessageRequest) => this.#call('chat.postMessage', given, posted);
  readonly postEphemeral = (given: ChatPostEphemeralRequest) => this.#call('chat.postEphemeral', given, nothing);
  readonly update = (given: ChatUpdateRequest) => this.#call('chat.update', given, nothing);
  readonly startStream = (given: ChatStartStreamRequest) => this.#call('chat.startStream', given, posted);
  readonly appendStream = (given: ChatAppendStreamRequest) => this.#call('chat.appendStream', given, nothing);
  readonly stopStream = (given: ChatStopStreamRequest & { readonly session_status: SessionStatus }) =>
    this.#call('chat.stopStream', given, nothing);
  readonly setThreadStatus = (given: AssistantThreadsSetStatusRequest) =>
    this.#call('assistant.threads.setStatus', given, nothing, statusPatienceMs);
  readonly setSessionStatus = (given: SetSessionStatus) =>
    this.#call('agents.sessions.setStatus', given, nothing, statusPatienceMs);
  readonly replies = (given: ConversationsRepliesRequest, patience = patienceMs) =>
    this.#call('conversations.replies', given, replies, patience);
  readonly openView = (given: ViewsOpenAppPlatformRequest) => this.#call('views.open', given, nothing);

  /** Says something to whoever gave a command, in place of what was said there before. Only Slack's own addresses are called. */
  async respond(
    address: string,
    { text, blocks }: Pick<SlackContent, 'text' | 'blocks'>,
  ): Promise<CallResult<unknown>> {
    const origin = URL.parse(address)?.origin;
    const allowed = ['https://hooks.slack.com', new URL(this.#tools.url).origin];
    if (origin === undefined || !allowed.includes(origin))
      return this.#told('response_url', refused('foreign_address'));
    const body = JSON.stringify({ text, blocks, response_type: 'ephemeral', replace_original: true });
    const answer = await this.#send(address, { 'content-type': 'application/json' }, body);
    return this.#told('response_url', answer.type === 'done' ? responded(answer.answer) : answer);
  }

  async #call<Answer>(
    method: string,
    given: object,
    schema: z.ZodMiniType<Answer>,
    patience = patienceMs,
  ): Promise<CallResult<Answer>> {
    const token = await this.#tools.token();
    if (token === null) return this.#told(method, refused('not_installed'));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await this.#send(
      `${this.#tools.url.replace(/\/$/, '')}/${method}`,
      headers,
      formOf(given),
      patience,
    );
    return this.#told(method, answer.type === 'done' ? called(answer.answer, schema) : answer);
  }

  /** `done` with any status but of those that mean the same everywhere. */
  async #send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    patience = patienceMs,
  ): Promise<CallResult<Heard>> {
    const { fetch, timeout } = this.#tools;
    try {
      const init: RequestInit = { method: 'POST', headers, body, redirect: 'manual', signal: timeout(patience) };
      const response = await fetch(url, init);
      const text = await response.text();
      if (response.status === 429) return { type: 'later', retryAfterMs: retryAfterMs(response.headers) };
      if (response.status >= 500) return { type: 'unknown' };
      return { type: 'done', answer: { status: response.status, text } };
    } catch {
      return { type: 'unknown' };
    }
  }

  #told<Answer>(target: string, result: CallResult<Answer>): CallResult<Answer> {
    if (result.type !== 'done') this.#tools.log({ level: 'warn', event: 'slack.unanswered', target, ...result });
    return result;
  }
}

interface Heard {
  readonly status: number;
  readonly text: string;
}

function called<Answer>({ status, text }: Heard, schema: z.ZodMiniType<Answer>): CallResult<Answer> {
  const body = valueOfJson(text);
  const failed = failure.safeParse(body);
  if (failed.success) return failureOf(failed.data.error);
  if (status !== 200) return refused(`status_${status}`);
  const isFine = z.object({ ok: z.literal(true) }).safeParse(body).success;
  const answer = schema.safeParse(body);
  return isFine && answer.success ? { type: 'done', answer: answer.data } : { type: 'unknown' };
}

/** Where it is used up or past, the answer is a word, as it is or as JSON. */
function responded({ status, text }: Heard): CallResult<unknown> {
  const failed = failure.safeParse(valueOfJson(text));
  if (failed.success) return failureOf(failed.data.error);
  return status === 200 ? { type: 'done', answer: null } : refused(text.trim());
}

function failureOf(error: string): CallResult<never> {
  if (error === 'ratelimited' || error === 'rate_limited') return { type: 'later', retryAfterMs: null };
  return unclear.includes(error) ? { type: 'unknown' } : refused(error);
}

/** Only words of Slack's kind are passed on: they stand in the log. */
function refused(error: string): CallResult<never> {
  return { type: 'refused', error: /^[a-z0-9_]{1,80}$/.test(error) ? error : 'unnamed' };
}

function retryAfterMs(headers: Headers): number | null {
  const seconds = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : null;
}

function formOf(given: object): string {
  const pairs = Object.entries(given).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    pairs.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  ).toString();
}
