/** What every step of one reflection works with: the request, read once, and the tools it was given. */
import { type Allowance, allowanceOf } from './allowance.ts';
import { type AccountLimit, Budget, type Spending } from './budget.ts';
import type { CheckContext, Inference } from './checks/check.ts';
import type { DeclaredCheck } from './checks/checks.ts';
import { heldTo } from './checks/held-to.ts';
import { ComputeBudget } from './compute-budget.ts';
import { requirementsOf } from './declared-checks.ts';
import { fenced, withoutControlTokens } from './fence.ts';
import type { Message, Model, ModelFacts, Roster, Seat, ToolUse } from './model.ts';
import { callText } from './read-text.ts';
import { type ReflectionRequest, textOf } from './request.ts';
import { type Strategy, strategies } from './strategies.ts';
import { classifyTask, questionOf, type Task } from './task.ts';

/** What the engine is given from outside. The same tools and the same model answers give the same events. */
export interface ReflectionTools {
  readonly model: Model;
  readonly roster: Roster;
  /** Unguessable, new for each run: it marks what is data in prompts. */
  readonly nonce: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When the run first started; deadlines count from here, on a resumed run too. */
  readonly startedAt: number;
  /**
   * Has the account set aside what the run may have used in all once its next call is made. Names the limit that refuses; null when none does. Asked again for
   * what is set aside already, it says null.
   */
  readonly reserve: (total: Spending) => AccountLimit | null;
}

export interface Context {
  readonly request: ReflectionRequest;
  readonly tools: ReflectionTools;
  readonly strategy: Strategy;
  readonly task: Task;
  readonly budget: Budget;
  /** What the answer is held to: the declared checks, the one on the sources, and what the request itself states. */
  readonly checks: readonly DeclaredCheck[];
  readonly messages: readonly Message[];
  readonly toolUse: ToolUse | undefined;
  /** The conversation as one text, for those who review it. */
  readonly conversation: string;
  /** The declared checks in words. */
  readonly requirements: readonly string[];
  /** The sources as fenced data; empty when there are none. */
  readonly sources: string;
  /** Everything that an answer's facts may come from: the conversation, the requirements and the sources, as plain text. */
  readonly known: string;
  readonly checkContext: CheckContext;
}

/** What the author of a draft is asked with. */
export type Asked = Pick<Context, 'messages' | 'strategy' | 'toolUse' | 'requirements' | 'sources'>;

export function askedOf(request: ReflectionRequest, nonce: string): Asked {
  return {
    messages: conversationOf(request),
    strategy: strategies[request.strategy],
    toolUse: toolUseOf(request),
    requirements: requirementsOf(request.checks).map(withoutControlTokens),
    sources: request.sources.map((source) => fenced(`source ${source.id}`, source.text, nonce)).join('\n'),
  };
}

/** The run's budget, within its allowance. `startedAt` in epoch milliseconds. */
export function budgetOf(request: ReflectionRequest, allowance: Allowance, startedAt: number): Budget {
  return new Budget({
    calls: allowance.calls,
    tokens: allowance.tokens,
    outputTokens: allowance.outputTokens,
    cost: allowance.usd,
    deadlineAt: startedAt + request.budget.deadline_ms,
  });
}

export function createContext(
  request: ReflectionRequest,
  tools: ReflectionTools,
  inferred: ReadonlyMap<DeclaredCheck, Inference> = new Map(),
): Context {
  const asked = askedOf(request, tools.nonce);
  const { messages, requirements } = asked;
  const conversation = messages
    .map(({ role, name, content, tool_calls }) => `${name ?? role}: ${content}${callText(tool_calls)}`)
    .join('\n\n');
  return {
    ...asked,
    request,
    tools,
    task: classifyTask(messages, request.checks, request.sources),
    checks: [...heldTo(request.checks, request.sources), ...inferred.keys()],
    budget: budgetOf(request, allowanceOf(request, asked, tools.roster), tools.startedAt),
    conversation,
    known: [conversation, ...requirements, ...request.sources.map((source) => source.text)].join('\n'),
    checkContext: {
      question: questionOf(messages),
      sources: request.sources,
      inferred,
      computing: new ComputeBudget(),
    },
  };
}

/** The tools that the request offers. */
export function toolUseOf({ tools, tool_choice, parallel_tool_calls }: ReflectionRequest): ToolUse | undefined {
  return tools && { tools, tool_choice, parallel_tool_calls };
}

/** The request's messages in the engine's own shape: instructions first, content as one text. */
export function conversationOf(request: ReflectionRequest): readonly Message[] {
  const instructions: readonly Message[] =
    request.instructions === undefined ? [] : [{ role: 'system', content: request.instructions }];
  if (request.messages === undefined) return [...instructions, { role: 'user', content: request.input ?? '' }];
  const turns = request.messages.map(({ role, content, ...rest }): Message => {
    return { role: role === 'developer' ? 'system' : role, ...rest, content: textOf(content) };
  });
  return [...instructions, ...turns];
}

/** Whether somebody in this seat may judge: nobody of the small class does, unless the caller insists. */
export function mayJudge(chain: readonly ModelFacts[], request: Pick<ReflectionRequest, 'allow_small_judge'>): boolean {
  return chain.length > 0 && (request.allow_small_judge || chain.every((model) => model.class === 'large'));
}

/** Whether a small model judges in this reflection because the caller insisted. */
export function smallModelJudges(roster: Roster, request: Pick<ReflectionRequest, 'allow_small_judge'>): boolean {
  const judging: readonly Seat[] = ['critic', 'judge'];
  return request.allow_small_judge && judging.some((seat) => roster[seat].some((model) => model.class === 'small'));
}
