/** What stands before Discord's routes: its rate limits, and Cloudflare, which locks out addresses that go on after a refusal. https://discord.com/developers/docs/topics/rate-limits */
import type { RESTRateLimit } from 'discord-api-types/v10';

const minute = 60_000;

/** 401, 403 and 429, but for those of a shared limit. https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans */
const invalidRequests = { most: 10_000, withinMs: 10 * minute };
/** Of all routes together, but those of interactions. https://discord.com/developers/docs/topics/rate-limits#global-rate-limit */
const globally = { most: 50, withinMs: 1_000 };

export interface Bucket {
  /** So many calls fit into a window. */
  readonly most: number;
  /** A window begins with its first call. */
  readonly withinMs: number;
}

interface Window {
  readonly endsAt: number;
  calls: number;
}

export class DiscordTraffic {
  readonly #now: () => number;
  readonly #bucket: Bucket;
  readonly #windows = new Map<string, Window>();
  /** When calls were refused, oldest first. */
  readonly #invalid: number[] = [];

  constructor(now: () => number, bucket: Bucket) {
    this.#now = now;
    this.#bucket = bucket;
  }

  /** Counts a call. `major`: the channel or webhook that has limits of its own. The headers belong on its answer; a `Response` is its answer. */
  admit(route: string, major: string, isGloballyLimited: boolean): Record<string, string> | Response {
    if (this.isBanned) return blockPage(429);
    if (isGloballyLimited) {
      const window = this.#windowOf('global', globally);
      if (++window.calls > globally.most) return rateLimited(window.endsAt - this.#now(), 'global');
    }
    const window = this.#windowOf(`${route} ${major}`, this.#bucket);
    window.calls++;
    const headers = this.#headersOf(window, route);
    return window.calls > this.#bucket.most ? rateLimited(window.endsAt - this.#now(), 'user', headers) : headers;
  }

  /** Notes what was answered. */
  count(response: Response): void {
    const isShared = response.headers.get('x-ratelimit-scope') === 'shared';
    if ([401, 403, 429].includes(response.status) && !isShared) this.#invalid.push(this.#now());
  }

  get isBanned(): boolean {
    const mostAgo = this.#invalid.at(-invalidRequests.most);
    return mostAgo !== undefined && mostAgo > this.#now() - invalidRequests.withinMs;
  }

  #windowOf(key: string, { withinMs }: Bucket): Window {
    const now = this.#now();
    const open = this.#windows.get(key);
    if (open && open.endsAt > now) return open;
    const window = { endsAt: now + withinMs, calls: 0 };
    this.#windows.set(key, window);
    return window;
  }

  #headersOf({ calls, endsAt }: Window, route: string): Record<string, string> {
    const { most } = this.#bucket;
    return {
      'x-ratelimit-limit': String(most),
      'x-ratelimit-remaining': String(Math.max(0, most - calls)),
      'x-ratelimit-reset': String(endsAt / 1_000),
      'x-ratelimit-reset-after': String((endsAt - this.#now()) / 1_000),
      'x-ratelimit-bucket': route.replaceAll(/[^A-Za-z]+/g, '-').toLowerCase(),
    };
  }
}

export type RateLimitScope = 'user' | 'global' | 'shared';

/** A refusal in Discord's own words. https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit */
export function rateLimited(afterMs: number, scope: RateLimitScope, headers: Record<string, string> = {}): Response {
  const isGlobal = scope === 'global';
  const body: RESTRateLimit = {
    message: scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.',
    retry_after: afterMs / 1_000,
    global: isGlobal,
  };
  const scoped = { ...headers, 'retry-after': String(Math.ceil(afterMs / 1_000)), 'x-ratelimit-scope': scope };
  return Response.json(body, { status: 429, headers: isGlobal ? { ...scoped, 'x-ratelimit-global': 'true' } : scoped });
}

/** Cloudflare's own answer: no JSON, and no word on when to come back. https://github.com/discord/discord-api-docs/issues/7146 */
export function blockPage(status: 403 | 429): Response {
  const page =
    '<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title><p>error code: 1015';
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' } });
}
