/** Keys and their directory in the SQLite database of a Durable Object, and the codec on workerd's own cryptography. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { createKeyCodec } from '../../../src/accounts/api-key.ts';
import { newAccountId, newKeyId, type RandomBytes } from '../../../src/accounts/ids.ts';
import { KeyDirectoryObject } from '../../../src/accounts/key-directory-object.ts';
import { Keyring } from '../../../src/accounts/keyring.ts';
import { SqliteDirectoryStore } from '../../../src/accounts/sqlite-directory-store.ts';
import { SqliteKeyStore } from '../../../src/accounts/sqlite-key-store.ts';
import { describeDirectoryStore, describeKeyStore } from '../../contracts/key-stores.ts';

const randomBytes: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** The state of a fresh object: which class it is of does not matter to what is stored in it. */
function inObject(work: (state: DurableObjectState) => void | Promise<void>): Promise<void> {
  return runInDurableObject(env.CAPACITY.get(env.CAPACITY.newUniqueId()), async (_run, state) => {
    await work(state);
    await state.storage.deleteAll();
  });
}

function tablesIn(state: DurableObjectState): unknown[] {
  return state.storage.sql
    .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
    .toArray();
}

describeKeyStore('keys in SQLite', (work) => inObject((state) => work(new SqliteKeyStore(state.storage.sql))));
describeDirectoryStore('a directory in SQLite', (work) =>
  inObject((state) => work(new SqliteDirectoryStore(state.storage.sql))),
);

describe('an account’s keys', () => {
  test('are there again when the object is made again, and asking for what never was stores nothing', () =>
    inObject(async (state) => {
      const keyring = () => new Keyring(new SqliteKeyStore(state.storage.sql), Date.now);
      const codec = createKeyCodec({ tagSecrets: ['a tag secret for tests'], mode: 'live', randomBytes });
      const id = newKeyId(newAccountId(randomBytes), randomBytes);
      const { text, hash, last4 } = codec.make(id);
      const caller = codec.read(text);
      if (!caller) throw new Error('It is a key.');

      expect(() => keyring().check(caller)).toThrow('no such');
      expect(keyring().revoke(id)).toBe(false);
      expect(keyring().webhookSecrets(id)).toEqual([]);
      expect(tablesIn(state)).toEqual([]);

      const secret = { hash, last4, webhookSecret: 'whsec_Zm9v' };
      const facts = { id, name: 'team-a', scopes: ['read'], expiresAt: null, secret } as const;
      keyring().issue({ ...facts, limits: { daily_usd: 2 }, newAccount: true });
      expect(keyring().check(caller)).toMatchObject({ scopes: ['read'], limits: { daily_usd: 2 } });
      const stored = JSON.stringify(state.storage.sql.exec('SELECT * FROM keys').toArray());
      expect(stored).toContain(hash);
      expect(stored).not.toContain(text.slice(-40));
      keyring().revoke(id);
      expect(() => keyring().check(caller)).toThrow('revoked');
    }));
});

describe('the directory’s object', () => {
  test('lists what was added before it was made again', () =>
    inObject((state) => {
      const object = () => new KeyDirectoryObject(state, env);
      const account = newAccountId(randomBytes);
      const [first, second] = [newKeyId(account, randomBytes), newKeyId(account, randomBytes)];
      object().add(first);
      object().add(second);
      expect(object().page(null, 1)).toEqual({ ids: [second], hasMore: true });
      object().remove([second]);
      expect(object().page(null, 1)).toEqual({ ids: [first], hasMore: false });
      expect(object().page(newKeyId(account, randomBytes), 1)).toBeUndefined();
    }));
});

describe('the codec on workerd', () => {
  test('reads what it made, and refuses a flood of what others made', async () => {
    const codec = createKeyCodec({
      tagSecrets: ['a tag secret for tests', 'an older tag secret'],
      mode: 'live',
      randomBytes,
    });
    const forger = createKeyCodec({ tagSecrets: ['another tag secret'], mode: 'live', randomBytes });
    const id = newKeyId(newAccountId(randomBytes), randomBytes);
    const { text, hash } = codec.make(id);
    expect(codec.read(text)).toMatchObject({ key: id, secretHash: hash });
    for (let count = 0; count < 500; count++) {
      expect(codec.read(forger.make(id).text)).toBeUndefined();
    }
  });
});
