/**
 * Slack's HTTP side, made up: it takes and refuses calls as Slack does, and keeps what people would see. It has no clock, no timer and no connection of its own,
 * so that it serves behind a mocked `fetch`, a Worker's outbound service, a server or a simulation.
 */
import { valueOfJson } from '../../src/encoding.ts';
import { methodAnswers } from './slack-answers.ts';
import { isFields } from './slack-blocks.ts';
import { FaultSchedule, type SlackFault } from './slack-faults.ts';
import { SlackRates, slackTimes } from './slack-limits.ts';
import { type SlackChannel, type SlackMessage, SlackMessages } from './slack-messages.ts';
import {
  factsOf,
  isRefusal,
  isSlackMethod,
  type RawArguments,
  type Refusal,
  readArguments,
  type SlackMethod,
} from './slack-methods.ts';
import { type ResponseUrl, respond, say } from './slack-response-urls.ts';
import { clientOf, isJson, type Outcome, readRaw, responseOf, statusOf, unanswered } from './slack-wire.ts';
import type { SlackWorkspace } from './slack-workspace.ts';

/** What docs/slack.md asks for, and no more: a call that takes another is refused as by Slack. */
export const everyScope: readonly string[] = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'chat:write',
  'commands',
  'groups:history',
  'im:history',
  'mpim:history',
];

export interface WorkspaceSetup {
  readonly team: string;
  readonly token: string;
  readonly botUser?: string;
  readonly bot?: string;
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly channels: readonly (Pick<SlackChannel, 'id' | 'kind' | 'users'> & Partial<SlackChannel>)[];
}

export interface SlackDoubleSetup {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly workspaces: readonly WorkspaceSetup[];
  readonly faults?: readonly SlackFault[];
  /** Refuses arguments that Slack would pass over. */
  readonly strict?: boolean;
  readonly rateLimited?: boolean;
  /** Where `response_url`s point. */
  readonly hooks?: string;
  readonly app?: string;
  readonly client?: { readonly id: string; readonly secret: string; readonly redirectUri?: string };
}

export interface LoggedCall {
  readonly at: number;
  /** A method's name, or `response_url`. */
  readonly target: string;
  readonly team: string | null;
  readonly arguments: RawArguments;
  /** Whether Slack did what was asked, whatever the caller was told of it. */
  readonly accepted: boolean;
  readonly error: string | null;
  readonly fault: SlackFault['answer'] | null;
  /** Null where nothing was answered. */
  readonly status: number | null;
}

export class SlackDouble {
  readonly calls: LoggedCall[] = [];
  readonly workspaces: ReadonlyMap<string, SlackWorkspace>;
  readonly #setup: SlackDoubleSetup;
  readonly #schedule: FaultSchedule;
  readonly #rates = new SlackRates();
  readonly #responseUrls = new Map<string, ResponseUrl>();
  readonly #codes = new Map<
    string,
    { readonly team: string; readonly user: string; readonly at: number; used: boolean }
  >();
  #issued = 0;

