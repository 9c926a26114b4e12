/** The judge's prompt: two anonymous candidates, asked in both orders. A candidate must be preferred both times. */
import * as z from 'zod/mini';
import { fenced, fenceRule } from '../fence.ts';
import type { Message } from '../model.ts';
import { readObject } from '../model-json.ts';

export const judgePromptVersion = 'judge-1';

export function judgePrompt(
  request: string,
  a: string,
  b: string,
  requirements: readonly string[],
  nonce: string,
): readonly Message[] {
  return [
    {
      role: 'system',
      content: [
        'Two candidates answer the same request. Say which meets more of what the request asks. Length and style do not count.',
        fenceRule(nonce),
        'Reply with one JSON object and nothing else: {"better": "A" | "B" | "tie"}.',
      ].join('\n'),
    },
    {
      role: 'user',
      content: [
        fenced('request', request, nonce),
        requirements.length > 0 ? `Requirements:\n${requirements.map((line) => `- ${line}`).join('\n')}` : '',
        fenced('candidate A', a, nonce),
        fenced('candidate B', b, nonce),
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    },
  ];
}

export const judgeSchema = {
  type: 'object',
  properties: { better: { type: 'string', enum: ['A', 'B', 'tie'] } },
  required: ['better'],
} as const satisfies Readonly<Record<string, unknown>>;

const said = z.object({ better: z.enum(['A', 'B', 'tie']) });

/** The preferred candidate; none where the reply cannot be read. */
export function readJudgement(reply: string): 'A' | 'B' | 'tie' {
  return readObject(reply, said, ({ better }) => better)?.value.better ?? 'tie';
}
