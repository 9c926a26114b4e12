/** What every key administration must do. */
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { newAccountId, newKeyId, type RandomBytes } from '../../src/accounts/ids.ts';
import type { KeyAdministration, KeyRecord, KeyWish, NewKey } from '../../src/accounts/key-administration.ts';

export const anyWish: KeyWish = {
  name: 'team-a',
  account: null,
  scopes: ['reflect', 'read'],
  limits: {},
  expiresAt: null,
};

/** A key as it is shown later. */
export function shownOf({ secret, webhookSecret, ...record }: NewKey): KeyRecord {
  expect(secret).toMatch(/^er_(?:live|test)_[\w-]{96}$/);
  expect(webhookSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return record;
}

/** `fresh` hands out an administration that may know other keys already; `randomBytes` makes ids that it does not know. */
export function describeKeyAdministration(
  name: string,
  fresh: () => KeyAdministration,
  randomBytes: RandomBytes,
): void {
  const unknown = (): string => newKeyId(newAccountId(randomBytes), randomBytes);

  describe(name, () => {
    test('a new key tells its secrets once, and the same facts ever after', async () => {
      const keys = fresh();
      const made = await keys.create({ ...anyWish, limits: { daily_usd: 2 }, expiresAt: 1_900_000_000_000 });
      const record = shownOf(made);
      expect(record).toEqual({
        id: expect.stringMatching(/^key_[\w-]{32}$/),
        account: expect.stringMatching(/^acct_[\w-]{22}$/),
        name: 'team-a',
        scopes: ['reflect', 'read'],
        limits: { ...defaultLimits, daily_usd: 2 },
        createdAt: expect.any(Number),
        expiresAt: 1_900_000_000_000,
        last4: made.secret.slice(-4),
      });
      expect(await keys.read(made.id)).toEqual(record);
      expect((await keys.list(null, 1)).keys).toEqual([record]);
    });

    test('keys of one account share its limits; every new account is another', async () => {
      const keys = fresh();
      const first = await keys.create({ ...anyWish, limits: { daily_usd: 2 } });
      const second = await keys.create({ ...anyWish, account: first.account, limits: { concurrent_runs: 3 } });
      const other = await keys.create(anyWish);
      expect(second.account).toBe(first.account);
      expect(other.account).not.toBe(first.account);
      expect((await keys.read(first.id))?.limits).toEqual({ ...defaultLimits, daily_usd: 2, concurrent_runs: 3 });
      expect((await keys.read(other.id))?.limits).toEqual(defaultLimits);
      expect(new Set([first, second, other].map(({ secret }) => secret)).size).toBe(3);
      expect(new Set([first, second, other].map(({ webhookSecret }) => webhookSecret)).size).toBe(3);
    });

    test('a key cannot join an account that does not exist', async () => {
      const keys = fresh();
      const wish = { ...anyWish, account: newAccountId(randomBytes) };
      const before = await keys.list(null, 100);
      await expect(keys.create(wish)).rejects.toMatchObject({ code: 'not_found' });
      expect(await keys.list(null, 100)).toEqual(before);
    });

    test('a change is seen at once, and what is not given stays', async () => {
      const keys = fresh();
      const record = shownOf(await keys.create(anyWish));
      const changed = { ...record, name: 'team-b', limits: { ...defaultLimits, requests_per_minute: 7 } };
      expect(await keys.change(record.id, { name: 'team-b', limits: { requests_per_minute: 7 } })).toEqual(changed);
      expect(await keys.read(record.id)).toEqual(changed);
    });

    test('rotating gives new secrets under the same id', async () => {
      const keys = fresh();
      const made = await keys.create(anyWish);
      const rotated = await keys.rotate(made.id, 60_000);
      if (!rotated) throw new Error('There is such a key.');
      expect(shownOf(rotated)).toEqual({ ...shownOf(made), last4: rotated.secret.slice(-4) });
      expect(rotated.secret).not.toBe(made.secret);
      expect(rotated.webhookSecret).not.toBe(made.webhookSecret);
      expect(await keys.read(made.id)).toEqual(shownOf(rotated));
    });

    test('a revoked key is gone, and its account’s other keys are not', async () => {
      const keys = fresh();
      const made = await keys.create(anyWish);
      const other = await keys.create({ ...anyWish, account: made.account });
      expect(await keys.revoke(made.id)).toBe(true);
      expect(await keys.read(made.id)).toBeUndefined();
      expect(await keys.change(made.id, { name: 'back' })).toBeUndefined();
      expect(await keys.rotate(made.id, 0)).toBeUndefined();
      expect((await keys.list(null, 100)).keys.map(({ id }) => id)).not.toContain(made.id);
      expect(await keys.read(other.id)).toEqual(shownOf(other));
    });

    test('pages are newest first, and go on after a key that was revoked meanwhile', async () => {
      const keys = fresh();
      const ids: string[] = [];
      for (let count = 0; count < 5; count++) ids.unshift((await keys.create(anyWish)).id);
      const first = await keys.list(null, 2);
      expect(first.keys.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect(first.hasMore).toBe(true);
      const last = ids[1] ?? '';
      await keys.revoke(last);
      expect((await keys.list(last, 3)).keys.map(({ id }) => id)).toEqual(ids.slice(2));
    });

    test('there is no page after a key that never was', async () => {
      for (const after of [unknown(), 'key_', '']) {
        await expect(fresh().list(after, 10)).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    test('what is no key’s id is answered as an unknown one is', async () => {
      const keys = fresh();
      for (const id of [unknown(), 'key_', '', '../keys', 'key_'.padEnd(36, '=')]) {
        expect(await keys.read(id)).toBeUndefined();
        expect(await keys.change(id, { name: 'x' })).toBeUndefined();
        expect(await keys.rotate(id, 0)).toBeUndefined();
        expect(await keys.revoke(id)).toBe(false);
      }
    });
  });
}
