/** What can be refused before anything is spent: a judge that the tier does not have, a request that no author can read, a budget below one draft. */
import { AppError, invalidFields } from '../errors.ts';
import { allowanceOf, dearest, defaultOutputTokens, promptTokens } from './allowance.ts';
import { costOf, leastOutput, type Spending } from './budget.ts';
import { askedOf, budgetOf, conversationOf, mayJudge, toolUseOf } from './context.ts';
import type { Roster } from './model.ts';
import { promptTexts } from './read-text.ts';
import type { ReflectionRequest } from './request.ts';
import { authorPrompt } from './steps/draft.ts';
import { strategies } from './strategies.ts';
import { likelyTokens } from './tokens.ts';

/** What its draft may use at most: that is set aside before it starts, and more for each further pass as it is planned. Throws `tier_policy`, `context_length_exceeded` or `request_exceeds_limit` where the tier cannot serve the request. */
export function admit(request: ReflectionRequest, roster: Roster): Spending {
  if (strategies[request.strategy].forced === 'critique' && !mayJudge(roster.critic, request)) {
    const message = `Strategy "${request.strategy}" needs a critic, and no model of tier "${request.tier}" may judge: models of the 8B class or below find faults that are not there. Choose another tier or strategy, or insist with "allow_small_judge": true.`;
    throw new AppError('tier_policy', message, {
      fields: [{ field: 'strategy', message: `tier "${request.tier}" has no model that may judge` }],
    });
  }
  const texts = [
    ...promptTexts({ messages: conversationOf(request), toolUse: toolUseOf(request) }),
    ...request.sources.map((source) => source.text),
  ];
  const tokens = texts.reduce((sum, text) => sum + likelyTokens(text), 0);
  const most = Math.max(0, ...roster.author.map((model) => model.contextTokens));
  if (tokens >= most) {
    const message = `The messages and sources hold about ${tokens} tokens; the models of tier "${request.tier}" read at most ${most}.`;
    throw new AppError('context_length_exceeded', message, {
      fields: [{ field: request.messages ? 'messages' : 'input', message }],
    });
  }
  return affordable(request, roster);
}

/** As long as a run's own, and of as many tokens as one can be: what a prompt takes depends on it where there are sources. */
const someNonce = 'a0'.repeat(18);

const dollars = new Intl.NumberFormat('en', { maximumSignificantDigits: 2, roundingMode: 'ceil', useGrouping: false });

/** Asks the engine's own budget for the first call. Calls and time always cover it. */
function affordable(request: ReflectionRequest, roster: Roster): Spending {
  const wanted = request.max_output_tokens ?? defaultOutputTokens;
  const asked = askedOf(request, someNonce);
  const inputTokens = promptTokens(authorPrompt(asked), asked.toolUse);
  const price = dearest(roster.author);
  const budget = budgetOf(request, allowanceOf(request, asked, roster), 0);
  const refusal = budget.grant(wanted, inputTokens, price, 0);
  if (refusal === 'tokens') {
    throw exceeds(
      'budget.max_output_tokens',
      `too little for a single draft, which needs at least ${leastOutput(wanted)}`,
    );
  }
  if (refusal === 'money') {
    // A millionth more, so that rounding never makes the named amount too small.
    const cost = 1.000001 * costOf({ inputTokens, outputTokens: leastOutput(wanted) }, price);
    const message = `too little for a single draft, which needs at least ${dollars.format(cost)} with the models of tier "${request.tier}"`;
    throw exceeds('budget.max_cost_usd', message);
  }
  return budget.taken;
}

function exceeds(field: string, message: string): AppError {
  return invalidFields([{ field, message }], { code: 'request_exceeds_limit' });
}
