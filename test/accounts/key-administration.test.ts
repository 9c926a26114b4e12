import { describe, expect, test } from 'vitest';
import type { KeyRecord } from '../../src/accounts/key-administration.ts';
import { SqliteDirectoryStore } from '../../src/accounts/sqlite-directory-store.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { anyWish, describeKeyAdministration, shownOf } from '../contracts/key-administration.ts';
import { describeDirectoryStore, describeKeyStore } from '../contracts/key-stores.ts';
import { countedBytes } from './counted-bytes.ts';
import { freshStorage } from './fresh-storage.ts';
import { KeyObjects, lost } from './memory-key-objects.ts';

describeKeyStore('keys in SQLite, in Node', (work) => work(new SqliteKeyStore(freshStorage().sql)));
describeDirectoryStore('a directory in SQLite, in Node', (work) => work(new SqliteDirectoryStore(freshStorage().sql)));
describeKeyAdministration('key administration in Node', () => new KeyObjects().administration, countedBytes());

const hour = 3_600_000;
const broken = new Error('A defect.');

async function listed(objects: KeyObjects): Promise<string[]> {
  return (await objects.administration.list(null, 100)).keys.map(({ id }) => id);
}

describe('a key', () => {
  test('is good from its making to its revoking, within its scopes and its account’s limits', async () => {
    const objects = new KeyObjects();
    const keys = objects.administration;
    const made = await keys.create({ ...anyWish, limits: { daily_usd: 2 } });
    expect(await objects.use(made.secret)).toEqual({ scopes: ['reflect', 'read'], limits: made.limits });
    const rotated = await keys.rotate(made.id, hour);
    for (const secret of [made.secret, rotated?.secret ?? '']) expect(await objects.use(secret)).toBeDefined();
    objects.now += hour;
    await expect(objects.use(made.secret)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(await objects.use(rotated?.secret ?? '')).toBeDefined();
    expect(objects.ring(made.account).webhookSecrets(made.id)).toEqual([rotated?.webhookSecret]);
    await keys.revoke(made.id);
    await expect(objects.use(rotated?.secret ?? '')).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  test('of one account is nothing in another', async () => {
    const objects = new KeyObjects();
    const [mine, theirs] = [await objects.administration.create(anyWish), await objects.administration.create(anyWish)];
    expect(objects.ring(theirs.account).read(mine.id)).toBeUndefined();
    expect(objects.ring(theirs.account).revoke(mine.id)).toBe(false);
    expect(objects.ring(theirs.account).webhookSecrets(mine.id)).toEqual([]);
  });
});

describe('when an answer is lost on the way, it is asked again and done once', () => {
  test.for(['before', 'after'] as const)('%s the object did it', async (when) => {
    const objects = new KeyObjects();
    const keys = objects.administration;

    objects.fail('issueKey', when);
    objects.fail('add', when);
    const made = await keys.create(anyWish);
    expect(await objects.use(made.secret)).toBeDefined();
    expect(await listed(objects)).toEqual([made.id]);

    objects.fail('changeKey', when);
    expect(await keys.change(made.id, { name: 'team-b' })).toMatchObject({ name: 'team-b' });

    objects.fail('rotateKey', when);
    const rotated = await keys.rotate(made.id, hour);
    expect(objects.ring(made.account).webhookSecrets(made.id)).toEqual([rotated?.webhookSecret, made.webhookSecret]);
    for (const secret of [made.secret, rotated?.secret ?? '']) expect(await objects.use(secret)).toBeDefined();

    objects.fail('revokeKey', when);
    objects.fail('remove', when);
    expect(await keys.revoke(made.id)).toBe(true);
    expect(await listed(objects)).toEqual([]);
  });
});

describe('when an object cannot be asked', () => {
  test('twice lost is said to be busy, and a third time is not tried', async () => {
    const objects = new KeyObjects();
    for (let count = 0; count < 3; count++) objects.fail('issueKey', 'before');
    await expect(objects.administration.create(anyWish)).rejects.toMatchObject({ code: 'upstream_busy' });
    expect(objects.calls).toEqual(['issueKey', 'issueKey']);
  });

  test('an overloaded object is not asked again', async () => {
    const objects = new KeyObjects();
    objects.fail('issueKey', 'before', Object.assign(lost(), { overloaded: true }));
    await expect(objects.administration.create(anyWish)).rejects.toMatchObject({ code: 'upstream_busy' });
    expect(objects.calls).toEqual(['issueKey']);
  });

  test('a defect in it is not asked for twice, and stays what it is', async () => {
    const objects = new KeyObjects();
    objects.fail('issueKey', 'before', broken);
    await expect(objects.administration.create(anyWish)).rejects.toBe(broken);
    expect(objects.calls).toEqual(['issueKey']);
  });
});

describe('when the second of two writes is lost for good', () => {
  test('a key that was not listed is nobody’s: its making failed, and the next one is whole', async () => {
    const objects = new KeyObjects();
    const first = await objects.administration.create(anyWish);
    objects.fail('add', 'before', broken);
    await expect(objects.administration.create({ ...anyWish, account: first.account })).rejects.toBe(broken);
    expect(await listed(objects)).toEqual([first.id]);
    const second = await objects.administration.create({ ...anyWish, account: first.account });
    expect(await objects.use(second.secret)).toBeDefined();
    expect(await listed(objects)).toEqual([second.id, first.id]);
  });

  test('a revoked key is refused all the same, and revoking it again takes it off the list', async () => {
    const objects = new KeyObjects();
    const made = await objects.administration.create(anyWish);
    objects.fail('remove', 'before', broken);
    await expect(objects.administration.revoke(made.id)).rejects.toBe(broken);
    await expect(objects.use(made.secret)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(await objects.administration.revoke(made.id)).toBe(true);
    objects.calls.length = 0;
    expect(await listed(objects)).toEqual([]);
    expect(objects.calls).toEqual(['page']);
  });

  test('a list leaves out what is revoked, fills its pages all the same, and tidies up', async () => {
    const objects = new KeyObjects();
    const keys = objects.administration;
    const made: KeyRecord[] = [];
    for (let count = 0; count < 9; count++) made.unshift(shownOf(await keys.create(anyWish)));
    const gone = [0, 1, 2, 4, 8].map((index) => made[index]?.id ?? '');
    for (const id of gone) {
      objects.fail('remove', 'before', broken);
      await expect(keys.revoke(id)).rejects.toBe(broken);
    }
    const left = made.filter(({ id }) => !gone.includes(id));
    expect(await keys.list(null, 2)).toEqual({ keys: left.slice(0, 2), hasMore: true });
    expect(await keys.list(left[1]?.id ?? '', 2)).toEqual({ keys: left.slice(2), hasMore: true });
    expect(await keys.list(left[3]?.id ?? '', 2)).toEqual({ keys: [], hasMore: false });
    objects.calls.length = 0;
    expect(await keys.list(null, 10)).toEqual({ keys: left, hasMore: false });
    expect(objects.calls).toEqual(['page', 'readKey', 'readKey', 'readKey', 'readKey']);
  });
});
