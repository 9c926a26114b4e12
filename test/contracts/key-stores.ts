/** What every store must do that keys, or the directory of keys, are kept on. */
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { keyIdOf } from '../../src/accounts/ids.ts';
import { type DirectoryStore, KeyDirectory } from '../../src/accounts/key-directory.ts';
import type { KeyStore, StoredKey } from '../../src/accounts/key-store.ts';

/** Hands out a fresh store each time it is called, and gives it up afterwards. */
type Use<Store> = (work: (store: Store) => void) => Promise<void> | void;

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

export function describeKeyStore(name: string, use: Use<KeyStore>): void {
  describe(name, () => {
    test('an empty store holds nothing', () =>
      use((store) => {
        expect(store.key(key.id)).toBeUndefined();
        expect(store.limits()).toBeUndefined();
      }));

    test('a key is found by its id alone, as it was kept', () =>
      use((store) => {
        store.keepKey(key);
        expect(store.key(key.id)).toEqual(key);
        expect(store.key(keyId(2))).toBeUndefined();
        expect(store.limits()).toBeUndefined();
      }));

    test('what is kept again takes the place of what was there', () =>
      use((store) => {
        store.keepKey(key);
        store.keepKey({ ...key, id: keyId(2), name: 'other' });
        store.keepKey({ id: key.id, revokedAt: 5 });
        expect(store.key(key.id)).toEqual({ id: key.id, revokedAt: 5 });
        expect(store.key(keyId(2))).toMatchObject({ name: 'other' });
      }));

    test('limits are kept, and the newest count', () =>
      use((store) => {
        store.keepLimits(defaultLimits);
        expect(store.limits()).toEqual(defaultLimits);
        store.keepLimits({ ...defaultLimits, daily_usd: 0.001 });
        expect(store.limits()).toEqual({ ...defaultLimits, daily_usd: 0.001 });
      }));
  });
}

export function describeDirectoryStore(name: string, use: Use<DirectoryStore>): void {
  const ids = Array.from({ length: 7 }, (_, index) => keyId(200 - index));
  const filled = (store: DirectoryStore): KeyDirectory => {
    const directory = new KeyDirectory(store);
    for (const id of ids) directory.add(id);
    return directory;
  };

  describe(name, () => {
    test('an empty directory has one empty page', () =>
      use((store) => {
        expect(new KeyDirectory(store).page(null, 10)).toEqual({ ids: [], hasMore: false });
      }));

    test('pages of any size hold every id once, the newest first', () =>
      use((store) => {
        const directory = filled(store);
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
      use((store) => {
        const directory = filled(store);
        for (const id of ids) directory.add(id);
        expect(directory.page(null, 10)).toEqual({ ids: ids.toReversed(), hasMore: false });
      }));

    test('a removed id is on no page, and pages still go on after it', () =>
      use((store) => {
        const directory = filled(store);
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
      use((store) => {
        const directory = filled(store);
        directory.remove(ids);
        directory.add(keyId(1));
        expect(directory.page(null, 10)).toEqual({ ids: [keyId(1)], hasMore: false });
      }));

    test('there is no page after an id that never was on the list', () =>
      use((store) => {
        expect(filled(store).page(keyId(1), 10)).toBeUndefined();
      }));
  });
}
