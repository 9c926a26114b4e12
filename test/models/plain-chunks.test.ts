/** Chunks that say only text are read without the schema. The truth is what the schema makes of the same chunk with counts that count nothing and an empty word for its end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Answer } from '../../src/models/answer.ts';
import { isRecord } from '../../src/reflection/is-record.ts';
import { callOf } from './calls.ts';

const some = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.jsonValue());
const rarely = (value: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, value);
const mostly = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: usual }, some);
const members = (
  needed: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  others: Readonly<Record<string, fc.Arbitrary<unknown>>>,
) => fc.record({ ...needed, ...others }, { requiredKeys: Object.keys(needed) });

const content = mostly(fc.string());
const reason = rarely(fc.oneof(fc.constantFrom('', 'stop', 'length', 'content_filter'), some));
const counts = rarely(fc.oneof(fc.constant({ prompt_tokens: 3, completion_tokens: 2 }), some));
const failure = rarely(fc.oneof(fc.constant('overloaded'), fc.constant({ code: 500 }), some));
const message = members({ content }, { role: some, refusal: rarely(some), tool_calls: rarely(some) });
const choice = members(
  { index: mostly(fc.constant(0)), delta: mostly(message) },
  { message: rarely(message), logprobs: some, finish_reason: reason, stop_reason: rarely(some) },
);
const beside = { error: failure, errors: failure, internalCode: failure, usage: counts, finish_reason: reason };
const payload = fc.oneof(
  members(
    { choices: fc.array(choice, { minLength: 1, maxLength: 2 }) },
    { ...beside, id: some, response: rarely(some) },
  ),
  members({ response: content }, { ...beside, p: some, choices: rarely(some) }),
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

/** The same payload for the schema: what is empty changes nothing. */
const unusual = (value: unknown): unknown =>
  isRecord(value) ? { ...value, usage: value['usage'] ?? {}, finish_reason: value['finish_reason'] ?? '' } : value;

test('a chunk without the schema gives what it gives with it, whatever it holds', () => {
  fc.assert(
    fc.property(payload, (value) => {
      expect(outcomeOf(value)).toEqual(outcomeOf(unusual(value)));
    }),
    { numRuns: 3_000 },
  );
});
