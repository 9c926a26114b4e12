/**
 * The answer of a run that ends early, as far as it was written. It is read from the events alone, so that a run which is cancelled after a loss has
 * the same one. It holds only what `visible.ts` allows to be shown.
 */
import { joinContinuation } from './continuation.ts';
import { repeatedNonce } from './fence.ts';
import type { Strategy } from './strategies.ts';
import { shown, visibleAnswer } from './visible.ts';

/** The texts that may become the answer, as the events gave them. */
export interface AnswerTexts {
  readonly form: Strategy['draft'];
  /** Texts that were made of others, by subject. */
  readonly edited: ReadonlyMap<string, string>;
  /** The revision that was accepted last. */
  readonly accepted: string | null;
}

export const noTexts: AnswerTexts = { form: 'plain', edited: new Map(), accepted: null };

export interface PartialAnswer {
  readonly output: string;
  /** Whether a revision has taken the draft's place. */
  readonly changed: boolean;
  /** The text (by `subject`) that the output is. */
  readonly subject: string;
}

/** The revision accepted last, or else the draft as far as it was written; empty where nothing of it may be shown. `textOf` gives a pass's text. */
export function partialAnswer(
  { form, edited, accepted }: AnswerTexts,
  textOf: (pass: string) => string,
): PartialAnswer {
  const draft = partialDraft(form, textOf);
  const revision = accepted === null ? undefined : edited.get(accepted);
  return accepted === null || revision === undefined
    ? { output: draft, changed: false, subject: 'draft' }
    : { output: revision, changed: revision !== draft, subject: accepted };
}

/**
 * The request is in no event, so tags in a plain answer always count as thinking here, even where the question was about them. Its stop sequences
 * are not known either: those of a plain answer were applied by its model.
 */
function partialDraft(form: Strategy['draft'], textOf: (pass: string) => string): string {
  const said = joinContinuation(textOf('draft'), textOf('continuation')) ?? textOf('draft');
  const extracted = textOf('extraction');
  const surroundings = (text: string) => ({
    strategy: { draft: form },
    request: {},
    conversation: '',
    tools: { nonce: repeatedNonce(text) },
  });
  return visibleAnswer(surroundings(said), said) ?? shown(surroundings(extracted), extracted) ?? '';
}
