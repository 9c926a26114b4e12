/**
 * The repair prompt: one targeted instruction for each failed check, with what was found. No criticism, no apology. What a check found may quote the
 * text, so it is fenced as the text is; the instruction is the check's requirement, which holds no word of it.
 */
import { fenced, fenceRule } from '../fence.ts';
import type { Message } from '../model.ts';

export const repairPromptVersion = 'repair-3';

/** A failed check. */
export interface Failure {
  /** What is asked: "Write at most 120 words." */
  readonly requirement: string;
  /** What was measured: "You wrote 143 words; write at most 120." It may quote the text. */
  readonly finding: string;
}

export interface RepairMaterial {
  readonly request: string;
  readonly text: string;
  readonly failures: readonly Failure[];
  /** What must stay as it is: the requirements of all other checks. */
  readonly kept: readonly string[];
  /** Why an earlier mend of the same text was not taken; it may quote texts. Empty the first time. */
  readonly refused: readonly string[];
  readonly sources: string;
  readonly nonce: string;
}

export function repairPrompt({
  request,
  text,
  failures,
  kept,
  refused,
  sources,
  nonce,
}: RepairMaterial): readonly Message[] {
  const system = [
    'You mend a text so that it meets its requirements.',
    fenceRule(nonce),
    'Reply with the whole mended text and nothing else.',
  ];
  const findings = failures.map(({ finding }, index) => `${index + 1}. ${finding}`).join('\n');
  const tasks = failures.map(({ requirement }, index) => `${index + 1}. ${requirement}`).join('\n');
  const parts = [
    fenced('request', request, nonce),
    sources,
    fenced('text', text, nonce),
    fenced('findings', findings, nonce),
    `The text fails these requirements; the findings say by the same numbers what was measured. Mend exactly this:\n${tasks}`,
    refused.length > 0
      ? `${fenced('refused', refused.join('\n'), nonce)}\nAnother mend of this text was refused; the part called refused says why. Do not repeat that.`
      : '',
    kept.length > 0 ? `Keep meeting:\n${kept.map((line) => `- ${line}`).join('\n')}` : '',
  ];
  return [
    { role: 'system', content: system.join('\n') },
    { role: 'user', content: parts.filter((part) => part !== '').join('\n\n') },
  ];
}
