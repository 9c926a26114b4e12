/** The few calls that we make to Discord. The tokens of interactions stand in their addresses, so no address is logged. https://discord.com/developers/docs/reference */
import * as z from 'zod/mini';
import type { CallResult } from '../call.ts';
import type { InteractionTicket } from './payloads.ts';
import { resultOf } from './result.ts';

export const discordUrl = 'https://discord.com/api/v10';

/** Discord refuses calls without one of this form. https://discord.com/developers/docs/reference#user-agent */
const userAgent = 'DiscordBot (https://edge-reflection.example, 0.1.0)';
/** What Discord says of a wrong token of a bot: its general code, or the status alone. */
const unauthorized: readonly string[] = ['0', '401', '40001'];
const longestCallMs = 8_000;
/** What a message is made of. Fields that an edit leaves out stay. */
export interface DiscordMessage {
  readonly content: string;
  readonly components: readonly object[];
}

export interface DiscordApiTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends a call after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** `DISCORD_API_URL`. */
  readonly url: string;
  readonly botToken: string | null;
}

const message = z.object({ id: z.string(), flags: z.optional(z.number()) });
const listed = z.array(z.object({ id: z.string(), components: z.optional(z.unknown()) }));

export type Posted = z.output<typeof message>;
export type Listed = z.output<typeof listed>;

/** https://discord.com/developers/docs/resources/message#message-object-message-flags */
export const ephemeralFlag = 64;

/** Nobody is ever pinged: without this, every create and edit pings the users that its text names. */
const quiet = { allowed_mentions: { parse: [] } };

export class DiscordApi {
  readonly #tools: DiscordApiTools;

  constructor(tools: DiscordApiTools) {
    this.#tools = tools;
  }

  /** Whether it may write by itself where the bot is. */
  get hasBot(): boolean {
    return this.#tools.botToken !== null;
  }

  editOriginal(ticket: InteractionTicket, edited: DiscordMessage): Promise<CallResult<Posted>> {
    return this.#call('PATCH', `${hookOf(ticket)}/messages/@original`, message, { ...edited, ...quiet });
  }

  /** Its privacy is its own: it does not follow that of the first message. */
  followUp(ticket: InteractionTicket, created: DiscordMessage, flags: number): Promise<CallResult<Posted>> {
    return this.#call('POST', hookOf(ticket), message, { ...created, ...quiet, flags });
  }

  /** Within a few minutes, the same nonce gives the message that it gave before. At most 25 letters. */
  post(channel: string, created: DiscordMessage, nonce: string): Promise<CallResult<Posted>> {
    const body = { ...created, ...quiet, nonce, enforce_nonce: true };
    return this.#call('POST', `/channels/${encodeURIComponent(channel)}/messages`, message, body);
  }

  editPosted(channel: string, id: string, edited: DiscordMessage): Promise<CallResult<Posted>> {
    const path = `/channels/${encodeURIComponent(channel)}/messages/${encodeURIComponent(id)}`;
    return this.#call('PATCH', path, message, { ...edited, ...quiet });
  }

  /** A hundred messages of a channel that came after the one with this id. */
  list(channel: string, after: string): Promise<CallResult<Listed>> {
    const query = new URLSearchParams({ after, limit: '100' });
    return this.#call('GET', `/channels/${encodeURIComponent(channel)}/messages?${query}`, listed);
  }

  /** Puts these commands in place of all that were registered. Those of one guild are there at once. */
  register(application: string, commands: readonly object[], guild: string | null): Promise<CallResult<unknown>> {
    const place = guild === null ? '' : `/guilds/${encodeURIComponent(guild)}`;
    return this.#call(
      'PUT',
      `/applications/${encodeURIComponent(application)}${place}/commands`,
      z.unknown(),
      commands,
    );
  }

  async #call<Answer>(
    method: string,
    path: string,
    schema: z.ZodMiniType<Answer>,
    body?: object,
  ): Promise<CallResult<Answer>> {
    const { botToken } = this.#tools;
    const result = await this.#send(method, path, schema, body, botToken);
    // The token of the interaction is enough here, and a wrong one of the bot must not keep an answer back.
    const isByBotAlone = botToken === null || !path.startsWith('/webhooks/');
    const isTokenRefused = result.type === 'refused' && unauthorized.includes(result.error);
    return isByBotAlone || !isTokenRefused ? result : this.#send(method, path, schema, body, null);
  }

  async #send<Answer>(
    method: string,
    path: string,
    schema: z.ZodMiniType<Answer>,
    body: object | undefined,
    botToken: string | null,
  ): Promise<CallResult<Answer>> {
    const { url, timeout } = this.#tools;
    const headers = {
      'user-agent': userAgent,
      ...(botToken !== null && { authorization: `Bot ${botToken}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const sent = { method, headers, signal: timeout(longestCallMs), ...(body && { body: JSON.stringify(body) }) };
    try {
      const response = await this.#tools.fetch(url + path, sent);
      return resultOf(response, await response.text(), schema, this.#tools.chance);
    } catch {
      return { type: 'unknown' };
    }
  }
}

function hookOf({ application, token }: InteractionTicket): string {
  return `/webhooks/${encodeURIComponent(application)}/${encodeURIComponent(token)}`;
}
