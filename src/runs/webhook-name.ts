/**
 * What a host name leads to, asked right before a notice is sent. A Worker cannot look a name up itself, nor say which address a `fetch` is to go to, so
 * this cannot rule out that the name leads elsewhere a moment later. What remains is harmless on Cloudflare, whose Workers reach no private network;
 * the compatibility flag `global_fetch_strictly_public` keeps them from the zone's own origin too. Whoever runs workerd elsewhere must keep it from
 * private networks by its own means, such as a `network` service that allows only `public`.
 * https://developers.cloudflare.com/workers/configuration/compatibility-flags/#global-fetch-strictly-public
 */
import * as z from 'zod/mini';
import { isPublicAddress } from './public-address.ts';

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
const resolver = 'https://cloudflare-dns.com/dns-query';

/** The types of record that hold an address, by their numbers in an answer. */
const addressRecords = { A: 1, AAAA: 28 } as const;

const dnsAnswer = z.object({
  /** 0: the name exists, whether or not it has such a record. */
  Status: z.literal(0),
  Answer: z._default(z.array(z.object({ type: z.int(), data: z.string() })), []),
});

export interface NameTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly signal: AbortSignal;
}

/**
 * `public` when the name has an address and all it has are public; `private` when one is not; `unknown` when there is none, or it cannot be told.
 * Throws only what `signal` aborts with.
 */
export async function resolvePublic(host: string, tools: NameTools): Promise<'public' | 'private' | 'unknown'> {
  const answers = await Promise.all([addresses(host, 'A', tools), addresses(host, 'AAAA', tools)]);
  const found = answers.flatMap((answer) => answer ?? []);
  if (found.some((address) => !isPublicAddress(address))) return 'private';
  return found.length === 0 || answers.includes(undefined) ? 'unknown' : 'public';
}

/** Undefined when the resolver does not say. Its answers are as small as DNS's: 64 kB at most. */
async function addresses(
  host: string,
  record: keyof typeof addressRecords,
  { fetch, signal }: NameTools,
): Promise<readonly string[] | undefined> {
  const question = new URLSearchParams({ name: host, type: record });
  try {
    const response = await fetch(`${resolver}?${question}`, {
      headers: { accept: 'application/dns-json' },
      redirect: 'manual',
      signal,
    });
    const answer = dnsAnswer.safeParse(await response.json());
    if (!response.ok || !answer.success) return undefined;
    return answer.data.Answer.filter(({ type }) => type === addressRecords[record]).map(({ data }) => data);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
