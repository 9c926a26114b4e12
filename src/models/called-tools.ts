/**
 * The tool calls of an answer, put together from what servers send of them. OpenAI's streams give each call an index, its id and name once, and its
 * arguments in pieces; other servers leave out the index or the id, number every call 0, or send calls whole, some with the arguments as an object.
 * Workers AI's native format has `{name, arguments}`, and ends a stream of calls with one of nulls. Pure.
 */
import * as z from 'zod/mini';
import type { ModelCall, ToolCall } from '../reflection/model.ts';
import { brokenAnswer } from './provider.ts';

const word = z.optional(z.nullable(z.string()));
const held = { name: word, arguments: z.optional(z.unknown()) };
const parts = z.array(
  z.object({
    index: z.optional(z.nullable(z.number())),
    id: word,
    function: z.optional(z.nullable(z.object(held))),
    ...held,
  }),
);

type Part = z.output<typeof parts>[number];

interface Call {
  readonly index: number | null;
  id: string;
  name: string;
  arguments: string;
}

export class CalledTools {
  readonly #madeBefore: number;
  readonly #calls: Call[] = [];

  /** `madeBefore`: how many calls the conversation holds already. Where a server gives no ids, the new ones are numbered on. */
  constructor(madeBefore: number) {
    this.#madeBefore = madeBefore;
  }

  /** Takes what a payload says of calls, and returns how many characters they grew by. Throws `ProviderFault` where it cannot be read. */
  take(said: unknown): number {
    if (said === null || said === undefined) return 0;
    const read = parts.safeParse(said);
    if (!read.success) throw brokenAnswer('The model’s tool calls cannot be read.');
    return read.data.reduce((sum, part) => sum + this.#takePart(part), 0);
  }

  /** The calls so far, in the order in which they began; null where there is none. */
  made(): readonly ToolCall[] | null {
    if (this.#calls.length === 0) return null;
    return this.#calls.map(({ id, name, arguments: text }, place) => {
      if (name === '') throw brokenAnswer('The model called a tool without a name.');
      const made = this.#madeBefore + place + 1;
      return { id: id || `call_${made}`, type: 'function', function: { name, arguments: text } };
    });
  }

  #takePart(part: Part): number {
    const name = part.function?.name || part.name || '';
    const added = textOf(part.function?.arguments ?? part.arguments);
    const id = part.id ?? '';
    if (id === '' && name === '' && added === '') return 0;
    let call = this.#continued(part.index ?? null, id, name);
    if (!call) {
      call = { index: part.index ?? null, id, name: '', arguments: '' };
      this.#calls.push(call);
    }
    call.id ||= id;
    call.name ||= name;
    call.arguments += added;
    return name.length + added.length;
  }

  /** The call that a part goes on with; undefined where it begins one. */
  #continued(index: number | null, id: string, name: string): Call | undefined {
    const call =
      index === null
        ? id === '' && name === ''
          ? this.#calls.at(-1)
          : this.#calls.findLast((each) => id !== '' && each.id === id)
        : this.#calls.findLast((each) => each.index === index);
    return call && id !== '' && call.id !== '' && call.id !== id ? undefined : call;
  }
}

export function callsOf({ messages }: ModelCall): CalledTools {
  return new CalledTools(messages.reduce((sum, { tool_calls = [] }) => sum + tool_calls.length, 0));
}

function textOf(said: unknown): string {
  if (typeof said === 'string') return said;
  return said === null || said === undefined ? '' : JSON.stringify(said);
}
