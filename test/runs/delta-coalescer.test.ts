import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDelta } from '../../src/reflection/fold.ts';
import { DeltaCoalescer, joined, type PassDelta } from '../../src/runs/delta-coalescer.ts';

const delta = (pass: string, attempt: number, offset: number, text: string): PassDelta => ({
  type: 'pass.delta',
  pass,
  attempt,
  offset,
  text,
});

/** A pass's text told in pieces, where now and then a piece that was told is told again, from anywhere in it. */
const overlappingDeltas = fc
  .tuple(fc.string({ maxLength: 40 }), fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 12 }))
  .map(([text, pieces]) => {
    let told = 0;
    const deltas = pieces.map(([from, length]) => {
      const offset = Math.min(from, told);
      const piece = text.slice(offset, offset + length);
      told = offset + piece.length;
      return delta('draft', 1, offset, piece);
    });
    return { deltas: [...deltas, delta('draft', 1, told, text.slice(told))], text };
  });

test('two deltas joined do to any text what they did one after the other', () => {
  const offset = fc.nat(12);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 12 }),
      offset,
      fc.string(),
      offset,
      fc.string(),
      (before, at, one, then, two) => {
        fc.pre(at <= before.length && then <= at + one.length);
        const [first, second] = [delta('draft', 1, at, one), delta('draft', 1, then, two)];
        expect(applyDelta(before, joined(first, second))).toBe(applyDelta(applyDelta(before, first), second));
      },
    ),
  );
});

test('however deltas overlap and whenever they come, their text is the same', () => {
  fc.assert(
    fc.property(overlappingDeltas, fc.infiniteStream(fc.integer({ min: -2, max: 15 })), ({ deltas, text }, steps) => {
      const coalescer = new DeltaCoalescer();
      const out: PassDelta[] = [];
      let now = 0;
      for (const one of deltas) {
        now += steps.next().value ?? 0;
        out.push(...coalescer.take(one, now));
      }
      out.push(...coalescer.drain(now));
      expect(out.reduce(applyDelta, '')).toBe(text);
    }),
  );
});

test('the first delta of each attempt of each pass is not held', () => {
  const coalescer = new DeltaCoalescer();
  const firsts = [delta('vote-2', 1, 0, 'a'), delta('vote-3', 1, 0, 'b'), delta('vote-2', 2, 0, 'c')];
  for (const first of firsts) expect(coalescer.take(first, 0)).toEqual([first]);
  expect(coalescer.drain(0)).toEqual([]);
});

test('what is held is one delta for each attempt', () => {
  const coalescer = new DeltaCoalescer();
  for (const pass of ['vote-2', 'vote-3']) coalescer.take(delta(pass, 1, 0, 'a'), 0);
  for (const [offset, text] of ['b', 'c', 'd'].entries()) {
    for (const pass of ['vote-2', 'vote-3']) expect(coalescer.take(delta(pass, 1, 1 + offset, text), 9)).toEqual([]);
  }
  expect(coalescer.drain(10)).toEqual([delta('vote-2', 1, 1, 'bcd'), delta('vote-3', 1, 1, 'bcd')]);
  expect(coalescer.drain(10)).toEqual([]);
});

test('a delta leaves at once, unless a frame left less than 10 ms ago', () => {
  const coalescer = new DeltaCoalescer();
  const taken = (offset: number, now: number) =>
    coalescer.take(delta('draft', 1, offset, '.'), now).map(({ text }) => text);
  expect(taken(0, 0)).toEqual(['.']);
  expect(taken(1, 9)).toEqual([]);
  expect(taken(2, 10)).toEqual(['..']);
  expect(taken(3, 19)).toEqual([]);
  expect(coalescer.drain(20)).toHaveLength(1);
  expect(taken(4, 29)).toEqual([]);
  expect(taken(5, 28)).toEqual([]);
  expect(taken(6, 19)).toEqual(['...']);
});
