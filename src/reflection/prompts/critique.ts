/** The critic's prompt: neutral, verdict first, evidence quoted. It is not told who wrote the submission, and it may find nothing. */
import { fenced, fenceRule } from '../fence.ts';
import type { Message } from '../model.ts';
import { issueKinds } from '../record.ts';

export const critiquePromptVersion = 'critique-2';

export interface ReviewMaterial {
  /** The conversation, rendered. */
  readonly request: string;
  readonly draft: string;
  readonly requirements: readonly string[];
  /** Fenced already; empty when there are none. */
  readonly sources: string;
  readonly closed: boolean;
  readonly nonce: string;
}

export function critiquePrompt(material: ReviewMaterial): readonly Message[] {
  const { nonce } = material;
  const system = [
    'You review a submission by an unknown author against the request it answers. About half of all submissions are fine, and finding nothing is a good result.',
    fenceRule(nonce),
    material.closed ? 'First solve the request yourself and put your short answer in "independent_answer".' : null,
    'Then check every requirement of the request. Style is out of scope unless the request asks for it. Never write the new answer.',
    'Reply with one JSON object and nothing else:',
    `{"verdict": "pass" | "revise" | "unsure", "issues": [{"quote": exact words copied from the submission, "kind": one of ${issueKinds.join(', ')}, "severity": "blocker" | "major" | "minor", "problem": what is wrong, not how to phrase it, "question": one short question whose answer would settle it}]}`,
    'At most three issues. For an omission, quote the words of the request that went unanswered. Without a quotation an issue does not count. "pass" has no issues.',
  ];
  return [
    { role: 'system', content: system.filter((line) => line !== null).join('\n') },
    { role: 'user', content: reviewed(material) },
  ];
}

/** Asks once more, in other words, where the first reply could not be read. That reply may repeat orders of the submission, so it is data too. */
export function critiqueAgainPrompt(material: ReviewMaterial, unusable: string): readonly Message[] {
  return critiquePrompt(material).map(({ role, content }) =>
    role === 'user'
      ? { role, content: [content, ...askedAgain(unusable, material.nonce)].join('\n\n') }
      : { role, content },
  );
}

function askedAgain(unusable: string, nonce: string): readonly string[] {
  return [
    fenced('unreadable reply', unusable.slice(0, 2_000), nonce),
    'That reply could not be read as JSON with a "verdict". Answer in one line, such as {"verdict": "pass", "issues": []}, with your own verdict and, if it is "revise", your issues.',
  ];
}

function reviewed({ request, draft, requirements, sources, nonce }: ReviewMaterial): string {
  const parts = [
    fenced('request', request, nonce),
    requirements.length > 0
      ? `Requirements checked by code besides:\n${requirements.map((line) => `- ${line}`).join('\n')}`
      : null,
    sources === '' ? null : sources,
    fenced('submission', draft, nonce),
  ];
  return parts.filter((part) => part !== null).join('\n\n');
}
