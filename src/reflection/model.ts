/**
 * The Model port: how the engine asks a model for text, and what it must know about one. Adapters live in `models/`.
 * The engine says which *seat* speaks; which model sits there, its retries and its fallbacks are the adapter's business,
 * reported back as chunks so that every attempt is visible in the record.
 */
import type { ErrorCode } from '../errors.ts';

/** In OpenAI's shape, as servers take it. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** Who speaks, where several do: 1 to 64 letters, digits, `_` or `-`. */
  readonly name?: string | undefined;
  readonly content: string;
  /** What an assistant called. */
  readonly tool_calls?: readonly ToolCall[] | undefined;
  /** The call that a tool's message answers. */
  readonly tool_call_id?: string | undefined;
}

/** A function that a model may call, in OpenAI's shape. */
export interface Tool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string | undefined;
    /** A JSON Schema. */
    readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
    readonly strict?: boolean | null | undefined;
  };
}

export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

/** What a model is told of tools: OpenAI's own fields. */
export interface ToolUse {
  readonly tools: readonly Tool[];
  readonly tool_choice?: ToolChoice | undefined;
  readonly parallel_tool_calls?: boolean | undefined;
}

/** A call that a model made, in OpenAI's shape. `arguments` is the text that the model wrote, which may not be JSON. */
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What a pass is for. */
export const passRoles = [
  'draft',
  'continuation',
  'critique',
  'confirm',
  'revision',
  'repair',
  'judge',
  'vote',
] as const;
export type PassRole = (typeof passRoles)[number];

/** Who speaks in a pass. A tier puts a chain of models (first choice, then fallbacks) in each seat. */
export type Seat = 'author' | 'critic' | 'reviser' | 'judge' | 'escalation';

/** `small` is the 8B class or below: such a model may write, but not judge. */
export type ModelClass = 'small' | 'large';

/** What the engine must know about a model. Prices are USD per million tokens. */
export interface ModelFacts {
  readonly id: string;
  readonly class: ModelClass;
  /** Prompt and answer together, in tokens. */
  readonly contextTokens: number;
  readonly price: { readonly input: number; readonly output: number };
}

/** The models of one tier, by seat. An empty chain means that nobody sits there: the engine does without those passes. */
export type Roster = Readonly<Record<Seat, readonly ModelFacts[]>>;

/** One question to a model. */
export interface ModelCall {
  /** The pass's id, unique in a run and the same on every replay of it: `draft`, `vote-2`, `critique-r1`. */
  readonly pass: string;
  readonly role: PassRole;
  readonly seat: Seat;
  readonly messages: readonly Message[];
  /** Always sent upstream: Workers AI cuts at 256 tokens when it is left out. */
  readonly maxOutputTokens: number;
  readonly temperature: number;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  /** The JSON Schema the answer should follow. A hint: adapters whose model cannot do it ignore it, so answers are always parsed leniently. */
  readonly jsonSchema?: Readonly<Record<string, unknown>> | undefined;
  /** The answer should be a JSON object, of no particular schema. A hint as well. */
  readonly jsonObject?: boolean | undefined;
  /** Tools that the model may call. */
  readonly toolUse?: ToolUse | undefined;
  /** The same question for a server that can go on with an answer: the last message is the answer's beginning. Left out where there is none. */
  readonly prefill?: readonly Message[] | undefined;
  /** Epoch milliseconds. The adapter aborts the upstream request then and throws `AppError('deadline')`. */
  readonly deadlineAt: number;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Workers AI's own unit, when it reports one. */
  readonly neurons: number | null;
  /** The provider's own count could not be true, and a bound stands in its place. */
  readonly estimated?: boolean;
}

/** Why an answer ended. */
export type FinishReason = 'stop' | 'length' | 'tool_calls';

export type ModelChunk =
  /** A model was chosen and is about to be asked. First chunk of every attempt; attempts count from 1. */
  | { readonly type: 'start'; readonly attempt: number; readonly model: string }
  | { readonly type: 'delta'; readonly text: string }
  /** The attempt was lost, and another follows with a new `start`; text received so far is void. */
  | {
      readonly type: 'lost';
      readonly attempt: number;
      readonly code: ErrorCode | 'interrupted';
      readonly message: string;
    }
  /** The last chunk. `usage` is null when the provider sent none: the engine then estimates. `unknown`: the answer ended with a word that nobody knows. `toolCalls`: what the model called, where tools were offered. */
  | {
      readonly type: 'finish';
      readonly reason: FinishReason | 'unknown';
      readonly usage: TokenUsage | null;
      readonly toolCalls?: readonly ToolCall[];
    };

/**
 * Asks a model and yields its answer as it comes.
 * Throws `AppError` (`upstream_busy`, `upstream_quota`, `upstream_failed`, `context_length_exceeded`, `deadline`) when no attempt succeeded,
 * and `Cancelled` when the run was cancelled. Leaving the iteration early aborts the upstream request.
 */
export interface Model {
  ask(call: ModelCall): AsyncIterable<ModelChunk>;
}

/** Thrown through the engine when somebody cancelled the run. Not an error of the table: a cancelled run is an outcome. */
export class Cancelled extends Error {
  constructor() {
    super('The run was cancelled.');
    this.name = 'Cancelled';
  }
}
