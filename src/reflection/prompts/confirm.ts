/** One narrow question for each issue, asked without the draft, so that the draft's mistake cannot influence the reply. */
import * as z from 'zod/mini';
import { fenced, fenceRule } from '../fence.ts';
import type { Message } from '../model.ts';
import { readObject } from '../model-json.ts';
import type { Issue } from '../record.ts';

export const confirmPromptVersion = 'confirm-1';

export function confirmPrompt(issue: Issue, request: string, sources: string, nonce: string): readonly Message[] {
  const statement = issue.kind === 'omission' ? `The request asks for this: ${issue.quote}` : issue.quote;
  const question = issue.question || 'Is the statement right, as far as the request and the sources tell?';
  return [
    {
      role: 'system',
      content: [
        'You answer one question about one statement. Work it out for yourself before you judge.',
        fenceRule(nonce),
        'Reply with one JSON object and nothing else: {"answer": your short answer to the question, "statement": "right" | "wrong" | "unknown"}. Say "unknown" when you cannot tell for certain.',
      ].join('\n'),
    },
    {
      role: 'user',
      content: [
        fenced('request', request, nonce),
        sources,
        fenced('statement', statement, nonce),
        fenced('question', question, nonce),
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    },
  ];
}

export const confirmSchema = {
  type: 'object',
  properties: {
    answer: { type: 'string', maxLength: 120 },
    statement: { type: 'string', enum: ['right', 'wrong', 'unknown'] },
  },
  required: ['answer', 'statement'],
} as const satisfies Readonly<Record<string, unknown>>;

const said = z.object({
  answer: z.catch(z.union([z.string(), z.number()]), ''),
  statement: z.enum(['right', 'wrong', 'unknown']),
});

export interface Confirmation {
  readonly confirmed: Issue['confirmed'];
  readonly answer: string;
}

/** What the reply says of the issue. An omission holds when the request does ask for it; any other issue when the statement is wrong. Unreadable is unverified. */
export function readConfirmation(reply: string, issue: Issue): Confirmation {
  const read = readObject(reply, said, (each) => each.statement)?.value;
  if (!read) return { confirmed: 'unverified', answer: '' };
  const { statement } = read;
  const answer = String(read.answer);
  if (statement === 'unknown') return { confirmed: 'unverified', answer };
  const holds = issue.kind === 'omission' ? statement === 'right' : statement === 'wrong';
  return { confirmed: holds ? 'verified' : 'refuted', answer };
}
