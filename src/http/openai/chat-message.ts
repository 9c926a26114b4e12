/** A message as OpenAI's clients send it, in the native shape; what messages hold besides text is refused by its name. */
import type { FieldProblem } from '../../errors.ts';
import { isRecord } from '../../reflection/is-record.ts';

/** What clients send back from earlier answers and what says nothing where it is empty. The reasoning is ours, and no part of the conversation. */
const ofAnswers = ['refusal', 'audio', 'function_call', 'tool_calls', 'annotations', 'reasoning', 'reasoning_content'];

/** Leaves everything that says something as it is: what is not known is refused later. */
export function chatMessage(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const kept = Object.entries(message).filter(
    ([name, value]) => !(ofAnswers.includes(name) && saysNothing(name, value)),
  );
  const { refusal, ...rest } = Object.fromEntries(kept);
  // A refusal is what the assistant said instead of an answer.
  if (typeof refusal === 'string' && (rest['content'] ?? null) === null) return { ...rest, content: refusal };
  const { content } = rest;
  return { ...Object.fromEntries(kept), ...(Array.isArray(content) && { content: content.map(refusalAsText) }) };
}

function refusalAsText(part: unknown): unknown {
  return isRecord(part) && part['type'] === 'refusal' ? { type: 'text', text: part['refusal'] } : part;
}

function saysNothing(name: string, value: unknown): boolean {
  if (name.startsWith('reasoning')) return true;
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** How many are told of, so that the reply stays short for any body. */
const mostTold = 20;

const noFunctions = 'not supported: give `tool_calls` and the role `tool`';
const textOnly = 'not supported: there is text only';

/** What only some messages have, and why it is refused. */
const unsupportedMembers = { function_call: noFunctions, audio: textOnly } as const;

/** Calls of the old form and anything but text in messages of the native shape. `field`: how the caller wrote the list of them. */
export function unsupportedContent(messages: readonly unknown[], field: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [index, message] of messages.entries()) {
    if (problems.length >= mostTold) break;
    if (isRecord(message)) problems.push(...unsupportedIn(message, `${field}[${index}]`));
  }
  return problems.slice(0, mostTold);
}

function unsupportedIn(message: Readonly<Record<string, unknown>>, field: string): FieldProblem[] {
  const { role, type, content } = message;
  if (role === 'function') return [{ field: `${field}.role`, message: noFunctions }];
  // An item of another kind than a message.
  if (typeof type === 'string') return [{ field: `${field}.type`, message: `${named(type)} is not supported` }];
  const members = Object.entries(unsupportedMembers).flatMap(([name, why]) =>
    Object.hasOwn(message, name) ? [{ field: `${field}.${name}`, message: why }] : [],
  );
  return [...members, ...(Array.isArray(content) ? unsupportedParts(content, `${field}.content`) : [])];
}

function unsupportedParts(parts: readonly unknown[], field: string): FieldProblem[] {
  return parts.flatMap((part, index) => {
    const type = isRecord(part) ? part['type'] : undefined;
    if (typeof type !== 'string' || type === 'text') return [];
    return [{ field: `${field}[${index}]`, message: `${named(type)} is ${textOnly}` }];
  });
}

function named(type: string): string {
  return JSON.stringify(type.slice(0, 40));
}
