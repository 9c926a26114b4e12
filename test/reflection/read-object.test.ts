import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { readObject } from '../../src/reflection/read-object.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';

const read = (text: string) =>
  readObject(
    text,
    z.custom<object>((value) => typeof value === 'object' && value !== null),
  )?.value;

describe('readObject', () => {
  test.each([
    ['alone', '{"a": 1}'],
    ['with white space around', ' \n{"a": 1}\n '],
    ['in a code fence', '```json\n{"a": 1}\n```'],
    ['after a preamble', 'Here is my verdict: {"a": 1}'],
    ['before a remark', '{"a": 1}\nI hope this helps {not json}.'],
    ['after braces that are none', 'Given {x} and {y: 2}, I say {"a": 1}.'],
    ['after an opening brace that is never closed', 'a { b {"a": 1}'],
    ['with a trailing comma', '{"a": 1,}'],
    ['with single quotes', "{'a': 1}"],
    ['with keys that are not quoted', '{a: 1}'],
    ['with a comment', '{"a": 1 // so it is\n}'],
    ['with a comment before it', '{/* my verdict */ "a": 1}'],
    ['without its last bracket', '{"a": 1, '],
    ['with smart quotes', '{“a”: 1}'],
    ['with escaped quotes', '{\\"a\\": 1}'],
    ['with a missing quote', '{a": 1}'],
    ['with a trailing comma and white space', 'So: {"a": 1,\n  }'],
  ])('finds the object %s', (_, text) => {
    expect(read(text)).toEqual({ a: 1 });
  });

  test('respects strings with braces, quotes and backslashes', () => {
    expect(read('x {"a": "}", "b": "\\"}{", "c": "\\\\"} y')).toEqual({ a: '}', b: '"}{', c: '\\' });
  });

  test('keeps a comma before a bracket inside a string', () => {
    expect(read('{"a": "x,}", "b": [1,],}')).toEqual({ a: 'x,}', b: [1] });
  });

  test('is not led astray by brackets before the object', () => {
    expect(read(`${'[1] '.repeat(20)}{"a": 1}`)).toEqual({ a: 1 });
  });

  test('takes the whole of an object that was cut off, not a part of it', () => {
    expect(read('So: {"a": {"b": 2}, "c": {"d": 3}')).toEqual({ a: { b: 2 }, c: { d: 3 } });
  });

  test('takes the last of two objects', () => {
    expect(read('{"a": 1} {"a": 2}')).toEqual({ a: 2 });
  });

  test.each(['', 'none', '[1, 2]', '"text"', '42', '{', '{"a": 1', '{"a": }', '}{', 'x { "a": "b'])(
    'finds nothing in %j',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  test.each([
    ['after a complete pair', '{"a": 1, "b": "and th', { a: 1 }],
    ['inside a list', 'Well: {"a": [{"b": 1}, {"b": 2, "c": "}]', { a: [{ b: 1 }, { b: 2 }] }],
    ['after an escaped quote', '{"a": "\\"", "b": "\\', { a: '"' }],
    ['behind a comma', '{"a": {"b": []},', { a: { b: [] } }],
  ])('ends an object that was cut off %s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  test('gives an object, or nothing, wherever one is cut', () => {
    const whole =
      '{"verdict": "revise", "issues": [{"quote": "a \\"b\\" {c}", "kind": "x"}, {"quote": "d"}], "n": [1, 2]}';
    for (let end = 0; end <= whole.length; end += 1) {
      const found = read(whole.slice(0, end));
      if (end > '{"verdict": "revise",'.length) expect(found).toMatchObject({ verdict: 'revise' });
      else expect([undefined, { verdict: 'revise' }]).toContainEqual(found);
    }
  });

  test('looks at sixteen openings, no more', () => {
    expect(read(`${'{x} '.repeat(15)}{"a": 1}`)).toEqual({ a: 1 });
    expect(read(`${'{x} '.repeat(16)}{"a": 1}`)).toBeUndefined();
  });

  test('finds any object whatever stands around it', () => {
    const around = fc.string().map((text) => text.replace(/[{}"]/g, ''));
    holds(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), around, around, (value, before, after) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(read(before + JSON.stringify(value) + after)).toEqual(plain);
      }),
    );
  });

  test('never throws, and never gives anything but an object', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('{', '}', '"', '\\', ',', ':', '[', ']', 'null', '1'));
    holds(
      fc.property(fc.array(part), (parts) => {
        const found = read(parts.join(''));
        expect(found === undefined || (typeof found === 'object' && found !== null)).toBe(true);
      }),
    );
  });

  test.each([
    ['braces', '{'.repeat(1_000_000)],
    ['commas', `{${', '.repeat(400_000)}}`],
    ['blanks', `{"a": 1,${' '.repeat(900_000)}x}`],
    ['brackets and commas', `{${'['.repeat(500_000)}${','.repeat(500_000)}`],
    ['nested objects', `${'{"a":'.repeat(200_000)}`],
  ])('reads a megabyte of %s without slowing down', (_, text) => {
    const started = processorMs();
    read(text);
    expect(processorMs() - started).toBeLessThan(2_000);
  });
});
