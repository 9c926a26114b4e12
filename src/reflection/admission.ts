/** What can be refused before anything is spent: a judge that the tier does not have, a request that no author can read. */
import { AppError } from '../errors.ts';
import { conversationOf, mayJudge } from './context.ts';
import { estimateTokens, type Roster } from './model.ts';
import type { ReflectionRequest } from './request.ts';
import { strategies } from './strategies.ts';

/** Throws `tier_policy` or `context_length_exceeded` where the tier cannot serve the request. */
export function assertAdmissible(request: ReflectionRequest, roster: Roster): void {
  if (strategies[request.strategy].forced === 'critique' && !mayJudge(roster.critic, request)) {
    const message = `Strategy "${request.strategy}" needs a critic, and no model of tier "${request.tier}" may judge: models of the 8B class or below find faults that are not there. Choose another tier or strategy, or insist with "allow_small_judge": true.`;
    throw new AppError('tier_policy', message, {
      fields: [{ field: 'strategy', message: `tier "${request.tier}" has no model that may judge` }],
    });
  }
  const texts = [
    ...conversationOf(request).map((message) => message.content),
    ...request.sources.map((source) => source.text),
  ];
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const most = Math.max(0, ...roster.author.map((model) => model.contextTokens));
  if (tokens >= most) {
    const message = `The messages and sources hold about ${tokens} tokens; the models of tier "${request.tier}" read at most ${most}.`;
    throw new AppError('context_length_exceeded', message, {
      fields: [{ field: request.messages ? 'messages' : 'input', message }],
    });
  }
}
