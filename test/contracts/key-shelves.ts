/** What every shelf must do that keys, or the directory of keys, are kept on. */
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { keyIdOf } from '../../src/accounts/ids.ts';
import { type DirectoryShelf, KeyDirectory } from '../../src/accounts/key-directory.ts';
import type { KeyShelf, StoredKey } from '../../src/accounts/key-shelf.ts';

/** Hands out a fresh shelf each time it is called, and gives it up afterwards. */
type Use<Shelf> = (work: (shelf: Shelf) => void) => Promise<void> | void;

function keyId(number: number) {
  return keyIdOf(new Uint8Array(24).fill(number));
}

const key: StoredKey = {
  id: keyId(1),
  name: 'équipe 水 "a"; DROP TABLE keys',
  scopes: ['reflect', 'export'],
  createdAt: 1_790_000_000_000,
  expiresAt: null,
  secret: { hash: 'ab'.repeat(32), last4: '-_-_', webhookSecret: 'whsec_Zm9v' },
  earlier: [{ hash: 'cd'.repeat(32), last4: 'wxyz', webhookSecret: 'whsec_YmFy', holdsUntil: 1_790_000_000_001 }],
};

export function describeKeyShelf(name: string, use: Use<KeyShelf>): void {
  describe(name, () => {
    test('an empty shelf holds nothing', () =>
      use((shelf) => {
        expect(shelf.key(key.id)).toBeUndefined();
        expect(shelf.limits()).toBeUndefined();
      }));

    test('a key is found by its id alone, as it was kept', () =>
      use((shelf) => {
        shelf.keepKey(key);
        expect(shelf.key(key.id)).toEqual(key);
        expect(shelf.key(keyId(2))).toBeUndefined();
        expect(shelf.limits()).toBeUndefined();
      }));

    test('what is kept again takes the place of what was there', () =>
      use((shelf) => {
        shelf.keepKey(key);
        shelf.keepKey({ ...key, id: keyId(2), name: 'other' });
        shelf.keepKey({ id: key.id, revokedAt: 5 });
        expect(shelf.key(key.id)).toEqual({ id: key.id, revokedAt: 5 });
        expect(shelf.key(keyId(2))).toMatchObject({ name: 'other' });
      }));

    test('limits are kept, and the newest count', () =>
      use((shelf) => {
        shelf.keepLimits(defaultLimits);
        expect(shelf.limits()).toEqual(defaultLimits);
        shelf.keepLimits({ ...defaultLimits, daily_usd: 0.001 });
        expect(shelf.limits()).toEqual({ ...defaultLimits, daily_usd: 0.001 });
      }));
  });
}

export function describeDirectoryShelf(name: string, use: Use<DirectoryShelf>): void {
  const ids = Array.from({ length: 7 }, (_, index) => keyId(200 - index));
  const filled = (shelf: DirectoryShelf): KeyDirectory => {
    const directory = new KeyDirectory(shelf);
    for (const id of ids) directory.add(id);
    return directory;
  };

  describe(name, () => {
    test('an empty directory has one empty page', () =>
      use((shelf) => {
        expect(new KeyDirectory(shelf).page(null, 10)).toEqual({ ids: [], hasMore: false });
      }));

    test('pages of any size hold every id once, the newest first', () =>
      use((shelf) => {
        const directory = filled(shelf);
        for (let size = 1; size <= ids.length + 1; size++) {
          const seen: string[] = [];
          let page = directory.page(null, size);
          while (page) {
            expect(page.ids.length).toBeLessThanOrEqual(size);
            seen.push(...page.ids);
            const last = page.ids.at(-1);
            page = page.hasMore && last ? directory.page(last, size) : undefined;
          }
          expect(seen).toEqual(ids.toReversed());
        }
      }));

    test('an id that is added again keeps its place', () =>
      use((shelf) => {
        const directory = filled(shelf);
        for (const id of ids) directory.add(id);
        expect(directory.page(null, 10)).toEqual({ ids: ids.toReversed(), hasMore: false });
      }));

    test('a removed id is on no page, and pages still go on after it', () =>
      use((shelf) => {
        const directory = filled(shelf);
        const [first, second, third, fourth] = ids;
        if (!first || !second || !third || !fourth) throw new Error('There are seven.');
        directory.remove([third, fourth]);
        directory.remove([third, keyId(1)]);
        expect(directory.page(null, 10)?.ids).toEqual(ids.toReversed().filter((id) => id !== third && id !== fourth));
        expect(directory.page(third, 1)).toEqual({ ids: [second], hasMore: true });
        expect(directory.page(second, 1)).toEqual({ ids: [first], hasMore: false });
        directory.add(third);
        expect(directory.page(null, 10)?.ids).not.toContain(third);
      }));

    test('new ids come before all others, whatever was removed', () =>
      use((shelf) => {
        const directory = filled(shelf);
        directory.remove(ids);
        directory.add(keyId(1));
        expect(directory.page(null, 10)).toEqual({ ids: [keyId(1)], hasMore: false });
      }));

    test('there is no page after an id that never was on the list', () =>
      use((shelf) => {
        expect(filled(shelf).page(keyId(1), 10)).toBeUndefined();
      }));
  });
}
