/** DNS over HTTPS as tests need it: says what a table holds. */

/** A list of addresses by name; `NXDOMAIN` and `SERVFAIL` as DNS has them, `down` breaks the connection. */
export type Zone = Readonly<Record<string, readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'down'>>;

const statuses = { NXDOMAIN: 3, SERVFAIL: 2 } as const;

/** The answer to a look-up, or undefined where the URL is none. */
export function nameAnswer(url: string, zone: Zone): Response | undefined {
  const { origin, pathname, searchParams } = new URL(url);
  if (`${origin}${pathname}` !== 'https://cloudflare-dns.com/dns-query') return undefined;
  const name = searchParams.get('name') ?? '';
  const wants6 = searchParams.get('type') === 'AAAA';
  const held = zone[name] ?? 'NXDOMAIN';
  if (held === 'down') throw new TypeError('fetch failed');
  if (typeof held === 'string') return Response.json({ Status: statuses[held] });
  const found = held.filter((address) => address.includes(':') === wants6);
  const answers = found.map((data) => ({ name, type: wants6 ? 28 : 1, TTL: 60, data }));
  const alias = { name, type: 5, TTL: 60, data: 'elsewhere.example.com.' };
  return Response.json({ Status: 0, TC: false, ...(found.length === 0 ? {} : { Answer: [alias, ...answers] }) });
}
