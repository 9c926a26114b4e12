/** People who share an account, and the limit that each of them has within its limits. */
import { describe, expect, test } from 'vitest';
import { askFor, settlementOf } from '../support/leases.ts';
import { AccountWorld, secondMs } from './account-world.ts';

const anna = { id: 'slack:U0001', requestsPerMinute: 2 };
const bert = { id: 'slack:U0002', requestsPerMinute: 2 };

describe('a member', () => {
  test('starts as many runs in any minute as they may, and is told when the next one fits', () => {
    const world = new AccountWorld();
    world.start({ member: anna });
    world.pass(10 * secondMs);
    world.start({ member: anna });
    world.pass(20 * secondMs);
    const refused = world.account.reserve(world.caller, askFor({ member: anna }));
    expect(refused).toEqual({ type: 'member_refused', size: 2, retryAfterMs: 30 * secondMs });
    world.pass(30 * secondMs - 1);
    expect(world.account.reserve(world.caller, askFor({ member: anna }))).toMatchObject({ retryAfterMs: 1 });
    world.pass(1);
    world.start({ member: anna });
  });

  test('takes nothing from another one', () => {
    const world = new AccountWorld();
    for (let count = 0; count < 2; count += 1) world.start({ member: anna });
    for (let count = 0; count < 2; count += 1) world.start({ member: bert });
    expect(world.account.reserve(world.caller, askFor({ member: anna }))).toMatchObject({ type: 'member_refused' });
    world.start();
  });

  test('is held against the account’s limits as well', () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    world.start({ member: bert });
    expect(world.account.reserve(world.caller, askFor({ member: anna }))).toMatchObject({
      type: 'refused',
      refusal: { limit: 'concurrent_runs' },
    });
  });

  test('who was refused by the account has used nothing', () => {
    const world = new AccountWorld({ concurrent_runs: 1 });
    const { run } = world.start({ member: bert });
    for (let count = 0; count < 3; count += 1) world.account.reserve(world.caller, askFor({ member: anna }));
    world.settle(settlementOf(run));
    world.start({ member: anna });
  });

  test('uses nothing by asking again under the same key', () => {
    const world = new AccountWorld();
    const idempotency = { key: 'T0001:C0001:1.1', bodyHash: 'body' };
    const { run } = world.start({ member: anna, idempotency });
    for (let count = 0; count < 4; count += 1) {
      const again = world.account.reserve(world.caller, askFor({ member: anna, idempotency }));
      expect(again).toMatchObject({ type: 'replayed', run });
    }
    world.start({ member: anna });
  });

  test('has used after a loss what they had used before', () => {
    const world = new AccountWorld();
    world.startLate({ member: anna });
    world.pass(10 * secondMs);
    world.start({ member: anna });
    world.lose();
    const refused = world.account.reserve(world.caller, askFor({ member: anna }));
    expect(refused).toEqual({ type: 'member_refused', size: 2, retryAfterMs: 50 * secondMs });
    world.pass(50 * secondMs);
    world.start({ member: anna });
  });

  test('may be one of many: what nobody counts any more is forgotten', () => {
    const world = new AccountWorld();
    for (let number = 0; number < 900; number += 1) {
      world.start({ member: { id: `slack:U${number}`, requestsPerMinute: 1 } });
      world.pass(secondMs);
    }
    expect(
      world.account.reserve(world.caller, askFor({ member: { id: 'slack:U899', requestsPerMinute: 1 } })),
    ).toMatchObject({ type: 'member_refused' });
    world.start({ member: { id: 'slack:U1', requestsPerMinute: 1 } });
  });
});
