import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedShare, textChanges } from '../../src/reflection/diff.ts';
import { unifiedDiff } from '../../src/reflection/unified-diff.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';

/** `before` with the changes made. */
function apply(before: string, changes: ReturnType<typeof textChanges>): string {
  return changes.reduceRight((text, { span, added }) => text.slice(0, span[0]) + added + text.slice(span[1]), before);
}

const words = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => prefix + index).join(' ');

describe('textChanges', () => {
  test('names the replaced words and their place', () => {
    expect(textChanges('He was born in 1903.', 'He was born in 1905.')).toEqual([
      { span: [15, 19], removed: '1903', added: '1905' },
    ]);
  });

  test('names additions by an empty place, removals by an empty addition', () => {
    expect(textChanges('a c', 'a b c')).toEqual([{ span: [2, 2], removed: '', added: 'b ' }]);
    expect(textChanges('a b c', 'a c')).toEqual([{ span: [2, 4], removed: 'b ', added: '' }]);
    expect(textChanges('', 'a')).toEqual([{ span: [0, 0], removed: '', added: 'a' }]);
    expect(textChanges('same', 'same')).toEqual([]);
  });

  test('turns any text into any other, and says truly what it removes', () => {
    const word = fc.constantFrom('a', 'b', 'cat', 'dog', ' ', '  ', '\n', '.', 'é', '🙂', '\r\n');
    const text = fc.array(word, { maxLength: 20 }).map((parts) => parts.join(''));
    holds(
      fc.property(fc.oneof(text, fc.string()), fc.oneof(text, fc.string()), (before, after) => {
        const changes = textChanges(before, after);
        expect(apply(before, changes)).toBe(after);
        for (const change of changes) expect(before.slice(...change.span)).toBe(change.removed);
      }),
      { numRuns: 500 },
    );
  });

  test('sees a long rewrite as one change between what both share, and in time', () => {
    const before = `Same start. ${words(20_000, 'a')} same end.`;
    const after = `Same start. ${words(20_000, 'b')} same end.`;
    const started = processorMs();
    const changes = textChanges(before, after);
    expect(processorMs() - started).toBeLessThan(2_000);
    expect(changes).toHaveLength(1);
    expect(apply(before, changes)).toBe(after);
    expect(changes[0]?.removed).toContain('a10000 ');
  });

  test('finds one changed word in a megabyte', () => {
    const before = words(150_000, 'a');
    const after = before.replace(' a70000 ', ' b ');
    const started = processorMs();
    expect(textChanges(before, after)).toEqual([
      { span: [before.indexOf('a70000'), before.indexOf('a70000') + 6], removed: 'a70000', added: 'b' },
    ]);
    expect(processorMs() - started).toBeLessThan(3_000);
  });
});

describe('changedShare', () => {
  test.each([
    ['a b c', 'a b c', 0],
    ['a  b\n\nc ', ' a b c', 0],
    ['', '', 0],
    ['', 'abc', 1],
    ['abc', '', 1],
    ['abc', 'xyz', 1],
    ['abc def', 'xyz uvw', 6 / 7],
    ['aaaa bbbb', 'aaaa cccc', 4 / 9],
  ])('of %j and %j is %d', (before, after, share) => {
    expect(changedShare(before, after)).toBeCloseTo(share, 5);
  });

  test('is between 0 and 1, and 0 only for the same words', () => {
    holds(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const share = changedShare(before, after);
        expect(share >= 0 && share <= 1).toBe(true);
        const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
        expect(share === 0).toBe(plain(before) === plain(after));
      }),
    );
  });

  test.each([
    ['different words', words(60_000, 'a'), words(60_000, 'b')],
    ['blanks', ' '.repeat(900_000), `${' '.repeat(900_000)}x`],
    ['one letter lines', 'a\n'.repeat(200_000), 'b\n'.repeat(200_000)],
  ])('is told of half a megabyte of %s in time', (_, before, after) => {
    const started = processorMs();
    changedShare(before, after);
    expect(processorMs() - started).toBeLessThan(3_000);
  });
});

describe('unifiedDiff', () => {
  test('is empty for the same text, and otherwise turns one into the other', () => {
    expect(unifiedDiff('same', 'same')).toBe('');
    const patch = unifiedDiff('one\ntwo\nthree\n', 'one\n2\nthree\n');
    expect(patch).toContain('-two\n+2');
    expect(applyPatch('one\ntwo\nthree\n', patch)).toBe('one\n2\nthree\n');
  });

  test('of texts without a last line break says so', () => {
    const [before, after] = ['a', 'b'].map((prefix) => words(3_000, prefix).replaceAll(' ', '\n'));
    const patch = unifiedDiff(before ?? '', after ?? '');
    expect(patch).toContain('\\ No newline at end of file');
    expect(applyPatch(before ?? '', patch)).toBe(after);
  });

  test('of long, quite different texts comes in time, and still applies', () => {
    const before = `start\n${words(20_000, 'a').replaceAll(' ', '\n')}\nend\n`;
    const after = `start\n${words(20_000, 'b').replaceAll(' ', '\n')}\nend\n`;
    const started = processorMs();
    const patch = unifiedDiff(before, after);
    expect(processorMs() - started).toBeLessThan(3_000);
    expect(applyPatch(before, patch)).toBe(after);
  });
});
