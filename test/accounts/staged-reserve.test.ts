/** What an open run has set aside beyond its draft: within the limits, stored, and told once. */
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import { admit } from '../../src/reflection/admission.ts';
import { askFor, settlementOf } from '../support/leases.ts';
import { largeRoster, request } from '../support/reflections.ts';
import { AccountWorld, secondMs } from './account-world.ts';

const midnight = Date.UTC(2026, 10, 24);

describe('an open run', () => {
  test('is given more as long as the limit has it, and is told which limit has not', () => {
    const world = new AccountWorld({ tokens_per_minute: 100, daily_usd: 0.01 });
    const { run } = world.start({ tokens: 40, usd: 0.001 });
    expect(world.account.topUp(run, { tokens: 100, usd: 0.001 })).toBeNull();
    expect(world.account.topUp(run, { tokens: 101, usd: 0.001 })).toBe('tokens_per_minute');
    expect(world.account.topUp(run, { tokens: 100, usd: 0.010_1 })).toBe('daily_usd');
    expect(world.account.topUp(run, { tokens: 100, usd: 0.01 })).toBeNull();
  });

  test('takes from others what it is given, and gives it back at its end', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.account.topUp(run, { tokens: 70, usd: 0 });
    expect(world.account.reserve(world.caller, askFor({ tokens: 31 }))).toMatchObject({ type: 'refused' });
    world.settle(settlementOf(run, { input_tokens: 20, output_tokens: 30 }));
    world.start({ tokens: 50 });
  });

  test('is held against what others used in the last minute', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    world.settle(settlementOf(world.start().run, { input_tokens: 20, output_tokens: 30 }));
    const { run } = world.start({ tokens: 40 });
    expect(world.account.topUp(run, { tokens: 51, usd: 0 })).toBe('tokens_per_minute');
    expect(world.account.topUp(run, { tokens: 50, usd: 0 })).toBeNull();
    world.pass(60 * secondMs);
    expect(world.account.topUp(run, { tokens: 100, usd: 0 })).toBeNull();
  });

  test('that was refused more holds what it held', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    expect(world.account.topUp(run, { tokens: 101, usd: 0 })).toBe('tokens_per_minute');
    world.start({ tokens: 60 });
  });

  test('keeps what is set aside when it asks for less, or for the same again', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.account.topUp(run, { tokens: 70, usd: 0 });
    world.start({ tokens: 30 });
    expect(world.account.topUp(run, { tokens: 70, usd: 0 })).toBeNull();
    expect(world.account.topUp(run, { tokens: 10, usd: 0 })).toBeNull();
    expect(world.account.reserve(world.caller, askFor({ tokens: 1 }))).toMatchObject({ type: 'refused' });
  });

  test('is held against the limits of now', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.keyring.change(world.caller.key, { limits: { tokens_per_minute: 50 } });
    expect(world.account.topUp(run, { tokens: 51, usd: 0 })).toBe('tokens_per_minute');
    expect(world.account.topUp(run, { tokens: 50, usd: 0 })).toBeNull();
  });

  test('counts no second request and no second run', () => {
    const world = new AccountWorld({ requests_per_minute: 1, concurrent_runs: 1 });
    const { run } = world.start({ tokens: 40 });
    expect(world.account.topUp(run, { tokens: 80, usd: 0 })).toBeNull();
  });

  test('may go on when its key was revoked meanwhile', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.keyring.revoke(world.caller.key);
    expect(world.account.topUp(run, { tokens: 80, usd: 0 })).toBeNull();
  });

  test('that has ended needs nothing any more', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.settle(settlementOf(run));
    expect(world.account.topUp(run, { tokens: 1_000, usd: 0 })).toBeNull();
    world.start({ tokens: 70 });
  });
});

describe('after a loss', () => {
  test('an open run holds what was stored with its last pass', () => {
    const world = new AccountWorld({ tokens_per_minute: 100 });
    const { run } = world.start({ tokens: 40 });
    world.account.topUp(run, { tokens: 70, usd: 0 });
    world.store.flush(run);
    world.account.topUp(run, { tokens: 90, usd: 0 });
    world.lose();
    expect(world.entries).toMatchObject([{ lease: { reserved: { tokens: 70 } } }]);
    expect(world.account.reserve(world.caller, askFor({ tokens: 31 }))).toMatchObject({ type: 'refused' });
    expect(world.account.topUp(run, { tokens: 101, usd: 0 })).toBe('tokens_per_minute');
    expect(world.account.topUp(run, { tokens: 100, usd: 0 })).toBeNull();
  });

  test('a run that was stored late and given more is one row, with all that it holds', () => {
    const world = new AccountWorld({ tokens_per_minute: 10_000 });
    const { run } = world.startLate({ tokens: 40 });
    world.account.topUp(run, { tokens: 70, usd: 0.002 });
    world.store.flush(run);
    world.lose();
    expect(world.entries).toMatchObject([{ lease: { run, reserved: { tokens: 70, nanodollars: 2_000_000 } } }]);
  });
});

describe('money', () => {
  test('counts on the day on which the run was admitted, also after midnight', () => {
    const world = new AccountWorld({ daily_usd: 0.01 });
    world.now = midnight - 1_000;
    const { run } = world.start({ usd: 0.006 });
    const other = world.start({ usd: 0.002 });
    world.now = midnight + 1_000;
    world.start({ usd: 0.009 });
    expect(world.account.topUp(run, { tokens: 0, usd: 0.008_1 })).toBe('daily_usd');
    expect(world.account.topUp(run, { tokens: 0, usd: 0.008 })).toBeNull();
    world.settle(settlementOf(other.run, { cost_usd: 0.001 }));
    expect(world.account.topUp(run, { tokens: 0, usd: 0.009 })).toBeNull();
    expect(world.account.topUp(run, { tokens: 0, usd: 0.009_1 })).toBe('daily_usd');
    expect(world.account.reserve(world.caller, askFor({ usd: 0.001 }))).toMatchObject({ type: 'started' });
  });

  test('of the day before is known after a loss, with what other runs of that day have used', () => {
    const world = new AccountWorld({ daily_usd: 0.01 });
    world.now = midnight - 2_000;
    const before = world.start({ usd: 0.003 });
    world.settle(settlementOf(before.run, { cost_usd: 0.003 }));
    const { run } = world.start({ usd: 0.002 });
    world.now = midnight + 1_000;
    world.start({ usd: 0.001 });
    world.lose();
    expect(world.account.topUp(run, { tokens: 0, usd: 0.007_1 })).toBe('daily_usd');
    expect(world.account.topUp(run, { tokens: 0, usd: 0.007 })).toBeNull();
  });

  test('of a day before that is known to nobody, so nothing more is given', () => {
    const world = new AccountWorld({ daily_usd: 0.01 });
    const { run } = world.start({ usd: 0.001 });
    world.now += 2 * 86_400 * secondMs;
    expect(world.account.topUp(run, { tokens: 0, usd: 0.002 })).toBe('daily_usd');
  });
});

test('as many requests of the usual kind as may run at once do so within the usual limits', () => {
  const world = new AccountWorld(defaultLimits);
  const reserves = admit(request({ input: 'Why is the sky blue?' }), largeRoster);
  for (let count = 0; count < defaultLimits.concurrent_runs; count += 1) world.start({ reserves });
  const refused = world.account.reserve(world.caller, askFor({ reserves }));
  expect(refused).toMatchObject({ refusal: { limit: 'concurrent_runs' } });
});
