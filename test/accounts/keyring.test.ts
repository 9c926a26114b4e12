import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { accountOf, newAccountId, newKeyId } from '../../src/accounts/ids.ts';
import { type KeyIssue, Keyring } from '../../src/accounts/keyring.ts';
import { SqliteKeyStore } from '../../src/accounts/sqlite-key-store.ts';
import { AppError } from '../../src/errors.ts';
import { countedBytes } from './counted-bytes.ts';
import { freshStorage } from './fresh-storage.ts';

const randomBytes = countedBytes();
const account = newAccountId(randomBytes);
const id = newKeyId(account, randomBytes);
const hour = 3_600_000;

/** A secret as the account sees it; `name` stands for its hash. */
function secret(name: string) {
  return { hash: name, last4: name.slice(-4), webhookSecret: `whsec_${name}` };
}

function issueOf(changes: Partial<KeyIssue> = {}): KeyIssue {
  return {
    id,
    name: 'team-a',
    scopes: ['reflect', 'read'],
    limits: {},
    expiresAt: null,
    secret: secret('first'),
    newAccount: true,
    ...changes,
  };
}

function world(issue: Partial<KeyIssue> | null = {}) {
  const clock = { now: 1_790_000_000_000 };
  const { sql } = freshStorage();
  const keyring = new Keyring(new SqliteKeyStore(sql), () => clock.now);
  if (issue) keyring.issue(issueOf(issue));
  /** `undefined` for a key that may be used, or why it may not. */
  const refusal = (secretHash: string, key = id): string | undefined => {
    try {
      keyring.check({ account, key, secretHash });
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'invalid_api_key' });
      return error instanceof AppError ? error.message : 'something else';
    }
  };
  /** All that is stored, as text. */
  const everything = (): string => {
    const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
    return JSON.stringify(tables.map(({ name }) => [name, sql.exec(`SELECT * FROM ${name}`).toArray()]));
  };
  return { clock, keyring, refusal, everything };
}

describe('issuing', () => {
  test('a new account has the default limits, but for those that were given', () => {
    const { keyring, clock } = world(null);
    expect(keyring.limits()).toEqual(defaultLimits);
    expect(keyring.issue(issueOf({ limits: { daily_usd: 2 } }))).toEqual({
      id,
      account,
      name: 'team-a',
      scopes: ['reflect', 'read'],
      limits: { ...defaultLimits, daily_usd: 2 },
      createdAt: clock.now,
      expiresAt: null,
      last4: 'irst',
    });
    expect(accountOf(id)).toBe(account);
  });

  test('a second key shares the account’s limits, and changes those that it brings for both', () => {
    const { keyring } = world({ limits: { daily_usd: 2, concurrent_runs: 3 } });
    const second = newKeyId(account, randomBytes);
    keyring.issue(issueOf({ id: second, newAccount: false, limits: { daily_usd: 9 }, secret: secret('other') }));
    const limits = { ...defaultLimits, daily_usd: 9, concurrent_runs: 3 };
    expect(keyring.read(id)?.limits).toEqual(limits);
    expect(keyring.read(second)?.limits).toEqual(limits);
    expect(keyring.check({ account, key: id, secretHash: 'first' }).limits).toEqual(limits);
  });

  test('a key cannot join an account that does not exist, and nothing is stored', () => {
    const { keyring, everything } = world(null);
    const before = everything();
    expect(keyring.issue(issueOf({ newAccount: false, limits: { daily_usd: 9 } }))).toBeUndefined();
    expect(everything()).toBe(before);
  });

  test('asked twice, it stays as it was first', () => {
    const { keyring, clock, refusal } = world();
    const first = keyring.read(id);
    clock.now += 10;
    expect(keyring.issue(issueOf({ name: 'again', secret: secret('again') }))).toEqual(first);
    expect(refusal('first')).toBeUndefined();
    expect(refusal('again')).toBeDefined();
  });

  test('a revoked key is not issued again', () => {
    const { keyring, refusal } = world();
    keyring.revoke(id);
    expect(keyring.issue(issueOf())).toBeUndefined();
    expect(refusal('first')).toContain('revoked');
  });
});

describe('checking', () => {
  test('a good key may do what its scopes say, within the account’s limits', () => {
    const { keyring } = world({ scopes: ['export'] });
    expect(keyring.check({ account, key: id, secretHash: 'first' })).toEqual({
      scopes: ['export'],
      limits: defaultLimits,
    });
  });

  test('an unknown key is refused, whatever its secret', () => {
    expect(world().refusal('first', newKeyId(account, randomBytes))).toContain('no such');
    expect(world(null).refusal('first')).toContain('no such');
  });

  test('a key is refused from the millisecond at which it expires, and good again when it gets more time', () => {
    const { clock, keyring, refusal } = world();
    const expiresAt = clock.now + 1_000;
    keyring.change(id, { expiresAt });
    clock.now = expiresAt - 1;
    expect(refusal('first')).toBeUndefined();
    clock.now = expiresAt;
    expect(refusal('first')).toContain('expired');
    expect(keyring.read(id)?.expiresAt).toBe(expiresAt);
    keyring.change(id, { expiresAt: null });
    expect(refusal('first')).toBeUndefined();
  });
});

