/** The reviser's prompts: change only what was found, as edits that code applies; the whole text only as the last resort. */
import { fenced, fenceRule } from '../fence.ts';
import type { Message } from '../model.ts';
import type { Issue } from '../record.ts';

export const revisionPromptVersion = 'revision-1';

export interface RevisionMaterial {
  readonly request: string;
  readonly draft: string;
  readonly issues: readonly Issue[];
  /** Messages of failed checks, measured values included. */
  readonly failures: readonly string[];
  readonly requirements: readonly string[];
  readonly sources: string;
  readonly nonce: string;
}

/** Asks for search/replace blocks. */
export function revisionPrompt(material: RevisionMaterial): readonly Message[] {
  const rules = [
    'You correct a text. Change only what the listed problems require; keep wording, order and length otherwise. If a problem is mistaken, leave its place as it is.',
    fenceRule(material.nonce),
    'Reply with one block for each change and nothing else:',
    '<<<<<<< SEARCH\nexact words of the text\n=======\nthe words to put in their place\n>>>>>>> REPLACE',
  ];
  return [
    { role: 'system', content: rules.join('\n') },
    { role: 'user', content: materialOf(material) },
  ];
}

/** Asks for the corrected text as a whole. */
export function rewritePrompt(material: RevisionMaterial): readonly Message[] {
  const rules = [
    'You correct a text. Change only what the listed problems require; keep wording, order and length otherwise.',
    fenceRule(material.nonce),
    'Reply with the whole corrected text and nothing else: no comment, no apology, no mention of the problems.',
  ];
  return [
    { role: 'system', content: rules.join('\n') },
    { role: 'user', content: materialOf(material) },
  ];
}

function materialOf({ request, draft, issues, failures, requirements, sources, nonce }: RevisionMaterial): string {
  const problems = [...failures, ...issues.map((issue) => `"${issue.quote}": ${issue.problem}`)];
  const parts = [
    fenced('request', request, nonce),
    requirements.length > 0 ? `The text must still meet:\n${requirements.map((line) => `- ${line}`).join('\n')}` : '',
    sources,
    fenced('text', draft, nonce),
    problems.length > 0
      ? fenced('problems', problems.map((problem, index) => `${index + 1}. ${problem}`).join('\n'), nonce)
      : 'No problem was found. Improve the text where it can be better.',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
