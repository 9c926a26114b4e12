/** Discord's HTTP side without the network: it refuses what Discord would refuse, and keeps what people would see. It makes up no time: `now` is asked. https://discord.com/developers/docs/reference */
import type { APIInteraction, RESTPutAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';
import { assertCommands } from './discord-command-limits.ts';
import { type Conversation, DiscordConversations } from './discord-conversations.ts';
import { FaultSchedule, isAccepted, outcomeOf, type ScheduledFault } from './discord-faults.ts';
import { assertMessage } from './discord-message-limits.ts';
import { DiscordMessages, type SeenMessage } from './discord-messages.ts';
import { DiscordRefusal } from './discord-refusal.ts';
import { type Bucket, blockPage, DiscordTraffic } from './discord-traffic.ts';
import { RESTJSONErrorCodes } from './discord-values.ts';

const routeNames = [
  'GET /webhooks/:app/:token/messages/@original',
  'PATCH /webhooks/:app/:token/messages/@original',
  'DELETE /webhooks/:app/:token/messages/@original',
  'GET /webhooks/:app/:token/messages/:id',
  'PATCH /webhooks/:app/:token/messages/:id',
  'DELETE /webhooks/:app/:token/messages/:id',
  'POST /webhooks/:app/:token',
  'GET /channels/:channel/messages',
  'GET /channels/:channel/messages/:id',
  'POST /channels/:channel/messages',
  'PATCH /channels/:channel/messages/:id',
  'PUT /applications/:app/commands',
  'PUT /applications/:app/guilds/:guild/commands',
  'POST /interactions/:interaction/:token/callback',
] as const;

export type DiscordRoute = (typeof routeNames)[number];

const patterns = routeNames.map((name) => {
  const [method, path = ''] = name.split(' ');
  return { name, method, path: new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`) };
});

export interface DiscordCall {
  /** Null for a path that Discord does not have. */
  readonly route: DiscordRoute | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** As text: what is no JSON stays legible. */
  readonly body: string;
  /** What Discord made of it; null when it never saw it. */
  readonly status: number | null;
  /** What the caller saw instead. */
  readonly fault: ScheduledFault<DiscordRoute>['fault'] | null;
}

export interface DiscordSetting {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly application: string;
  readonly botToken: string;
  /** Where the bot itself is: only there may it write with its own token. */
  readonly channels: readonly string[];
  readonly faults?: readonly ScheduledFault<DiscordRoute>[];
  /** Of each route, for a channel or webhook. Discord names no numbers; 5 in 2 seconds was seen: https://github.com/discord/discord-api-docs/issues/6407 */
  readonly bucket?: Bucket;
}

/** "A few minutes" in Discord's words, at the least. https://discord.com/developers/docs/resources/message#create-message */
const nonceMemory = 3 * 60_000;

interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export class DiscordDouble {
  readonly calls: DiscordCall[] = [];
  readonly messages: DiscordMessages;
  readonly conversations: DiscordConversations;
  readonly #setting: DiscordSetting;
  readonly #channels: Set<string>;
  readonly #traffic: DiscordTraffic;
  readonly #faults: FaultSchedule<DiscordRoute>;
  readonly #nonces = new Map<string, { readonly id: string; readonly at: number }>();
  /** As they were registered last. */
  commands: RESTPutAPIApplicationCommandsJSONBody = [];

  constructor(setting: DiscordSetting) {
    const { now, application, channels, faults = [], bucket = { most: 5, withinMs: 2_000 } } = setting;
    this.#setting = setting;
    this.#channels = new Set(channels);
    this.#traffic = new DiscordTraffic(now, bucket);
    this.#faults = new FaultSchedule(faults);
    this.messages = new DiscordMessages(now, application);
    this.conversations = new DiscordConversations(now, application, this.messages);
  }

  /** In place of the platform's, for requests to `https://discord.com/api/v10` or whatever stands for it. Rejects as `fetch` does when a fault says so. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.replace(/^\/api\/v10(?=\/)/, '');
    const found = patterns.find((one) => one.method === request.method && one.path.test(path));
    const params = found?.path.exec(path)?.groups ?? {};
    const text = await request.text();
    const fault = found && this.#faults.next(found.name);
    const asked = { route: found?.name ?? null, at: this.#setting.now(), body: text, fault: fault ?? null };
    const answer = () => this.#answer(request, found?.name, params, searchParams, text);
    if (!fault) return this.#noted(answer(), asked);
    this.calls.push({ ...asked, status: isAccepted(fault) ? answer().status : null });
    const seen = await outcomeOf(fault, request.signal);
    this.#traffic.count(seen);
    return seen;
  }

  /** Whether somebody went on asking after so many refusals that Cloudflare locked them out. */
  get isBanned(): boolean {
    return this.#traffic.isBanned;
  }

  /** The bot was removed from a server, or may write there no longer. */
  leave(channel: string): void {
    this.#channels.delete(channel);
  }

  /** An interaction goes out: its token begins to run. */
  send(interaction: APIInteraction): void {
    this.conversations.open(interaction);
  }

  /** What the service answered inline to an interaction. Throws a `DiscordRefusal` where people would read that the interaction failed. */
  answeredInline({ id, token }: APIInteraction, body: unknown): void {
    this.conversations.answer(id, token, body);
  }

  #noted(response: Response, asked: Omit<DiscordCall, 'status'>): Response {
    this.calls.push({ ...asked, status: response.status });
    this.#traffic.count(response);
    return response;
  }

  #answer(
    { headers: asked, method }: Request,
    route: DiscordRoute | undefined,
    params: Readonly<Record<string, string>>,
    query: URLSearchParams,
    text: string,
  ): Response {
    let headers: Record<string, string> = {};
    try {
      if (this.#traffic.isBanned) return blockPage(429);
      assertUserAgent(asked);
      if (route === undefined) throw new DiscordRefusal(404, 0, '404: Not Found');
      this.#assertAuthorized(asked, route);
      const major = params['channel'] ?? params['token'] ?? '';
      const admitted = this.#traffic.admit(route, major, needsBotToken(route));
      if (admitted instanceof Response) return admitted;
      headers = admitted;
      const body = method === 'GET' || method === 'DELETE' ? undefined : jsonOf(asked, text);
      return withHeaders(this.#handle(route, { params, query, body }), headers);
    } catch (error) {
      if (!(error instanceof DiscordRefusal)) throw error;
      const { status, code, message, errors } = error;
      return Response.json(errors === undefined ? { message, code } : { message, code, errors }, { status, headers });
    }
  }

  #assertAuthorized(headers: Headers, route: DiscordRoute): void {
    const given = headers.get('authorization');
    if (given === null && !needsBotToken(route)) return;
    if (given !== `Bot ${this.#setting.botToken}`) throw new DiscordRefusal(401, 0, '401: Unauthorized');
  }

  #handle(route: DiscordRoute, asked: Asked): Response {
    const { params, query, body } = asked;
    const { channel = '', id = '@original', interaction = '', token = '' } = params;
    switch (route) {
      case 'GET /webhooks/:app/:token/messages/@original':
      case 'GET /webhooks/:app/:token/messages/:id':
        return this.#shown(this.conversations.read(this.#conversationOf(asked), id));
      case 'PATCH /webhooks/:app/:token/messages/@original':
      case 'PATCH /webhooks/:app/:token/messages/:id':
        return this.#shown(this.conversations.edit(this.#conversationOf(asked), id, body));
      case 'DELETE /webhooks/:app/:token/messages/@original':
      case 'DELETE /webhooks/:app/:token/messages/:id':
        this.messages.delete(this.conversations.read(this.#conversationOf(asked), id).id);
        return new Response(null, { status: 204 });
      case 'POST /webhooks/:app/:token':
        return this.#shown(this.conversations.followUp(this.#conversationOf(asked), body));
      case 'POST /interactions/:interaction/:token/callback':
        this.conversations.answer(interaction, token, body);
        return new Response(null, { status: 204 });
      case 'GET /channels/:channel/messages':
        return this.#list(channel, query);
      case 'GET /channels/:channel/messages/:id':
        return this.#shown(this.#inChannel(channel, id));
      case 'POST /channels/:channel/messages':
        return this.#shown(this.#post(channel, body));
      case 'PATCH /channels/:channel/messages/:id': {
        const message = this.#inChannel(channel, id);
        assertMessage(body, 'edit');
        return this.#shown(this.messages.edit(message, body));
      }
      case 'PUT /applications/:app/commands':
      case 'PUT /applications/:app/guilds/:guild/commands':
        return this.#register(params['app'], body);
    }
  }

  #shown(message: SeenMessage): Response {
    return Response.json(this.messages.json(message));
  }

  #conversationOf({ params: { app = '', token = '' } }: Asked): Conversation {
    return this.conversations.byToken(app, token);
  }

  #assertMember(channel: string): void {
    if (!this.#channels.has(channel)) throw new DiscordRefusal(403, RESTJSONErrorCodes.MissingAccess, 'Missing Access');
  }

  /** What only one user sees is not of the channel. */
  #inChannel(channel: string, id: string): SeenMessage {
    this.#assertMember(channel);
    const message = this.messages.get(id);
    if (message?.channel !== channel || message.onlyFor !== null)
      throw new DiscordRefusal(404, RESTJSONErrorCodes.UnknownMessage, 'Unknown Message');
    return message;
  }

  /** Newest first: of those before an id the newest, of those after one the oldest. https://discord.com/developers/docs/resources/message#get-channel-messages */
  #list(channel: string, query: URLSearchParams): Response {
    this.#assertMember(channel);
    const before = BigInt(query.get('before') ?? '9223372036854775807');
    const after = BigInt(query.get('after') ?? 0);
    const limit = Math.min(100, Number(query.get('limit') ?? 50));
    const meant = this.messages.in(channel).filter(({ id }) => BigInt(id) < before && BigInt(id) > after);
    const page = after === 0n ? meant.slice(-limit) : meant.slice(0, limit);
    return Response.json(page.toReversed().map((message) => this.messages.json(message)));
  }

  /** A nonce that is enforced gives the first message again. */
  #post(channel: string, body: unknown): SeenMessage {
    this.#assertMember(channel);
    assertMessage(body, 'channelMessage');
    const now = this.#setting.now();
    const nonce = body.enforce_nonce && body.nonce !== undefined && body.nonce !== null ? String(body.nonce) : null;
    const known = nonce === null ? undefined : this.#nonces.get(nonce);
    const first = known && now - known.at < nonceMemory ? this.messages.get(known.id) : undefined;
    if (first) return first;
    const message = this.messages.create(body, { channel, onlyFor: null });
    if (nonce !== null) this.#nonces.set(nonce, { id: message.id, at: now });
    return message;
  }

  #register(application: string | undefined, body: unknown): Response {
    if (application !== this.#setting.application)
      throw new DiscordRefusal(403, RESTJSONErrorCodes.MissingAccess, 'Missing Access');
    assertCommands(body);
    this.commands = body;
    const registered = { application_id: application, default_member_permissions: null };
    return Response.json(
      body.map((command) => ({
        description: '',
        ...command,
        ...registered,
        id: this.messages.snowflake(),
        version: '1',
      })),
    );
  }
}

/** These are counted against the bot's own limit as well. */
function needsBotToken(route: DiscordRoute): boolean {
  return route.includes(' /channels/') || route.includes(' /applications/');
}

/** https://discord.com/developers/docs/reference#user-agent */
function assertUserAgent(headers: Headers): void {
  if (!/^DiscordBot \(https?:\/\/[^\s,]+, [^\s,)]+\)/.test(headers.get('user-agent') ?? ''))
    throw new DiscordRefusal(403, RESTJSONErrorCodes.CloudflareIsBlockingYourRequest, 'internal network error');
}

function jsonOf(headers: Headers, text: string): unknown {
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? ''))
    throw new DiscordRefusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, 'Invalid Form Body');
  try {
    return JSON.parse(text);
  } catch {
    throw new DiscordRefusal(
      400,
      RESTJSONErrorCodes.RequestBodyContainsInvalidJSON,
      'The request body contains invalid JSON.',
    );
  }
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
