/** Rows for Reflection-Tuning: the draft as thinking, what was found as a reflection on it, and the output. */
import { withoutTags } from '../reflection/fence.ts';
import { failedByDraft, passesWhatDraftFailed } from './check-outcomes.ts';
import { originOf, type RowOrigin } from './provenance.ts';
import type { ChatMessage } from './training-prompt.ts';
import type { VerifiedReflection } from './verified-reflection.ts';

/** A part of the text. The parts follow each other without gaps, from the text's first character to its last. */
export interface Segment {
  readonly part: 'opening' | 'draft' | 'reflection' | 'output';
  /** Code points from the text's beginning, as Python counts characters; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** False for a draft that was refuted: nobody should learn to write it, only to go on from it. */
  readonly train: boolean;
}

export interface ReflectionRow extends RowOrigin {
  readonly prompt: readonly ChatMessage[];
  /** The assistant's whole turn. */
  readonly text: string;
  readonly segments: readonly Segment[];
  /**
   * Where the loss begins in the two copies of a sample that Reflection 70B's trainer made, in code points: at the answer's beginning and at the
   * reflection. https://github.com/glaive-ai/reflection_70b_training
   */
  readonly dual_mask: readonly [whole: number, fromReflection: number];
}

/** Null where the draft is not known, and where the record does not say what spoke for or against it. */
export function reflectionRow(verified: VerifiedReflection): ReflectionRow | null {
  const { draft, record, prompt } = verified;
  if (draft === null || draft.trim() === '' || !passesWhatDraftFailed(verified)) return null;
  const found = record.changed ? problemsOf(verified, draft) : record.checks.flatMap(passedMessage);
  const reflection = found.join('\n');
  if (reflection === '' || reflection !== withoutTags(reflection) || !reflection.isWellFormed()) return null;
  const parts = [
    { part: 'opening', text: '<thinking>\n', train: true },
    { part: 'draft', text: draft, train: !record.changed },
    { part: 'reflection', text: `\n<reflection>\n${reflection}\n</reflection>\n</thinking>\n`, train: true },
    { part: 'output', text: `<output>\n${record.output}\n</output>`, train: true },
  ] as const;
  let at = 0;
  const segments = parts.map(({ part, text, train }): Segment => {
    const start = at;
    at += Array.from(text).length;
    return { part, start, end: at, train };
  });
  return {
    prompt: prompt.messages,
    text: parts.map(({ text }) => text).join(''),
    segments,
    // After the line break before the tag.
    dual_mask: [0, (segments[2]?.start ?? 0) + 1],
    ...originOf(verified),
  };
}

/** What refuted the draft: its failed checks, and the confirmed issues that an accepted revision answered. */
function problemsOf(verified: VerifiedReflection, draft: string): readonly string[] {
  const checks = failedByDraft(verified).map(({ message }) => message);
  const issues = verified.record.rounds
    .filter(({ revision }) => revision?.accepted)
    .flatMap(({ critique }) => critique?.issues ?? [])
    // A later round may speak of words that the draft did not have.
    .filter(({ confirmed, span, quote }) => confirmed === 'verified' && (span === null || draft.includes(quote)))
    .map(({ quote, span, problem }) => (span === null ? problem : `“${quote}”: ${problem}`));
  return [...checks, ...issues];
}

function passedMessage({ status, message }: VerifiedReflection['record']['checks'][number]): readonly string[] {
  return status === 'pass' ? [message] : [];
}
