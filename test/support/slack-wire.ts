/** Between HTTP and the double: bodies in both of Slack's forms, and answers as Slack writes them. */
import { valueOfJson } from '../../src/encoding.ts';
import { isFields } from './slack-blocks.ts';
import type { SlackFault } from './slack-faults.ts';
import { isRefusal, type RawArguments } from './slack-methods.ts';
import type { MethodAnswer } from './slack-workspace.ts';

export interface Outcome {
  readonly team: string | null;
  readonly answer: MethodAnswer;
  readonly retryAfter?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of JSON. */
  readonly text?: string;
}

/** Of the address, and of a body in either form. */
export async function readRaw(request: Request): Promise<RawArguments> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const body = new TextDecoder().decode(await request.arrayBuffer());
  if (!isJson(request)) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  const value = valueOfJson(body);
  return isFields(value) ? { ...query, ...value } : query;
}

/** By HTTP's basic authentication, or by arguments. */
export function clientOf(request: Request, given: RawArguments): readonly [unknown, unknown] {
  const [, basic] = /^Basic (.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  if (basic === undefined) return [given['client_id'], given['client_secret']];
  const [id, secret] = atob(basic).split(':');
  return [id, secret];
}

/** Null for no answer at all. */
export function statusOf(outcome: Outcome, fault: SlackFault | null): number | null {
  switch (fault?.answer) {
    case 'broken':
    case 'silence':
      return null;
    case 'status':
      return fault.status;
    case 'rate_limited':
      return 429;
    case 'error':
      return 200;
    case undefined:
      return outcome.retryAfter === undefined ? (outcome.status ?? 200) : 429;
  }
}

/** Slack answers almost everything with 200: `ok` tells. Server errors come as a page. */
export function responseOf(outcome: Outcome, fault: SlackFault | null, status: number): Response {
  if (fault?.answer === 'status') {
    return new Response('<!doctype html><title>Error</title>', { status, headers: { 'content-type': 'text/html' } });
  }
  if (fault?.answer === 'rate_limited') {
    return jsonOf({ error: 'ratelimited' }, 429, { 'retry-after': String(fault.retryAfterSeconds) });
  }
  if (outcome.text !== undefined) return new Response(outcome.text, { status });
  const retry = outcome.retryAfter === undefined ? {} : { 'retry-after': String(outcome.retryAfter) };
  return jsonOf(outcome.answer, status, { ...outcome.headers, ...retry });
}

function jsonOf(answer: MethodAnswer, status: number, headers: Readonly<Record<string, string>>): Response {
  if (!isRefusal(answer)) return Response.json({ ok: true, ...answer }, { status, headers });
  const { error, messages, needed } = answer;
  const body = {
    ok: false,
    error,
    ...(needed !== undefined && { needed }),
    ...(messages && { errors: messages, response_metadata: { messages } }),
  };
  return Response.json(body, { status, headers });
}

/** Ends when the caller has waited enough. */
export function unanswered(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Some methods take forms only: what comes to them as JSON is not read. */
export function isJson(request: Request): boolean {
  return (request.headers.get('content-type') ?? '').startsWith('application/json');
}
