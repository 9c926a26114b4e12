/** A question as the routes wrote it down. */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { Incoming } from './payloads.ts';

const question = z.object({
  type: z.literal('question'),
  by: z.enum(['mention', 'direct', 'command', 'shortcut']),
  place: z.object({ team: z.string(), channel: z.string(), thread: z.nullable(z.string()) }),
  user: z.string(),
  text: z.string(),
  id: z.string(),
  responseUrl: z.nullable(z.string()),
});

export type SlackQuestion = Extract<Incoming, { readonly type: 'question' }>;

/** Undefined for what the routes did not write. */
export function readQuestion(content: string): SlackQuestion | undefined {
  const parsed = question.safeParse(valueOfJson(content));
  return parsed.success ? parsed.data : undefined;
}

/** The timestamp of the message that asks; undefined for a command, and for a message that somebody points at. */
export function messageOf({ by, id }: SlackQuestion): string | undefined {
  return by === 'mention' || by === 'direct' ? id.split(':').at(-1) : undefined;
}
