/** Faults of Discord, drawn by chance. All of them pass. */
import type { Chance } from '../../simulation/chance.ts';
import type { DiscordRoute } from '../../support/discord-double.ts';
import type { Fault, ScheduledFault } from '../../support/discord-faults.ts';

const routes: readonly [DiscordRoute, ...DiscordRoute[]] = [
  'PATCH /webhooks/:app/:token/messages/@original',
  'PATCH /webhooks/:app/:token/messages/@original',
  'POST /webhooks/:app/:token',
  'POST /channels/:channel/messages',
  'GET /channels/:channel/messages',
];

/** One call that goes wrong, and sometimes the next ones too. */
export function faultsOf(chance: Chance): ScheduledFault<DiscordRoute>[] {
  const route = chance.pick(routes);
  const first = chance.integer(1, 9);
  const fault = faultOf(chance);
  return Array.from({ length: chance.integer(1, 3) }, (_, index) => ({ route, call: first + index, fault }));
}

function faultOf(chance: Chance): Fault {
  const when = chance.pick(['before', 'after'] as const);
  switch (chance.pick(['error', 'silence', 'reset', 'rate limit', 'block page'] as const)) {
    case 'error':
      return { type: 'error', status: chance.pick([500, 502, 503] as const), when };
    case 'silence':
      return { type: 'silence', when };
    case 'reset':
      return { type: 'reset', when };
    case 'rate limit':
      // The last is longer than a token lives.
      return { type: 'rate limit', afterMs: chance.pick([500, 3_000, 60_000, 1_200_000]), scope: 'user' };
    case 'block page':
      return { type: 'block page', status: chance.pick([403, 429] as const) };
  }
}
