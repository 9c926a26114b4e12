/** An account's money: what is admitted, what is settled, and what a loss leaves of it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision, PassUsage } from '../../src/reflection/record.ts';
import { askFor, passOf, settlementOf } from '../support/leases.ts';
import { holds } from '../support/properties.ts';
import { AccountWorld, always, hourMs, noon, secondMs } from './account-world.ts';

describe('limits', () => {
  // What befell a gateway that looked at its limit before each call and counted after it: https://github.com/BerriAI/litellm/issues/18730
  test('five requests at once cannot spend 663 tokens of a limit of 100', () => {
    const { account, caller } = new AccountWorld({ tokens_per_minute: 100 });
    const used = [133, 132, 133, 132, 133];
    const admissions = used.map((tokens) => account.reserve(caller, askFor({ tokens })));
    expect(admissions.map(({ type }) => type)).toEqual(Array.from(used, () => 'refused'));
    const small = Array.from({ length: 5 }, () => account.reserve(caller, askFor({ tokens: 40 })));
    expect(small.map(({ type }) => type)).toEqual(['started', 'started', 'refused', 'refused', 'refused']);
  });

  test('a changed limit holds from the next request on', () => {
    const { account, caller, keyring } = new AccountWorld({ tokens_per_minute: 100 });
    account.reserve(caller, askFor({ tokens: 100 }));
    keyring.change(caller.key, { limits: { tokens_per_minute: 250 } });
    expect(account.reserve(caller, askFor({ tokens: 150 }))).toMatchObject({ type: 'started' });
    keyring.change(caller.key, { limits: { tokens_per_minute: 200 } });
    expect(account.reserve(caller, askFor({ tokens: 1 }))).toMatchObject({ type: 'refused' });
  });

  test('what is set aside in money is rounded up, and what is used to the nearest', () => {
    const world = new AccountWorld({ daily_usd: 0.000_000_003 });
    const { run } = world.start({ usd: 0.000_000_001_1 });
    const left = () => world.account.reserve(world.caller, askFor({ usd: 1 }));
    expect(left()).toMatchObject({ refusal: { limit: 'daily_usd', remaining: 0.000_000_001 } });
    world.settle(settlementOf(run, { cost_usd: 0.000_000_000_6 }));
    expect(left()).toMatchObject({ refusal: { limit: 'daily_usd', remaining: 0.000_000_002 } });
  });

  test('a run that used more than was set aside is taken as it is, and told', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 10 });
    world.settle(settlementOf(run, { input_tokens: 90, output_tokens: 60 }));
    expect(world.logged).toMatchObject([
      { level: 'warn', event: 'lease.overran', reflection_id: run, reserved: { tokens: 10 }, used: { tokens: 150 } },
    ]);
    expect(world.account.reserve(world.caller, askFor({ tokens: 1 }))).toMatchObject({ type: 'refused' });
    world.now += 60 * secondMs;
    world.start({ tokens: 100 });
  });

  test('a run that nobody knows is told, and one that was settled before is not', () => {
    const world = new AccountWorld();
    const { run } = world.start();
    world.settle(settlementOf(run));
    world.settle(settlementOf(run, { input_tokens: 1_000 }));
    expect(world.events).toEqual([]);
    world.settle(settlementOf('refl_unknown'));
    expect(world.logged).toMatchObject([{ event: 'lease.unknown', reflection_id: 'refl_unknown' }]);
    expect(world.account.usage(...always).rows).toMatchObject([{ input_tokens: 20, calls: 1 }]);
  });

  test('what storage refuses is as if it had not been asked', () => {
    const world = new AccountWorld({ concurrent_runs: 2, tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 50 });
    world.full = true;
    expect(() =>
      world.start({ tokens: 50, singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } }),
    ).toThrow();
    world.full = false;
    expect(world.entries).toMatchObject([{ lease: { run } }]);
    expect(world.account.reserve(world.caller, askFor({ tokens: 51 }))).toMatchObject({ type: 'refused' });
    world.start({ tokens: 50, singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } });
    world.settle(settlementOf(run));
    expect(world.account.usage(...always).days).toMatchObject([{ runs: 1 }]);
  });

  test('a settling that storage refuses stands all the same, and is stored once when storage takes it again', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 100 });
    world.full = true;
    world.account.settle(settlementOf(run));
    expect(world.store.entry(run)?.end).toMatchObject({ status: 'completed', used: { tokens: 30 } });
    expect(world.account.reserve(world.caller, askFor({ tokens: 71 }))).toMatchObject({ type: 'refused' });
    world.pass(10 * secondMs);
    expect(world.entries).toMatchObject([{ end: null }]);
    world.full = false;
    world.pass(secondMs);
    world.lose();
    expect(world.store.entry(run)?.end).toMatchObject({ status: 'completed', used: { tokens: 30 } });
    expect(world.account.usage(...always)).toMatchObject({
      rows: [{ input_tokens: 20, calls: 1 }],
      days: [{ runs: 1 }],
    });
    world.start({ tokens: 70 });
  });

  test('a run whose beginning throws is not admitted: limits stand as before, and its keys are free', () => {
    const world = new AccountWorld({
      requests_per_minute: 1,
      concurrent_runs: 1,
      tokens_per_minute: 100,
      daily_usd: 1,
    });
    const asked = {
      tokens: 100,
      usd: 1,
      stored: true,
      singleFlightKey: 'same',
      idempotency: { key: 'one', bodyHash: 'body' },
    };
    const failed = askFor(asked);
    const broken = new Error('It could not be stored.');
    const begin = () => {
      throw broken;
    };
    expect(() => world.account.reserve(world.caller, failed, true, begin)).toThrow(broken);
    expect(world.entries).toEqual([]);
    expect(world.account.stored(null, 10).runs).toEqual([]);
    expect(world.account.nextDue()).toBe(Number.POSITIVE_INFINITY);
    expect(world.alarmAt).toBeUndefined();
    world.lose();
    const { run } = world.start(asked);
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run });
    world.settle(settlementOf(failed.run));
    expect(world.events).toEqual(['lease.unknown']);
  });

  test('what a run begins with is stored with its lease, once, and only where it is admitted', () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const begun: boolean[] = [];
    const asked = { singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } };
    const ask = askFor(asked);
    const begin = () => begun.push(world.store.entry(ask.run) !== undefined);
    for (const again of [ask, ask, askFor(asked), askFor({ singleFlightKey: 'same' }), askFor()]) {
      world.account.reserve(world.caller, again, true, begin);
    }
    expect(begun).toEqual([true]);
  });

  test('a clock that steps back neither admits more nor writes a lease of an earlier time', () => {
    const world = new AccountWorld({ requests_per_minute: 1 });
    world.settle(settlementOf(world.start().run));
    world.now -= 24 * hourMs;
    expect(world.account.reserve(world.caller, askFor())).toMatchObject({ refusal: { limit: 'requests_per_minute' } });
    world.lose();
    expect(world.account.reserve(world.caller, askFor())).toMatchObject({ refusal: { retryAfterMs: 60_000 } });
    world.now = noon + 60 * secondMs;
    world.start();
    expect(world.entries.map(({ lease }) => lease.admittedAt)).toEqual([noon, noon + 60 * secondMs]);
  });
});

describe('after a loss', () => {
  test('limits stand as they stood', () => {
    const world = new AccountWorld({ tokens_per_minute: 1_000, concurrent_runs: 3, daily_usd: 1 });
    const first = world.start({ tokens: 400, usd: 0.25 });
    world.start({ tokens: 300, usd: 0.25 });
    world.now += 10 * secondMs;
    world.settle(settlementOf(first.run, { input_tokens: 150, output_tokens: 50, cost_usd: 0.125 }));
    const before = world.account.reserve(world.caller, askFor({ tokens: 501 }));
    expect(before).toMatchObject({ type: 'refused', refusal: { limit: 'tokens_per_minute', remaining: 500 } });
    world.lose();
    expect({ ...world.account.reserve(world.caller, askFor({ tokens: 501 })) }).toEqual(before);
  });

  test('a run that was admitted is settled, joined and replayed as if nothing had been', () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const asked = { singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } };
    const { run } = world.start(asked);
    world.lose();
    expect(world.account.reserve(world.caller, askFor({ singleFlightKey: 'same' }))).toMatchObject({
      type: 'joined',
      run,
    });
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run });
    world.settle(settlementOf(run));
    world.lose();
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run });
    world.start({ singleFlightKey: 'same' });
  });

  test('a run that was open is open still: it holds what it held until it is settled, and is then counted once', () => {
    const world = new AccountWorld({ concurrent_runs: 1, tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 100, lastsMs: 10 * secondMs });
    world.lose();
    world.now += hourMs;
    expect(world.account.reserve(world.caller, askFor({ tokens: 1 }))).toMatchObject({
      refusal: { limit: 'tokens_per_minute', remaining: 0 },
    });
    for (let times = 0; times < 3; times++) {
      world.settle(settlementOf(run));
      world.lose();
    }
    expect(world.account.usage(...always)).toMatchObject({
      rows: [{ input_tokens: 20, calls: 1 }],
      days: [{ runs: 1 }],
    });
    world.start({ tokens: 70 });
  });

  test('what was not committed is as if it had not been: neither the admission nor the key is left, and a settling is done again', () => {
    const world = new AccountWorld({ concurrent_runs: 2, tokens_per_minute: 200 });
    const { run } = world.start({ tokens: 100 });
    const asked = { tokens: 100, idempotency: { key: 'one', bodyHash: 'body' } };
    world.commitsNothing = true;
    const lost = world.start(asked);
    world.settle(settlementOf(run));
    world.lose();
    expect(world.entries).toMatchObject([{ lease: { run }, end: null }]);
    expect(world.account.usage(...always).days).toEqual([]);
    const again = world.start(asked);
    expect(again.run).not.toBe(lost.run);
    world.settle(settlementOf(run));
    expect(world.account.usage(...always).days).toMatchObject([{ runs: 1 }]);
  });
});

describe('who asks the same again', () => {
  test('an idempotency key stands for a day from the admission', () => {
    const world = new AccountWorld();
    const asked = { idempotency: { key: 'one', bodyHash: 'body' } };
    const first = world.start(asked);
    world.now += 24 * hourMs - 1;
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run: first.run });
    world.now += 1;
    const second = world.start(asked);
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run: second.run });
  });

  test('an idempotency key is free with the settling of a run that failed for a reason that passes, and of no other', () => {
    const world = new AccountWorld();
    const asked = { singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } };
    const { run } = world.start(asked);
    const joining = askFor({ singleFlightKey: 'same', idempotency: { key: 'two', bodyHash: 'body' } });
    expect(world.account.reserve(world.caller, joining)).toMatchObject({ type: 'joined', run });
    world.settle(settlementOf(run, {}, { status: 'failed', retryable: true }));
    for (const key of ['one', 'two']) expect(world.store.keyed(key, 0)).toBeUndefined();
    world.lose();
    const next = world.start(asked);
    world.settle(settlementOf(next.run, {}, { status: 'failed' }));
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run: next.run });
  });

  test('a deleted run that still goes on is joined by nobody, and the one that follows it is joined in its place', () => {
    const world = new AccountWorld();
    const deleted = world.start({ singleFlightKey: 'same' });
    world.account.forget(deleted.run);
    const { run } = world.start({ singleFlightKey: 'same' });
    world.settle(settlementOf(deleted.run));
    expect(world.account.reserve(world.caller, askFor({ singleFlightKey: 'same' }))).toMatchObject({
      type: 'joined',
      run,
    });
  });

  test('a hundred identical requests make one run', () => {
    const world = new AccountWorld({ requests_per_minute: 1, concurrent_runs: 1 });
    const { run } = world.start({ singleFlightKey: 'same' });
    for (let count = 1; count < 100; count++) {
      expect(world.account.reserve(world.caller, askFor({ singleFlightKey: 'same' }))).toMatchObject({
        type: 'joined',
        run,
      });
    }
    expect(world.entries).toHaveLength(1);
  });
});

describe('the ledger', () => {
  test('it holds every pass of every run, charged or not', () => {
    const world = new AccountWorld();
    const { run } = world.start();
    const passes = [
      passOf({ charged: false, finish_reason: 'interrupted' }),
      passOf({ attempt: 2 }),
      passOf({ id: 'critique-r1', role: 'critique', model: 'large-2' }),
    ];
    world.settle({ ...settlementOf(run), passes });
    const end = world.store.entry(run)?.end;
    expect(end?.used).toEqual({ tokens: 60, nanodollars: 24_000 });
    expect(end?.passes).toEqual(
      passes.map(({ round: _, neurons: _neurons, ttft_ms, latency_ms, truncated, ...pass }) => pass),
    );
  });

  test('usage is the sum over the runs, to the token and the nanodollar, however it is summed', () => {
    const pass: fc.Arbitrary<PassUsage> = fc
      .record({
        model: fc.constantFrom('small', 'large', 'large-2'),
        charged: fc.boolean(),
        input_tokens: fc.nat(100_000),
        output_tokens: fc.nat(10_000),
        cost_usd: fc.double({ min: 0, max: 0.5, noNaN: true }),
      })
      .map(passOf);
    const run = fc.record({
      passes: fc.array(pass, { maxLength: 6 }),
      decision: fc.constantFrom<(Decision | null)[]>(null, 'voted', 'budget'),
      hours: fc.nat(30),
    });
    holds(
      fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
        const world = new AccountWorld({ daily_usd: 1e6, tokens_per_minute: 1e9 });
        for (const { passes, decision, hours } of runs) {
          const ask = world.start({ tokens: 1_000_000, usd: 5 });
          world.now += hours * hourMs;
          world.settle({ run: ask.run, status: 'completed', decision, passes, retryable: false });
        }
        const { rows, days } = world.account.usage(...always);
        const ends = world.entries.flatMap(({ end }) => end ?? []);
        const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
        const nanodollars = (usd: number): number => Math.round(usd * 1e9);
        expect(sumOf(rows.map((row) => row.input_tokens + row.output_tokens))).toBe(
          sumOf(ends.map(({ used }) => used.tokens)),
        );
        expect(sumOf(rows.map((row) => nanodollars(row.cost_usd)))).toBe(
          sumOf(ends.map(({ used }) => used.nanodollars)),
        );
        expect(sumOf(rows.map((row) => row.calls))).toBe(sumOf(runs.map(({ passes }) => passes.length)));
        expect(sumOf(days.map((day) => day.runs))).toBe(runs.length);
        for (const { model, decision } of rows) {
          const charged = runs
            .filter((each) => each.decision === decision)
            .flatMap(({ passes }) => passes.filter((each) => each.model === model && each.charged));
          const summed = rows.filter((row) => row.model === model && row.decision === decision);
          expect(sumOf(summed.map((row) => row.input_tokens))).toBe(sumOf(charged.map((each) => each.input_tokens)));
          expect(sumOf(summed.map((row) => row.output_tokens))).toBe(sumOf(charged.map((each) => each.output_tokens)));
        }
      }),
    );
  });

  test('a run is used on the day on which it was admitted', () => {
    const world = new AccountWorld();
    world.now = Date.UTC(2026, 10, 24) - 1;
    const { run } = world.start();
    world.now += 1;
    world.settle(settlementOf(run));
    expect(world.account.usage('2026-11-23', '2026-11-23')).toMatchObject({
      rows: [{ calls: 1 }],
      days: [{ runs: 1 }],
    });
    expect(world.account.usage('2026-11-24', '2026-11-24')).toEqual({ rows: [], days: [] });
  });

  test('hits that storage refuses are kept, told in the log, and written later', () => {
    const world = new AccountWorld();
    world.full = true;
    world.account.countHits(1);
    world.pass(5 * secondMs);
    expect(world.events).toEqual(['hits.unwritten']);
    world.full = false;
    world.pass(5 * secondMs);
    expect(world.store.usage(...always).days).toMatchObject([{ cache_hits: 1 }]);
  });

  test('hits are written together a little later, and are never missing from usage', () => {
    const world = new AccountWorld();
    for (let count = 0; count < 3; count++) world.account.countHits(1);
    expect(world.waiting).toBe(1);
    expect(world.store.usage(...always).days).toEqual([]);
    expect(world.account.usage(...always).days).toEqual([{ day: '2026-11-23', runs: 0, cache_hits: 3 }]);
    world.pass(5 * secondMs);
    world.account.countHits(1);
    world.pass(5 * secondMs);
    expect(world.store.usage(...always).days).toEqual([{ day: '2026-11-23', runs: 0, cache_hits: 4 }]);
  });
});
