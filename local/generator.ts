/** The port between the local server's HTTP layer and what generates text: the real model, or a fake in tests. */

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** `any` is any JSON value; a schema is followed as far as the grammar can express it. */
export type AnswerFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | { readonly kind: 'schema'; readonly schema: Readonly<Record<string, unknown>> };

export interface Generation {
  /** A last message of the assistant is continued; otherwise a new answer begins. */
  readonly messages: readonly ChatMessage[];
  /** Undefined: as much as the context holds. */
  readonly maxTokens: number | undefined;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number | undefined;
  readonly stop: readonly string[];
  readonly format: AnswerFormat;
}

export interface Generated {
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Thrown when the prompt alone fills the context. */
export class PromptTooLong extends Error {
  constructor(promptTokens: number, contextTokens: number) {
    super(`The prompt has ${promptTokens} tokens; with room for an answer, the context holds ${contextTokens}.`);
    this.name = 'PromptTooLong';
  }
}

export interface Generator {
  readonly model: string;
  readonly contextTokens: number;
  /** How many generations may run at the same time. */
  readonly slots: number;
  /** Calls `onText` with each piece. Throws `PromptTooLong`, and the signal's reason at once when it is aborted. */
  generate(generation: Generation, onText: (text: string) => void, signal: AbortSignal): Promise<Generated>;
}
