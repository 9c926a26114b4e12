/**
 * The repair prompt: the conversation goes on from the answer, with one targeted instruction for each failed check and what was measured. No
 * criticism, no apology. A small model follows this where it repeats a prompt that speaks about a text. What a check found may quote the answer, so it
 * is fenced; the instruction is the check's requirement, or a finding that holds nothing but numbers.
 */
import { fenced, fenceRule, withoutControlTokens } from '../fence.ts';
import type { Message } from '../model.ts';

export const repairPromptVersion = 'repair-4';

/** A failed check. */
export interface Failure {
  /** What is asked: "Write at most 120 words." */
  readonly requirement: string;
  /** What was measured: "You wrote 143 words; write at most 120." */
  readonly finding: string;
  /** Whether the finding may quote the answer. */
  readonly quotes: boolean;
}

export interface RepairMaterial {
  /** The conversation with its sources, as the author was asked it. */
  readonly asked: readonly Message[];
  readonly text: string;
  readonly failures: readonly Failure[];
  /** What must stay as it is: the requirements of all other checks. */
  readonly kept: readonly string[];
  /** Why an earlier mend of the same text was not taken; it may quote texts. Empty the first time. */
  readonly refused: readonly string[];
  readonly nonce: string;
}

export function repairPrompt({ asked, text, failures, kept, refused, nonce }: RepairMaterial): readonly Message[] {
  const quoting = failures.filter(({ quotes }) => quotes).map(({ finding }) => finding);
  const tasks = failures.map(({ requirement, finding, quotes }) => (quotes ? requirement : finding));
  const parts = [
    quoting.length + refused.length > 0 ? fenceRule(nonce) : '',
    quoting.length > 0 ? fenced('findings', quoting.join('\n'), nonce) : '',
    refused.length > 0
      ? `${fenced('refused', refused.join('\n'), nonce)}\nAnother mend was refused; the part called refused says why. Do not repeat that.`
      : '',
    kept.length > 0 ? `Your answer already meets this, and must go on to:\n${listed(kept)}` : '',
    `Write your whole answer again and change only what this needs:\n${listed(tasks)}`,
    'Write the mended answer alone, and nothing about it.',
  ];
  return [
    ...asked,
    { role: 'assistant', content: withoutControlTokens(text) },
    { role: 'user', content: withoutControlTokens(parts.filter((part) => part !== '').join('\n\n')) },
  ];
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