describe('changing', () => {
  test('what is not given stays', () => {
    const { keyring, clock } = world({ expiresAt: 1_800_000_000_000, limits: { daily_usd: 2 } });
    const before = keyring.read(id);
    clock.now += 10;
    expect(keyring.change(id, {})).toEqual(before);
    expect(keyring.change(id, { name: 'team-b' })).toEqual({ ...before, name: 'team-b' });
    expect(keyring.change(id, { scopes: ['read'], expiresAt: null })).toEqual({
      ...before,
      name: 'team-b',
      scopes: ['read'],
      expiresAt: null,
    });
    const limits = { ...defaultLimits, daily_usd: 2, requests_per_minute: 7 };
    expect(keyring.change(id, { limits: { requests_per_minute: 7 } })).toMatchObject({ name: 'team-b', limits });
    expect(keyring.check({ account, key: id, secretHash: 'first' })).toEqual({ scopes: ['read'], limits });
  });

  test('a key that is not there cannot be changed, and its account stays as it is', () => {
    const { keyring, everything } = world();
    const before = everything();
    const other = newKeyId(account, randomBytes);
    expect(keyring.change(other, { limits: { daily_usd: 1_000 } })).toBeUndefined();
    expect(keyring.rotate(other, secret('second'), hour)).toBeUndefined();
    expect(keyring.revoke(other)).toBe(false);
    expect(everything()).toBe(before);
  });
});

describe('rotating', () => {
  test('the old secret holds until its grace ends, to the millisecond, and so does its webhook secret', () => {
    const { clock, keyring, refusal } = world();
    const before = keyring.read(id);
    expect(keyring.rotate(id, secret('second'), hour)).toEqual({ ...before, last4: 'cond' });
    expect(refusal('first')).toBeUndefined();
    expect(refusal('second')).toBeUndefined();
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_second', 'whsec_first']);
    clock.now += hour - 1;
    expect(refusal('first')).toBeUndefined();
    clock.now += 1;
    expect(refusal('first')).toContain('rotated');
    expect(refusal('second')).toBeUndefined();
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_second']);
  });

  test('without grace, the old secret is refused at once and not kept', () => {
    const { keyring, everything, refusal } = world();
    keyring.rotate(id, secret('second'), 0);
    expect(refusal('first')).toContain('rotated');
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_second']);
    expect(everything()).not.toContain('first');
  });

  test('asked twice with the same secret, it rotates once', () => {
    const { clock, keyring, refusal } = world();
    keyring.rotate(id, secret('second'), hour);
    clock.now += hour / 2;
    expect(keyring.rotate(id, secret('second'), hour)?.last4).toBe('cond');
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_second', 'whsec_first']);
    clock.now += hour / 2;
    expect(refusal('first')).toContain('rotated');
  });

  test('rotating again, since the first answer was lost, does not lock out who uses the key', () => {
    const { clock, keyring, refusal } = world();
    keyring.rotate(id, secret('lost'), hour);
    clock.now += 1_000;
    keyring.rotate(id, secret('third'), hour);
    expect(refusal('first')).toBeUndefined();
    clock.now += hour - 1_000;
    expect(refusal('first')).toContain('rotated');
    expect(refusal('lost')).toBeUndefined();
    clock.now += 1_000;
    expect(refusal('lost')).toContain('rotated');
    expect(refusal('third')).toBeUndefined();
  });

  test('no secret gets a longer grace than it was promised, and a rotation without grace ends them all', () => {
    const { clock, keyring, refusal } = world();
    keyring.rotate(id, secret('second'), 1_000);
    keyring.rotate(id, secret('third'), hour);
    clock.now += 1_000;
    expect(refusal('first')).toContain('rotated');
    expect(refusal('second')).toBeUndefined();
    keyring.rotate(id, secret('fourth'), 0);
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_fourth']);
    for (const past of ['first', 'second', 'third']) expect(refusal(past)).toContain('rotated');
  });

  test('a key rotated for ever holds four secrets at most', () => {
    const { keyring, everything } = world();
    for (let turn = 0; turn < 20; turn++) keyring.rotate(id, secret(`turn-${turn}`), hour);
    expect(keyring.webhookSecrets(id)).toEqual(['whsec_turn-19', 'whsec_turn-18', 'whsec_turn-17', 'whsec_turn-16']);
    expect(everything()).not.toContain('turn-15');
  });
});

describe('revoking', () => {
  test('takes effect at once, for every secret, and forgets them', () => {
    const { keyring, everything, refusal } = world();
    keyring.rotate(id, secret('second'), hour);
    expect(keyring.revoke(id)).toBe(true);
    for (const hash of ['first', 'second']) expect(refusal(hash)).toContain('revoked');
    expect(keyring.webhookSecrets(id)).toEqual([]);
    expect(keyring.read(id)).toBeUndefined();
    expect(keyring.change(id, { name: 'back' })).toBeUndefined();
    expect(keyring.rotate(id, secret('third'), hour)).toBeUndefined();
    for (const trace of ['first', 'second', 'team-a']) expect(everything()).not.toContain(trace);
  });

  test('may be asked twice', () => {
    const { clock, keyring, everything } = world();
    keyring.revoke(id);
    const after = everything();
    clock.now += 10;
    expect(keyring.revoke(id)).toBe(true);
    expect(everything()).toBe(after);
  });

  test('leaves the account and its other keys as they are', () => {
    const { keyring, refusal } = world({ limits: { daily_usd: 2 } });
    const second = newKeyId(account, randomBytes);
    keyring.issue(issueOf({ id: second, newAccount: false, secret: secret('other') }));
    keyring.revoke(id);
    expect(refusal('other', second)).toBeUndefined();
    keyring.revoke(second);
    expect(keyring.limits().daily_usd).toBe(2);
    const third = newKeyId(account, randomBytes);
    expect(keyring.issue(issueOf({ id: third, newAccount: false, secret: secret('third') }))).toBeDefined();
  });
});
