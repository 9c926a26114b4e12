/** A code from Slack for the token of a workspace. https://docs.slack.dev/reference/methods/oauth.v2.access */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { CallResult } from '../call.ts';

export interface SlackGrant {
  /** Null for an installation in a whole organisation. */
  readonly team: string | null;
  readonly token: string;
}

/** `redirectUri`: as it was given to Slack's page; null where none was. */
export type ExchangeCode = (code: string, redirectUri: string | null) => Promise<CallResult<SlackGrant>>;

export interface OAuthTools {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeout: (milliseconds: number) => AbortSignal;
  /** Where methods are called: `https://slack.com/api`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const patienceMs = 8_000;

const granted = z.object({
  ok: z.literal(true),
  access_token: z.string(),
  token_type: z.literal('bot'),
  team: z.nullable(z.object({ id: z.string() })),
  is_enterprise_install: z.optional(z.boolean()),
});
const failed = z.object({ ok: z.literal(false), error: z.string() });

export function exchangeCode({ fetch, timeout, url, clientId, clientSecret }: OAuthTools): ExchangeCode {
  return async (code, redirectUri) => {
    const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, code });
    if (redirectUri !== null) form.set('redirect_uri', redirectUri);
    try {
      const request = new Request(`${url.replace(/\/$/, '')}/oauth.v2.access`, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        signal: timeout(patienceMs),
      });
      const response = await fetch(request);
      if (response.status === 429) return { type: 'later', retryAfterMs: null };
      return read(valueOfJson(await response.text()));
    } catch {
      return { type: 'unknown' };
    }
  };
}

function read(body: unknown): CallResult<SlackGrant> {
  const refusal = failed.safeParse(body);
  if (refusal.success) return { type: 'refused', error: refusal.data.error };
  const grant = granted.safeParse(body);
  if (!grant.success) return { type: 'unknown' };
  const { access_token: token, team, is_enterprise_install } = grant.data;
  return { type: 'done', answer: { token, team: is_enterprise_install === true ? null : (team?.id ?? null) } };
}
