/** What an answer of Discord means for the call. https://discord.com/developers/docs/topics/rate-limits */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { CallResult } from '../call.ts';

/** Cloudflare names no time: from once to twice as long. */
const blockedMs = 15_000;
/** Cloudflare's block, told in JSON. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const blockedByCloudflare = 40_333;

const refusal = z.object({ code: z.optional(z.number()), retry_after: z.optional(z.number()) });

/** `chance`: from 0 to below 1, so that not everybody comes back at once. A refusal's error is Discord's code, or the status where it gives none. */
export function resultOf<Answer>(
  { ok, status, headers }: Response,
  text: string,
  schema: z.ZodMiniType<Answer>,
  chance: () => number,
): CallResult<Answer> {
  const value = valueOfJson(text);
  if (ok) {
    const answer = schema.safeParse(value);
    return answer.success ? { type: 'done', answer: answer.data } : { type: 'unknown' };
  }
  if (status < 400 || status >= 500) return { type: 'unknown' };
  const said = refusal.safeParse(value).data;
  const seconds = said?.retry_after ?? Number(headers.get('retry-after') ?? Number.NaN);
  if (status === 429 && seconds >= 0) return { type: 'later', retryAfterMs: Math.ceil(seconds * 1_000) };
  // Workers share their addresses with others, and Cloudflare blocks addresses: https://github.com/discord/discord-api-docs/issues/7146
  const isBlocked = status === 429 || (status === 403 && (!said || said.code === blockedByCloudflare));
  if (isBlocked) return { type: 'later', retryAfterMs: Math.round(blockedMs * (1 + chance())) };
  return { type: 'refused', error: String(said?.code ?? status) };
}
