/** What a request's body and header together ask of the cache. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CachePolicy, cachePolicy, takesAnswerFrom } from '../../src/http/cache-control.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';

const policies: readonly (readonly [
  header: string | undefined,
  mode: CachePolicy['mode'],
  maxAgeSeconds: number | null,
])[] = [
  [undefined, 'default', null],
  ['', 'default', null],
  ['no-store', 'no-store', null],
  ['no-cache', 'reload', null],
  ['only-if-cached', 'only-if-cached', null],
  ['max-age=60', 'default', 60],
  ['max-age="60"', 'default', 60],
  ['max-age=0', 'reload', 0],
  ['No-Cache, MAX-AGE=0', 'reload', 0],
  ['no-cache, no-store', 'no-store', null],
  ['no-cache="set-cookie"', 'reload', null],
  ['only-if-cached, max-age=5', 'only-if-cached', 5],
  ['only-if-cached, no-cache', 'only-if-cached', 0],
  ['no-store, only-if-cached', 'only-if-cached', 0],
  ['max-age=60, max-age=5', 'default', 60],
  ['max-age=soon', 'reload', 0],
  ['max-age=-1', 'reload', 0],
  ['max-age', 'reload', 0],
  ['max-stale=60, min-fresh=5, no-transform, stale-if-error=9', 'default', null],
  ['x-no-store, no-storex, extension="no-store, max-age=0"', 'default', null],
  [' , ,no-store ;', 'no-store', null],
];

test.each(policies)('a header %j means %s, younger than %s s', (header, mode, maxAgeSeconds) => {
  expect(cachePolicy('default', header)).toEqual({ mode, maxAgeSeconds });
});

test('a mode that the body names wins over the header’s, whose age holds all the same', () => {
  expect(cachePolicy('reload', 'only-if-cached')).toEqual({ mode: 'reload', maxAgeSeconds: null });
  expect(cachePolicy('only-if-cached', 'no-store, max-age=9')).toEqual({ mode: 'only-if-cached', maxAgeSeconds: 9 });
  expect(cachePolicy('no-store', undefined)).toEqual({ mode: 'no-store', maxAgeSeconds: null });
});

test('an answer is taken when it is younger than asked', () => {
  const taken = (maxAgeSeconds: number | null, ageMs: number) =>
    takesAnswerFrom({ mode: 'default', maxAgeSeconds }, 10_000, 10_000 + ageMs);
  expect(taken(null, 1e12)).toBe(true);
  expect(taken(5, 4_999)).toBe(true);
  expect(taken(5, 5_000)).toBe(false);
  expect(taken(0, 0)).toBe(false);
});

test('any header, cut anywhere, means something', () => {
  holds(
    fc.property(fc.string({ unit: 'grapheme' }), (header) => {
      const { maxAgeSeconds } = cachePolicy('default', header);
      expect(maxAgeSeconds === null || Number.isSafeInteger(maxAgeSeconds)).toBe(true);
    }),
  );
  const header = 'no-transform, max-age=3600, extension="a \\" no-store", only-if-cached';
  for (let length = 0; length <= header.length; length++) {
    expect(cachePolicy('default', header.slice(0, length)).mode).toMatch(
      /^(?:default|reload|only-if-cached|no-store)$/,
    );
  }
});

test('a header as long as a server takes is read at once', () => {
  const started = processorMs();
  for (const part of ['a="\\', 'a="', 'max-age=', '"', ',']) cachePolicy('default', part.repeat(16_384));
  expect(processorMs() - started).toBeLessThan(2_000);
});
