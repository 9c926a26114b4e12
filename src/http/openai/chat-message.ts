/** A message as OpenAI's clients send it, in the native shape. */
import { isRecord } from '../../reflection/is-record.ts';

/** What clients send back from earlier answers and what says nothing where it is empty. The reasoning is ours, and no part of the conversation. */
const ofAnswers = ['refusal', 'audio', 'function_call', 'tool_calls', 'annotations', 'reasoning', 'reasoning_content'];

/** Leaves everything that says something as it is: the native schema refuses what it does not know. */
export function chatMessage(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const kept = Object.entries(message).filter(
    ([name, value]) => !(ofAnswers.includes(name) && saysNothing(name, value)),
  );
  const { refusal, ...rest } = Object.fromEntries(kept);
  // A refusal is what the assistant said instead of an answer.
  return typeof refusal === 'string' && (rest['content'] ?? null) === null
    ? { ...rest, content: refusal }
    : Object.fromEntries(kept);
}

function saysNothing(name: string, value: unknown): boolean {
  if (name.startsWith('reasoning')) return true;
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
