/** What a host name is found to lead to. */
import { expect, test } from 'vitest';
import { resolvePublic } from '../../src/runs/webhook-name.ts';
import { nameAnswer, type Zone } from '../support/name-server.ts';

function leadsTo(zone: Zone[string], change: (response: Response) => Response = (response) => response) {
  const asked: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url);
    return change(nameAnswer(url, { 'hooks.example.com': zone }) ?? new Response(null, { status: 404 }));
  };
  const answer = resolvePublic('hooks.example.com', { fetch, signal: new AbortController().signal });
  return { answer, asked };
}

test.each([
  [['93.184.216.34'], 'public'],
  [['2606:4700:4700::1111'], 'public'],
  [['93.184.216.34', '1.1.1.1', '2606:4700:4700::1111'], 'public'],
  [['127.0.0.1'], 'private'],
  [['::1'], 'private'],
  [['93.184.216.34', '10.0.0.1'], 'private'],
  [['93.184.216.34', 'fd00::1'], 'private'],
  [['93.184.216.34', '::ffff:127.0.0.1'], 'private'],
  [['169.254.169.254'], 'private'],
  [['no address'], 'private'],
  [[], 'unknown'],
  ['NXDOMAIN', 'unknown'],
  ['SERVFAIL', 'unknown'],
  ['down', 'unknown'],
] as const)('a name with %j is %s', async (zone, verdict) => {
  expect(await leadsTo(zone).answer).toBe(verdict);
});

test('both kinds of address are asked for', async () => {
  const { answer, asked } = leadsTo(['93.184.216.34']);
  await answer;
  expect(asked.map((url) => new URL(url).searchParams.get('type')).sort()).toEqual(['A', 'AAAA']);
});

test('a resolver that does not answer as agreed has said nothing', async () => {
  const answers = [
    () => new Response('<html>'),
    () => Response.json([]),
    () => Response.json({ Status: '0' }),
    () => Response.json({ Status: 0, Answer: [{ data: '1.1.1.1' }] }),
    () => Response.json({ Status: 0, Answer: [{ type: 1, data: '1.1.1.1' }] }, { status: 500 }),
  ];
  for (const answer of answers) expect(await leadsTo(['1.1.1.1'], answer).answer).toBe('unknown');
});

test('when one kind cannot be told, the other does not vouch for it', async () => {
  let calls = 0;
  const half = (response: Response) => (++calls === 1 ? response : Response.json({ Status: 2 }));
  expect(await leadsTo(['1.1.1.1'], half).answer).toBe('unknown');
});

test('a look-up ends with its signal', async () => {
  const signal = AbortSignal.abort(new Error('too late'));
  const fetch = (): Promise<Response> => Promise.reject(new Error('aborted'));
  await expect(resolvePublic('hooks.example.com', { fetch, signal })).rejects.toThrow('too late');
});