  constructor(setup: SlackDoubleSetup) {
    this.#setup = setup;
    this.#schedule = new FaultSchedule(setup.faults ?? []);
    this.workspaces = new Map(setup.workspaces.map((workspace) => [workspace.team, this.#made(workspace)]));
  }

  /** In place of the global `fetch`. Any host: the path decides. */
  readonly fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = typeof input === 'string' || input instanceof URL ? new Request(input, init) : input;
    const { pathname } = new URL(request.url);
    const [, method] = /^\/api\/([A-Za-z0-9.]+)$/.exec(pathname) ?? [];
    const hook = this.#responseUrls.get(pathname);
    const target = hook ? 'response_url' : method;
    if (target === undefined) return new Response('no such page', { status: 404 });
    const raw = await readRaw(request);
    const fault = this.#schedule.next(target);
    const isBefore = fault !== null && !('when' in fault && fault.when === 'after');
    const outcome: Outcome = isBefore
      ? { team: null, answer: { error: fault.answer === 'error' ? fault.error : 'not_seen' } }
      : hook
        ? this.#respond(hook, raw)
        : this.#call(target, request, raw);
    const status = statusOf(outcome, fault);
    this.calls.push({
      at: this.#setup.now(),
      target,
      team: outcome.team,
      arguments: raw,
      accepted: !isRefusal(outcome.answer),
      error: isRefusal(outcome.answer) && !(isBefore && fault.answer !== 'error') ? outcome.answer.error : null,
      fault: fault?.answer ?? null,
      status,
    });
    if (fault?.answer === 'broken') throw new TypeError('fetch failed');
    return status === null ? unanswered(request.signal) : responseOf(outcome, fault, status);
  };

  workspace(team: string): SlackWorkspace {
    const workspace = this.workspaces.get(team);
    if (!workspace) throw new Error(`no workspace ${team}`);
    return workspace;
  }

  /** Somebody writes. Gives the message, whose `ts` an event would tell. */
  write(team: string, spoken: { channel: string; user: string; text: string; thread?: string }): SlackMessage {
    const { thread = null, ...rest } = spoken;
    return this.workspace(team).messages.post({ ...rest, thread, bot: null, blocks: [], metadata: null });
  }

  /** Valid for three seconds, and once. */
  issueTrigger(team: string, user: string): string {
    const id = `${this.#next()}.${team}.trigger`;
    this.workspace(team).triggers.set(id, { user, at: this.#setup.now(), used: false });
    return id;
  }

  /** For a command (`original` null) or for a click on a message. */
  issueResponseUrl(
    team: string,
    to: { readonly channel: string; readonly user: string; readonly original?: SlackMessage | null },
  ): string {
    const { channel, user, original = null } = to;
    const path = `/${original ? 'actions' : 'commands'}/${team}/${this.#next()}/hook`;
    const url = { workspace: this.workspace(team), channel, user, issuedAt: this.#setup.now(), uses: 0, original };
    this.#responseUrls.set(path, url);
    return `${this.#setup.hooks ?? 'https://hooks.slack.com'}${path}`;
  }

  /** What a command is acknowledged with is shown to whoever gave it. It is none of the five uses. */
  acknowledge(responseUrl: string, body: string): Refusal | null {
    const url = this.#responseUrls.get(new URL(responseUrl).pathname);
    if (!url || body === '') return null;
    const read = valueOfJson(body);
    return say(url, isFields(read) ? read : { text: body });
  }

  /** Somebody allows the app: what Slack's page sends the browser back with. */
  issueCode(team: string, user: string): string {
    const code = `code-${this.#next()}`;
    this.#codes.set(code, { team, user, at: this.#setup.now(), used: false });
    return code;
  }

  /** Somebody clicks on Slack's own stop button. Gives the `streaming_message_ts` of the event. */
  stopStreams(team: string, channel: string, thread: string): readonly string[] {
    const { messages } = this.workspace(team);
    const streaming = messages.inThread(channel, thread).filter((message) => messages.isStreaming(message));
    for (const { stream } of streaming) if (stream) stream.state = 'stopped_by_user';
    return streaming.map(({ ts }) => ts);
  }

  /** By `target`, in the order that they came in. */
  callsOf(target: SlackMethod | 'response_url'): readonly LoggedCall[] {
    return this.calls.filter((call) => call.target === target);
  }

  #made({ team, token, channels, ...setup }: WorkspaceSetup): SlackWorkspace {
    const all = channels.map((channel) => ({
      name: channel.id.toLowerCase(),
      member: true,
      archived: false,
      ...channel,
    }));
    return {
      team,
      token,
      name: setup.name ?? team.toLowerCase(),
      app: this.#setup.app ?? 'A0001',
      bot: setup.bot ?? 'BBOT',
      botUser: setup.botUser ?? 'UBOT',
      scopes: setup.scopes ?? everyScope,
      revoked: false,
      messages: new SlackMessages(all, this.#setup.now),
      triggers: new Map(),
    };
  }

  #next(): number {
    this.#issued += 1;
    return this.#issued;
  }

  #respond(url: ResponseUrl, raw: RawArguments): Outcome {
    const refusal = respond(url, raw, this.#setup.now(), this.#setup.strict ?? true);
    const { team } = url.workspace;
    if (!refusal) return { team, answer: {}, text: 'ok' };
    return { team, answer: refusal, status: 404 };
  }

  #call(method: string, request: Request, raw: RawArguments): Outcome {
    if (!isSlackMethod(method)) return { team: null, answer: { error: 'unknown_method' } };
    const facts = factsOf(method);
    if (method === 'oauth.v2.access') return this.#exchange(request, raw);
    const workspace = this.#authenticated(request, raw);
    if (isRefusal(workspace)) return { team: null, answer: workspace };
    const { team } = workspace;
    const headers = { 'x-oauth-scopes': workspace.scopes.join(',') };
    const place = facts.rate.per === 'channel' ? String(raw['channel']) : '';
    const now = this.#setup.now();
    const limited = this.#setup.rateLimited ?? true;
    const retryAfter = limited ? this.#rates.retryAfter(`${team}/${method}/${place}`, facts.rate, now) : null;
    if (retryAfter !== null) return { team, answer: { error: 'ratelimited' }, retryAfter, headers };
    if (facts.scope !== null && !workspace.scopes.includes(facts.scope)) {
      return { team, answer: { error: 'missing_scope', needed: facts.scope }, headers };
    }
    const isUnread = facts.body === 'form' && isJson(request);
    const given = readArguments(method, isUnread ? {} : raw, this.#setup.strict ?? true);
    if (isRefusal(given)) return { team, answer: given, headers };
    return { team, answer: methodAnswers[method]({ workspace, arguments: given, now }), headers };
  }

  /** A form may carry the token as well; JSON may not. */
  #authenticated(request: Request, raw: RawArguments): SlackWorkspace | Refusal {
    const [, bearer] = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
    const token = bearer ?? (isJson(request) ? undefined : raw['token']);
    if (token === undefined) return { error: 'not_authed' };
    const workspace = [...this.workspaces.values()].find((candidate) => candidate.token === token);
    if (!workspace) return { error: 'invalid_auth' };
    return workspace.revoked ? { error: 'account_inactive' } : workspace;
  }

  /** https://docs.slack.dev/reference/methods/oauth.v2.access */
  #exchange(request: Request, raw: RawArguments): Outcome {
    const { client, now } = this.#setup;
    const given = readArguments('oauth.v2.access', isJson(request) ? {} : raw, this.#setup.strict ?? true);
    if (isRefusal(given)) return { team: null, answer: given };
    const [id, secret] = clientOf(request, given);
    const refused = (error: string): Outcome => ({ team: null, answer: { error } });
    if (!client || id !== client.id) return refused('invalid_client_id');
    if (secret !== client.secret) return refused('bad_client_secret');
    if (client.redirectUri !== undefined && given['redirect_uri'] !== client.redirectUri)
      return refused('bad_redirect_uri');
    const code = this.#codes.get(String(given['code']));
    if (!code) return refused('invalid_code');
    if (code.used) return refused('code_already_used');
    if (now() - code.at > slackTimes.code.ms) return refused('code_expired');
    code.used = true;
    const workspace = this.workspace(code.team);
    workspace.revoked = false;
    return {
      team: workspace.team,
      answer: {
        access_token: workspace.token,
        token_type: 'bot',
        scope: workspace.scopes.join(','),
        bot_user_id: workspace.botUser,
        app_id: workspace.app,
        team: { id: workspace.team, name: workspace.name },
        enterprise: null,
        authed_user: { id: code.user },
        is_enterprise_install: false,
      },
    };
  }
}
