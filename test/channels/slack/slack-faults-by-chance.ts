/** Faults of Slack, drawn by chance. All of them pass. */
import type { Chance } from '../../simulation/chance.ts';
import type { SlackFault, SlackTarget } from '../../support/slack-faults.ts';

const targets: readonly [SlackTarget | '*', ...(SlackTarget | '*')[]] = [
  '*',
  '*',
  'chat.postMessage',
  'chat.update',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
  'conversations.replies',
  'agents.sessions.setStatus',
  'assistant.threads.setStatus',
  'response_url',
];

/** Slack's words for failures of its own, and for refusals of streams. */
const passingErrors = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'ratelimited',
  'request_timeout',
] as const;

/** One thing that goes wrong and passes. */
export function faultOf(chance: Chance): SlackFault {
  const on = chance.pick(targets);
  // An address may be used five times only, and two of them are spent on what is shown.
  const count = on === 'response_url' ? 1 : chance.integer(1, 3);
  const first = chance.integer(1, on === '*' ? 25 : 4);
  const place = { on, nth: Array.from({ length: count }, (_, index) => first + index) };
  const when = chance.pick(['before', 'after'] as const);
  switch (chance.pick(['status', 'broken', 'silence', 'rate_limited', 'error'] as const)) {
    case 'status':
      return { ...place, answer: 'status', status: chance.pick([500, 502, 503]), when };
    case 'broken':
      return { ...place, answer: 'broken', when };
    case 'silence':
      return { ...place, answer: 'silence', when };
    case 'rate_limited':
      return { ...place, answer: 'rate_limited', retryAfterSeconds: chance.pick([1, 3, 30]) };
    case 'error':
      return { ...place, answer: 'error', error: chance.pick(passingErrors) };
  }
}
