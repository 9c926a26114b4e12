/** Chunks that hold only text are read without the schema. The truth is what the schema makes of the same chunk with a member it does not know. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Answer } from '../../src/models/answer.ts';
import { callOf } from './calls.ts';

const some = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.jsonValue());
const optional = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>) => fc.record(members, { requiredKeys: [] });
const content = fc.oneof({ weight: 4, arbitrary: fc.string() }, some);
const finishReason = fc.oneof(fc.constant(null), fc.constantFrom('', 'stop', 'length', 'content_filter'), some);
const spoken = optional({ content, role: some, refusal: some, reasoning_content: some, tool_calls: some });
const choice = optional({
  index: fc.oneof(fc.constant(0), some),
  delta: fc.oneof({ weight: 4, arbitrary: spoken }, some),
  message: fc.oneof(fc.constant(null), spoken),
  logprobs: some,
  finish_reason: finishReason,
});
const payload = fc.oneof(
  optional({
    choices: fc.array(choice, { minLength: 1, maxLength: 2 }),
    id: some,
    model: some,
    error: some,
    usage: some,
  }),
  optional({ response: content, p: some, usage: some, errors: some, internalCode: some, finish_reason: finishReason }),
  some,
);

function outcomeOf(value: unknown): unknown {
  const answer = new Answer(callOf().maxOutputTokens);
  try {
    const text = answer.take([{ type: 'json', value }, { type: 'end' }]);
    return { text, finish: answer.finish(null) };
  } catch (error) {
    return { fault: String(error) };
  }
}

const unusual = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, 'a member of nobody': 1 } : value;

test('a chunk without the schema gives what it gives with it, whatever it holds', () => {
  fc.assert(
    fc.property(payload, (value) => {
      expect(outcomeOf(value)).toEqual(outcomeOf(unusual(value)));
    }),
    { numRuns: 3_000 },
  );
});
