/** Why a question is not answered, in words for whoever asked. Pure. */
import type { LimitName } from '../accounts/accounts.ts';
import type { DeclineReason } from './channel.ts';
import { counted } from './counted.ts';
import { duration } from './findings.ts';

const reachedLimits = {
  requests_per_minute: 'as many questions as can be asked in a minute were asked here',
  tokens_per_minute: 'as much as can be answered in a minute was asked here',
  concurrent_runs: 'as many questions as can be answered at once are being answered',
  daily_usd: 'the budget for today is spent',
} as const satisfies Record<LimitName, string>;

/** One or two plain sentences. Where waiting helps, they say how long. */
export function declineSentence(why: DeclineReason): string {
  switch (why.type) {
    case 'limited': {
      const { limit, retryAfterMs } = why.refusal;
      if (retryAfterMs === null) return 'Sorry, answering this would take more than is allowed here at once.';
      return `Sorry, ${reachedLimits[limit]}. ${askAgain(retryAfterMs)}`;
    }
    case 'member_limited':
      return `Sorry, you have asked ${counted(why.size, 'question')} in a minute, which is as many as one person may. ${askAgain(why.retryAfterMs)}`;
    case 'switched_off':
      return 'Sorry, answering is switched off here.';
    case 'unfit':
      return why.message;
  }
}

function askAgain(afterMs: number): string {
  return `Ask again in ${duration(afterMs / 1_000)}.`;
}
