/** The repair prompt: one targeted instruction for each failed check, with the measured value. No criticism, no apology. */
import { fenced, fenceRule, withoutControlTokens } from '../fence.ts';
import type { Message } from '../model.ts';

export const repairPromptVersion = 'repair-1';

export interface RepairMaterial {
  readonly request: string;
  readonly text: string;
  /** What failed, with what was measured: "You wrote 143 words; write at most 120." */
  readonly failures: readonly string[];
  /** What passed and must stay so. */
  readonly requirements: readonly string[];
  readonly sources: string;
  readonly nonce: string;
}

export function repairPrompt({
  request,
  text,
  failures,
  requirements,
  sources,
  nonce,
}: RepairMaterial): readonly Message[] {
  const system = [
    'You mend a text so that it meets its requirements.',
    fenceRule(nonce),
    'Reply with the whole mended text and nothing else.',
  ];
  const parts = [
    fenced('request', request, nonce),
    sources,
    fenced('text', text, nonce),
    `Mend exactly this:\n${failures.map((line, index) => `${index + 1}. ${withoutControlTokens(line)}`).join('\n')}`,
    // Never empty: what failed was required.
    `Keep meeting:\n${requirements.map((line) => `- ${line}`).join('\n')}`,
  ];
  return [
    { role: 'system', content: system.join('\n') },
    { role: 'user', content: parts.filter((part) => part !== '').join('\n\n') },
  ];
}
