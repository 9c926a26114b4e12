/** What every cache of reflections must do. */
import { describe, expect, test } from 'vitest';
import { longestEntry } from '../../src/cache/cache-entry.ts';
import type { ReflectionCache } from '../../src/cache/reflection-cache.ts';
import { answered, keyFor } from '../support/cached-answers.ts';

const start = 1_790_000_000_000;

/** `open` gives a cache over one and the same store each time, with a clock of its own. */
export function describeReflectionCache(name: string, open: (now: () => number) => ReflectionCache): void {
  const at = (milliseconds: number): ReflectionCache => open(() => start + milliseconds);

  describe(name, () => {
    test('what was never written is not there', async () => {
      expect(await at(0).read(keyFor('never asked'))).toBeUndefined();
    });

    test('what was written is read back as it was', async () => {
      const key = keyFor('written');
      const kept = await answered('Zwei und zwei? 二加二? 🙂 \u0000 \u2028', start, { metadata: { für: '🙂' } });
      await at(0).write(key, kept, 3_600);
      expect(await at(1_000).read(key)).toEqual(kept);
      expect(await at(1_000).read(keyFor('another'))).toBeUndefined();
    });

    test('what was written last counts', async () => {
      const key = keyFor('written twice');
      await at(0).write(key, await answered('old', start), 3_600);
      const newer = await answered('new', start + 1);
      await at(1).write(key, newer, 3_600);
      expect(await at(2).read(key)).toEqual(newer);
    });

    test('what was removed is not there, and removing nothing is no failure', async () => {
      const key = keyFor('removed');
      await at(0).remove(key);
      await at(0).write(key, await answered('gone', start), 3_600);
      await at(0).remove(key);
      expect(await at(1).read(key)).toBeUndefined();
    });

    test('an answer is there until its time is over, and not from then on', async () => {
      const key = keyFor('passing');
      await at(0).write(key, await answered('brief', start), 90);
      expect(await at(89_999).read(key)).toBeDefined();
      expect(await at(90_000).read(key)).toBeUndefined();
    });

    test('a life shorter than the store’s shortest is kept all the same', async () => {
      const key = keyFor('fleeting');
      await at(0).write(key, await answered('short', start), 1);
      expect(await at(999).read(key)).toBeDefined();
      expect(await at(1_000).read(key)).toBeUndefined();
    });

    test('a very long answer is not kept, which is no failure', async () => {
      const key = keyFor('long');
      await at(0).write(key, await answered('x'.repeat(longestEntry / 4), start), 3_600);
      expect(await at(1).read(key)).toBeDefined();
      const tooLong = keyFor('too long');
      await at(0).write(tooLong, await answered('x'.repeat(longestEntry), start), 3_600);
      expect(await at(1).read(tooLong)).toBeUndefined();
    });
  });
}
