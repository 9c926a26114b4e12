/** What every `Accounts` must do, wherever the accounts live, and what runs of an account are held against where they are hosted. */
import { describe, expect, test } from 'vitest';
import type {
  AccountId,
  Accounts,
  Admission,
  Ask,
  Caller,
  Limits,
  RunAccount,
  Scope,
  Settlement,
} from '../../src/accounts/accounts.ts';
import type { KeyIssue } from '../../src/accounts/keyring.ts';
import { dayOf } from '../../src/accounts/lease.ts';
import type { Ledger } from '../../src/accounts/ledger.ts';
import { askFor, passOf, settlementOf } from '../support/leases.ts';
import { madeUpKey } from '../support/made-up-key.ts';

/** An account as it is called where it is hosted: by whoever begins a run, and by the run. */
export type LocalAccount = Pick<Ledger, 'reserve'> & RunAccount;

export interface AccountsPlace {
  readonly accounts: Accounts;
  /** Works on an account where it is hosted, and rejects with what the work throws. */
  at<Result>(account: AccountId, work: (local: LocalAccount) => Result): Promise<Result>;
  /** Gives an account a key. */
  issue(issue: KeyIssue): Promise<unknown>;
  revoke(caller: Caller): Promise<unknown>;
}

export function describeAccounts(name: string, place: () => AccountsPlace): void {
  const accounts = (): Accounts => place().accounts;
  const callerWith = async (limits: Partial<Limits> = {}, scopes?: readonly Scope[]): Promise<Caller> => {
    const { caller, issue } = madeUpKey(limits, scopes && { scopes });
    await place().issue(issue);
    return caller;
  };
  const reserve = (caller: Caller, ask: Ask): Promise<Admission> =>
    place().at(caller.account, (local) => local.reserve(caller, ask));
  const settle = (caller: Caller, run: string, settlement: Partial<Settlement> = {}): Promise<void> =>
    place().at(caller.account, (local) => local.settle(settlementOf(run, {}, settlement)));
  const forget = (caller: Caller, run: string): Promise<void> =>
    place().at(caller.account, (local) => local.forget(run));
  const webhookSecrets = (caller: Caller): Promise<readonly string[]> =>
    place().at(caller.account, (local) => local.webhookSecrets(caller.key));
  const started = async (caller: Caller, ask: Ask): Promise<string> => {
    expect(await reserve(caller, ask)).toMatchObject({ type: 'started', run: ask.run });
    return ask.run;
  };

  describe(name, () => {
    describe('keys', () => {
      test('a key has its scopes and its account’s limits', async () => {
        const caller = await callerWith({ daily_usd: 2 }, ['read']);
        expect(await accounts().status(caller)).toMatchObject({ scopes: ['read'], limits: { daily_usd: 2 } });
      });

      test('a key that nobody has may nothing', async () => {
        const { caller } = madeUpKey();
        const refused = { name: 'AppError', code: 'invalid_api_key' };
        await expect(accounts().status(caller)).rejects.toMatchObject(refused);
        await expect(reserve(caller, askFor())).rejects.toMatchObject(refused);
      });

      test('an account’s key with another secret may nothing', async () => {
        const caller = { ...(await callerWith()), secretHash: '0'.repeat(64) };
        await expect(accounts().status(caller)).rejects.toMatchObject({ code: 'invalid_api_key' });
      });

      test('who may not reflect starts nothing', async () => {
        const caller = await callerWith({}, ['read', 'export']);
        await expect(reserve(caller, askFor())).rejects.toMatchObject({ code: 'missing_scope' });
      });

      test('a revoked key spends nothing any more, at once', async () => {
        const caller = await callerWith();
        await accounts().status(caller);
        await started(caller, askFor());
        await place().revoke(caller);
        await expect(reserve(caller, askFor())).rejects.toMatchObject({ code: 'invalid_api_key' });
        await expect(accounts().status(caller)).rejects.toMatchObject({ code: 'invalid_api_key' });
        expect(await webhookSecrets(caller)).toEqual([]);
      });

      test('a key tells what its webhooks are signed with', async () => {
        const caller = await callerWith();
        expect(await webhookSecrets(caller)).toEqual(['whsec_bWFkZSB1cA==']);
      });
    });

    describe('limits', () => {
      test('a run that is admitted is told how each limit stands with it', async () => {
        const caller = await callerWith({
          requests_per_minute: 5,
          tokens_per_minute: 1_000,
          concurrent_runs: 2,
          daily_usd: 1,
        });
        expect(await reserve(caller, askFor({ tokens: 300, usd: 0.25 }))).toMatchObject({
          type: 'started',
          standings: [
            { limit: 'requests_per_minute', size: 5, remaining: 4 },
            { limit: 'tokens_per_minute', size: 1_000, remaining: 700 },
            { limit: 'concurrent_runs', size: 2, remaining: 1 },
            { limit: 'daily_usd', size: 1, remaining: 0.75 },
          ],
        });
      });

      test('a refusal names the limit and costs nothing', async () => {
        const caller = await callerWith({ tokens_per_minute: 100 });
        await started(caller, askFor({ tokens: 60 }));
        for (let count = 0; count < 3; count++) {
          expect(await reserve(caller, askFor({ tokens: 41 }))).toMatchObject({
            type: 'refused',
            refusal: { code: 'rate_limited', limit: 'tokens_per_minute', asked: 41, remaining: 40 },
          });
        }
        await started(caller, askFor({ tokens: 40 }));
      });

      test('a run gives back what it did not use, once', async () => {
        const caller = await callerWith({ tokens_per_minute: 100, concurrent_runs: 1 });
        const run = await started(caller, askFor({ tokens: 100 }));
        await settle(caller, run);
        await settle(caller, run);
        expect(await reserve(caller, askFor({ tokens: 71 }))).toMatchObject({ type: 'refused' });
        await started(caller, askFor({ tokens: 70 }));
      });

      test('all keys of an account share its limits, and another account has its own', async () => {
        const caller = await callerWith({ concurrent_runs: 1 });
        const second = madeUpKey({}, { account: caller.account });
        await place().issue(second.issue);
        await started(caller, askFor());
        expect(await reserve(second.caller, askFor())).toMatchObject({ type: 'refused' });
        await started(await callerWith({ concurrent_runs: 1 }), askFor());
      });

      test('to settle a run that nobody knows changes nothing', async () => {
        const caller = await callerWith({ tokens_per_minute: 10 });
        await settle(caller, 'refl_unknown');
        expect(await accounts().usage(caller.account, '2000-01-01', '2999-12-31')).toEqual({ rows: [], days: [] });
        await started(caller, askFor({ tokens: 10 }));
      });
    });

    describe('who asks the same again', () => {
      test('the same run gets the same answer, and is counted once', async () => {
        const caller = await callerWith({ requests_per_minute: 2, concurrent_runs: 1 });
        const ask = askFor({ idempotency: { key: 'one', bodyHash: 'body' }, singleFlightKey: 'flight' });
        const tried = await started(caller, ask);
        const again = { ...askFor(ask), tried };
        expect(await reserve(caller, again)).toMatchObject({ type: 'started', run: tried });
        await settle(caller, tried);
        expect(await reserve(caller, again)).toMatchObject({ type: 'started', run: tried });
        await started(caller, askFor());
      });

      test('under an idempotency key, it is the first run again, running or ended', async () => {
        const caller = await callerWith({ concurrent_runs: 1 });
        const idempotency = { key: 'one', bodyHash: 'body' };
        const run = await started(caller, askFor({ idempotency }));
        expect(await reserve(caller, askFor({ idempotency }))).toMatchObject({ type: 'replayed', run });
        await settle(caller, run);
        expect(await reserve(caller, askFor({ idempotency }))).toMatchObject({ type: 'replayed', run });
      });

      test('an idempotency key whose run failed for a reason that passes is free again, and any other is not', async () => {
        const caller = await callerWith();
        const idempotency = { key: 'one', bodyHash: 'body' };
        const run = await started(caller, askFor({ idempotency }));
        await settle(caller, run, { status: 'failed', retryable: true });
        const next = await started(caller, askFor({ idempotency }));
        expect(next).not.toBe(run);
        await settle(caller, next, { status: 'failed' });
        expect(await reserve(caller, askFor({ idempotency }))).toMatchObject({
          type: 'replayed',
          run: next,
        });
      });

      test('under an idempotency key with another body, it is a mismatch', async () => {
        const caller = await callerWith();
        await started(caller, askFor({ idempotency: { key: 'one', bodyHash: 'body' } }));
        expect(await reserve(caller, askFor({ idempotency: { key: 'one', bodyHash: 'other' } }))).toEqual({
          type: 'mismatch',
        });
      });

      test('another account’s idempotency key is another key', async () => {
        const idempotency = { key: 'one', bodyHash: 'body' };
        await started(await callerWith(), askFor({ idempotency }));
        await started(await callerWith(), askFor({ idempotency }));
      });

      test('a refused request leaves its idempotency key free', async () => {
        const caller = await callerWith({ concurrent_runs: 1 });
        const idempotency = { key: 'one', bodyHash: 'body' };
        const run = await started(caller, askFor());
        expect(await reserve(caller, askFor({ idempotency }))).toMatchObject({ type: 'refused' });
        await settle(caller, run);
        await started(caller, askFor({ idempotency }));
      });

      test('identical requests join the run while it goes on', async () => {
        const caller = await callerWith({ requests_per_minute: 2, concurrent_runs: 1 });
        const singleFlightKey = 'the same';
        const run = await started(caller, askFor({ singleFlightKey }));
        for (let count = 0; count < 3; count++) {
          expect(await reserve(caller, askFor({ singleFlightKey }))).toMatchObject({ type: 'joined', run });
        }
        await settle(caller, run);
        await started(caller, askFor({ singleFlightKey }));
      });

      test('who joined under an idempotency key gets that run under it later', async () => {
        const caller = await callerWith();
        const ask = { singleFlightKey: 'the same', idempotency: { key: 'mine', bodyHash: 'body' } };
        const run = await started(caller, askFor({ singleFlightKey: 'the same' }));
        expect(await reserve(caller, askFor(ask))).toMatchObject({ type: 'joined', run });
        await settle(caller, run);
        expect(await reserve(caller, askFor(ask))).toMatchObject({ type: 'replayed', run });
      });

      test('a deleted run is neither replayed nor joined', async () => {
        const caller = await callerWith();
        const ask = { singleFlightKey: 'the same', idempotency: { key: 'mine', bodyHash: 'body' } };
        const run = await started(caller, askFor(ask));
        await forget(caller, run);
        await started(caller, askFor(ask));
      });
    });

    describe('the list of stored runs', () => {
      test('it is read newest first, page by page', async () => {
        const caller = await callerWith({ concurrent_runs: 100 });
        const runs: string[] = [];
        for (let count = 0; count < 5; count++) {
          runs.unshift(await started(caller, askFor({ stored: true })));
          await started(caller, askFor({ stored: false }));
        }
        const { account } = caller;
        expect(await accounts().stored(account, null, 2)).toEqual({ runs: runs.slice(0, 2), hasMore: true });
        expect(await accounts().stored(account, runs[1] ?? '', 3)).toEqual({ runs: runs.slice(2), hasMore: false });
        expect(await accounts().stored(account, runs[4] ?? '', 3)).toEqual({ runs: [], hasMore: false });
        await forget(caller, runs[2] ?? '');
        expect(await accounts().stored(account, null, 100)).toEqual({
          runs: runs.filter((_, index) => index !== 2),
          hasMore: false,
        });
      });

      test('there is nothing after a run that is not on it, and another account’s never is', async () => {
        const [caller, other] = [await callerWith(), await callerWith()];
        const unlisted = await started(caller, askFor());
        const othersOwn = await started(other, askFor({ stored: true }));
        for (const after of [unlisted, othersOwn, 'refl_unknown']) {
          await expect(accounts().stored(caller.account, after, 10)).rejects.toMatchObject({ code: 'not_found' });
        }
      });
    });

    test('usage of one key is that of its runs alone, and sums as the account’s does', async () => {
      const caller = await callerWith();
      const runs = [await started(caller, askFor()), await started(caller, askFor())];
      for (const run of runs) await settle(caller, run);
      const [from, to] = ['2000-01-01', '2999-12-31'];
      const whole = await accounts().usage(caller.account, from, to);
      expect(await accounts().usage(caller.account, from, to, caller.key)).toEqual(whole);
      const another = madeUpKey().caller.key;
      expect(await accounts().usage(caller.account, from, to, another)).toEqual({ rows: [], days: [] });
    });

    test('usage is what was charged, by model and decision, and every call', async () => {
      const caller = await callerWith({ concurrent_runs: 100 });
      const { account } = caller;
      const today = dayOf(Date.now());
      const [first, second, third] = [
        await started(caller, askFor()),
        await started(caller, askFor()),
        await started(caller, askFor()),
      ];
      const lost = passOf({ charged: false, finish_reason: 'interrupted', input_tokens: 7, output_tokens: 7 });
      await settle(caller, first, {
        passes: [
          lost,
          passOf({ attempt: 2, cost_usd: 0.000_03 }),
          passOf({ id: 'critique-r1', role: 'critique', model: 'large-2', cost_usd: 0.000_04 }),
        ],
      });
      await settle(caller, second, { passes: [passOf({ cost_usd: 0.000_05 })] });
      await settle(caller, third, { status: 'failed', decision: null, passes: [lost] });
      await accounts().countHits(account, 2);
      await accounts().countHits(account, 1);
      await forget(caller, first);
      const charged = { day: today, decision: 'kept_draft_pass' };
      expect(await accounts().usage(account, today, dayOf(Date.now()))).toEqual({
        rows: [
          { day: today, model: 'large-1', decision: null, input_tokens: 0, output_tokens: 0, cost_usd: 0, calls: 1 },
          { ...charged, model: 'large-1', input_tokens: 40, output_tokens: 20, cost_usd: 0.000_08, calls: 3 },
          { ...charged, model: 'large-2', input_tokens: 20, output_tokens: 10, cost_usd: 0.000_04, calls: 1 },
        ],
        days: [{ day: today, runs: 3, cache_hits: 3 }],
      });
      expect(await accounts().usage(account, '2000-01-01', '2000-12-31')).toEqual({ rows: [], days: [] });
    });
  });
}
