/** Rows for preference optimisation (DPO): the output, which passes what the draft failed, over the draft. */
import { failedByDraft, passesWhatDraftFailed } from './check-outcomes.ts';
import { originOf, type RowOrigin } from './provenance.ts';
import type { ChatMessage } from './training-prompt.ts';
import type { VerifiedReflection } from './verified-reflection.ts';

/** The longer of two answers may have this many times the characters of the shorter one. */
export const mostLengthRatio = 2;

/** In the conversational form that TRL reads. https://huggingface.co/docs/trl/dataset_formats */
export interface PreferenceRow extends RowOrigin {
  readonly prompt: readonly ChatMessage[];
  readonly chosen: readonly [ChatMessage];
  readonly rejected: readonly [ChatMessage];
}

/**
 * Null where the draft is not known or failed no check, where the output does not pass each check that the draft failed, and where one text has more
 * than twice the characters of the other: a model trained on such pairs learns lengths before anything else.
 */
export function preferenceRow(verified: VerifiedReflection): PreferenceRow | null {
  const { draft, record, prompt } = verified;
  if (draft === null || draft.trim() === '' || failedByDraft(verified).length === 0) return null;
  if (!passesWhatDraftFailed(verified) || !areAlikeInLength(draft, record.output)) return null;
  return {
    prompt: prompt.messages,
    chosen: [{ role: 'assistant', content: record.output }],
    rejected: [{ role: 'assistant', content: draft }],
    ...originOf(verified),
  };
}

function areAlikeInLength(one: string, other: string): boolean {
  return Math.max(one.length, other.length) <= mostLengthRatio * Math.min(one.length, other.length);
}
