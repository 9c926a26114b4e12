/** How runs are admitted before they are stored, and what a loss costs then. */
import { describe, expect, test } from 'vitest';
import { defaultLimits, type Limits } from '../../src/accounts/accounts.ts';
import { Escrow, type EscrowSize, noEscrow } from '../../src/accounts/escrow.ts';
import { EscrowLifecycle } from '../../src/accounts/escrow-lifecycle.ts';
import { askFor, settlementOf } from '../support/leases.ts';
import { AccountWorld, dayMs, noon, secondMs } from './account-world.ts';

const wide: Limits = {
  ...defaultLimits,
  requests_per_minute: 1_600,
  tokens_per_minute: 160_000,
  concurrent_runs: 10_000,
  daily_usd: 64,
};
const plenty: EscrowSize = { requests: 1e9, tokens: 1e9, nanodollars: 1e15 };
const run = { tokens: 100, nanodollars: 1_000_000 };
/** As long as a run may wait for its row. */
const lateMs = 200;
/** As long as an escrow stays open that nobody uses. */
const restMs = 2_000;

/** Admits up to so many runs that are not stored first; how many were. */
function startLate(world: AccountWorld, most: number, asked: Parameters<AccountWorld['startLate']>[0] = {}): number {
  let admitted = 0;
  for (let count = 0; count < most; count++) if (world.reserveLate(asked).type === 'started') admitted += 1;
  return admitted;
}

describe('the size of an escrow', () => {
  test('is nothing until it is opened, at a sixteenth of each limit, money at a 64th', () => {
    const escrow = new Escrow();
    expect(escrow.isOpen).toBe(false);
    expect(escrow.covers(run)).toBe(false);
    expect(escrow.grownFor(run, wide, plenty)).toEqual({
      requests: 100,
      tokens: 10_000,
      nanodollars: 1_000_000_000,
    });
  });

  test('doubles with the load up to a quarter of each limit, and its money does not', () => {
    const escrow = new Escrow();
    const sizes = Array.from({ length: 4 }, () => {
      const size = escrow.grownFor(run, wide, plenty);
      escrow.resize(size);
      return size;
    });
    expect(sizes.map(({ requests }) => requests)).toEqual([100, 200, 400, 400]);
    expect(sizes.map(({ tokens }) => tokens)).toEqual([10_000, 20_000, 40_000, 40_000]);
    expect(sizes.map(({ nanodollars }) => nanodollars)).toEqual(Array.from({ length: 4 }, () => 1_000_000_000));
  });

  test('is no larger than what the limits have left', () => {
    const left = { requests: 7, tokens: 800, nanodollars: 9_000_000 };
    expect(new Escrow().grownFor(run, wide, left)).toEqual(left);
  });

  test('is always enough for one run, however small the limits', () => {
    const small = { ...wide, requests_per_minute: 1, tokens_per_minute: 100, daily_usd: 0.001 };
    const left = { requests: 1, tokens: 100, nanodollars: 1_000_000 };
    expect(new Escrow().grownFor(run, small, left)).toEqual({ requests: 1, ...run });
  });

  test('covers runs until all of them together are more in any amount, and again when they have rows', () => {
    for (const size of [
      { requests: 2, tokens: 1_000, nanodollars: 10_000_000 },
      { requests: 10, tokens: 250, nanodollars: 10_000_000 },
      { requests: 10, tokens: 1_000, nanodollars: 2_999_999 },
    ]) {
      const escrow = new Escrow();
      escrow.resize(size);
      for (const id of ['one', 'two']) {
        expect(escrow.covers(run)).toBe(true);
        escrow.admit(id, run);
      }
      expect(escrow.covers(run)).toBe(false);
      expect(escrow.isUnused).toBe(false);
      escrow.written('one');
      expect(escrow.covers(run)).toBe(true);
      escrow.written('two');
      expect(escrow.isUnused).toBe(true);
    }
  });
});

describe('a run that is admitted within an escrow', () => {
  test('stores nothing before it is told, and is stored with others 200 ms later', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    expect(world.storedEscrow.requests).toBe(100);
    const { writes } = world;
    startLate(world, 50);
    expect(world.writes).toBe(writes);
    expect(world.entries).toEqual([]);
    world.pass(lateMs - 1);
    expect(world.writes).toBe(writes);
    world.pass(1);
    expect(world.entries).toHaveLength(51);
    expect(world.writes).toBe(writes + 1);
  });

  test('and is over before it is stored takes one write with its end', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    const { writes } = world;
    const { run } = world.startLate();
    world.account.settle(settlementOf(run));
    world.pass(lateMs);
    expect(world.writes).toBe(writes + 1);
    world.lose();
    expect(world.store.entry(run)?.end).toMatchObject({ status: 'completed', used: { tokens: 30 } });
  });

  test('makes one write and a larger escrow where it does not fit in', () => {
    const world = new AccountWorld(wide);
    startLate(world, 100);
    const { writes } = world;
    expect(world.storedEscrow.requests).toBe(100);
    world.startLate();
    expect(world.writes).toBe(writes + 1);
    expect(world.storedEscrow.requests).toBe(200);
    startLate(world, 99);
    expect(world.writes).toBe(writes + 1);
  });

  test('stands the same for whoever asks at once: the limits count it', () => {
    const world = new AccountWorld({ ...wide, requests_per_minute: 50 });
    expect(startLate(world, 200)).toBe(50);
    world.pass(lateMs);
    expect(world.entries).toHaveLength(50);
  });

  test('is stored at once where it is joined under a caller’s key', () => {
    const world = new AccountWorld(wide);
    const { run } = world.startLate({ singleFlightKey: 'same' });
    const asked = { singleFlightKey: 'same', idempotency: { key: 'one', bodyHash: 'body' } };
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'joined', run });
    world.lose();
    expect(world.account.reserve(world.caller, askFor(asked))).toMatchObject({ type: 'replayed', run });
  });

  test('never takes the escrow beyond its caps: what is more at once is stored', () => {
    const world = new AccountWorld(wide);
    startLate(world, 1_000, { tokens: 1, usd: 0.000_001 });
    expect(world.storedEscrow.requests).toBeLessThanOrEqual(400);
    const dear = new AccountWorld(wide);
    startLate(dear, 60, { tokens: 1, usd: 0.6 });
    expect(dear.storedEscrow.nanodollars).toBeLessThanOrEqual(1_000_000_000);
    for (const each of [world, dear]) each.lose();
    expect(world.reserveLate({ tokens: 1 })).toMatchObject({ type: 'started' });
    expect(dear.reserveLate({ tokens: 1, usd: 25 })).toMatchObject({ type: 'started' });
  });

  test('that is larger than the caps is stored before its model is asked, and opens no escrow', () => {
    const world = new AccountWorld(wide);
    world.startLate({ tokens: 100_000, usd: 10 });
    expect(world.entries).toHaveLength(1);
    expect(world.storedEscrow).toEqual(noEscrow);
  });

  test('leaves an escrow that is no larger than what the limits have left', () => {
    const world = new AccountWorld({ ...wide, requests_per_minute: 160 });
    for (let count = 0; count < 157; count++) world.start({ tokens: 1 });
    world.startLate({ tokens: 1 });
    expect(world.storedEscrow.requests).toBe(3);
  });
});

describe('an escrow that nobody uses', () => {
  test('is closed after two seconds, and a loss costs nothing then', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    world.pass(restMs - 1);
    expect(world.storedEscrow.requests).toBe(100);
    world.pass(1);
    expect(world.storedEscrow).toEqual(noEscrow);
    world.lose();
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_599);
  });

  test('stays open as long as runs come, and is closed two seconds after the last', () => {
    const world = new AccountWorld(wide);
    for (let second = 0; second < 10; second++) {
      world.startLate();
      world.pass(secondMs);
      expect(world.storedEscrow.requests).toBe(100);
    }
    world.pass(secondMs);
    expect(world.storedEscrow).toEqual(noEscrow);
    expect(world.waiting).toBe(0);
    world.startLate();
    expect(world.storedEscrow.requests).toBe(100);
  });

  test('is closed two seconds after the clock has stepped back', () => {
    const world = { now: noon, saved: noEscrow, timers: [] as (() => void)[] };
    const store = {
      flush: () => {},
      flushAll: () => {},
      saveEscrow: (size: EscrowSize) => {
        world.saved = size;
      },
    };
    const after = (_: number, work: () => void) => world.timers.push(work);
    const escrow = new EscrowLifecycle(store, { now: () => world.now, log: () => {}, after });
    escrow.cover('refl_1', run, wide, () => plenty);
    escrow.written('refl_1');
    world.now -= 3_600_000;
    world.timers.shift()?.();
    world.now += restMs;
    world.timers.shift()?.();
    expect(world.saved).toEqual(noEscrow);
    expect(world.timers).toEqual([]);
  });

  test('is closed also after a run that got its row while the escrow grew for it', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    let now = world.now;
    // The thread is so busy that each look at the clock finds it 60 ms later.
    Object.defineProperty(world, 'now', { configurable: true, get: () => (now += 60) });
    world.startLate({ tokens: 20_000 });
    Object.defineProperty(world, 'now', { value: now, writable: true });
    expect(world.entries).toHaveLength(2);
    world.pass(10 * secondMs);
    expect(world.storedEscrow).toEqual(noEscrow);
    expect(world.waiting).toBe(0);
  });

  test('stays open as long as a run that it covers has no row', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    world.full = true;
    world.pass(10 * secondMs);
    world.full = false;
    expect(world.storedEscrow.requests).toBe(100);
    world.pass(10 * secondMs);
    expect(world.entries).toHaveLength(1);
    expect(world.storedEscrow).toEqual(noEscrow);
  });
});

describe('a loss with an open escrow', () => {
  test('counts everything that was admitted and not stored: no limit is passed', () => {
    for (const [limits, asked] of [
      [{ requests_per_minute: 50 }, { tokens: 1 }],
      [{ tokens_per_minute: 5_000 }, { tokens: 100 }],
      [{ daily_usd: 0.5 }, { tokens: 1, usd: 0.01 }],
    ] as const) {
      for (let before = 1; before <= 50; before += 7) {
        const world = new AccountWorld({ ...wide, ...limits });
        const admitted = startLate(world, before, asked);
        world.lose();
        expect(admitted + startLate(world, 100, asked)).toBeLessThanOrEqual(50);
      }
    }
  });

  test('refuses no more than its size for a minute, and nothing after it', () => {
    const world = new AccountWorld(wide);
    world.startLate({ tokens: 1, usd: 0 });
    world.lose();
    // A hundred of 1600 requests are lost, one of which was.
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_500);
    world.pass(60 * secondMs - 1);
    expect(world.reserveLate({ tokens: 1, usd: 0 })).toMatchObject({ refusal: { limit: 'requests_per_minute' } });
    world.pass(1);
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_600);
  });

  test('takes tokens for a minute and money for the day, a sixteenth and a 64th of them', () => {
    const world = new AccountWorld(wide);
    world.startLate({ tokens: 1, usd: 0.000_001 });
    world.lose();
    expect(world.reserveLate({ tokens: 150_001 })).toMatchObject({
      refusal: { limit: 'tokens_per_minute', remaining: 150_000 },
    });
    expect(world.reserveLate({ tokens: 1, usd: 63.1 })).toMatchObject({
      refusal: { limit: 'daily_usd', remaining: 63 },
    });
    world.pass(60 * secondMs);
    world.settle(settlementOf(world.start({ tokens: 160_000 }).run, { cost_usd: 0 }));
    expect(world.reserveLate({ tokens: 1, usd: 63.1 })).toMatchObject({ refusal: { remaining: 63 } });
    world.now = noon + dayMs;
    expect(world.reserveLate({ tokens: 1, usd: 64 })).toMatchObject({ type: 'started' });
  });

  test('is counted with every loss anew, and each for its own time', () => {
    const world = new AccountWorld(wide);
    for (let losses = 0; losses < 3; losses++) {
      world.startLate({ tokens: 1, usd: 0 });
      world.lose();
      world.pass(20 * secondMs);
    }
    // The first has left with this moment.
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_400);
  });

  test('is counted once, however often the object is lost after it', () => {
    const world = new AccountWorld(wide);
    world.startLate({ tokens: 1, usd: 0 });
    for (let losses = 0; losses < 5; losses++) world.lose();
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_500);
  });

  test('is counted again where its counting was lost', () => {
    const world = new AccountWorld(wide);
    world.startLate({ tokens: 1, usd: 0 });
    world.commitsNothing = true;
    world.lose();
    world.lose();
    expect(startLate(world, 2_000, { tokens: 1, usd: 0 })).toBe(1_500);
  });

  test('costs as long where the clock steps back with it', () => {
    const world = new AccountWorld({ ...wide, requests_per_minute: 2 });
    world.start({ tokens: 1 });
    world.startLate({ tokens: 1 });
    world.now -= 30 * secondMs;
    world.lose();
    world.now = noon + 59 * secondMs;
    expect(world.reserveLate({ tokens: 1 })).toMatchObject({ type: 'refused' });
  });
});

describe('storage that refuses', () => {
  test('the row of the escrow admits nothing, and leaves no escrow behind', () => {
    const world = new AccountWorld({ ...wide, concurrent_runs: 1 });
    world.full = true;
    expect(() => world.startLate()).toThrow('full');
    world.full = false;
    world.pass(10 * secondMs);
    expect(world.entries).toEqual([]);
    expect(world.storedEscrow).toEqual(noEscrow);
    world.startLate();
  });

  test('a larger escrow leaves the one that is stored, and admits within it still', () => {
    const world = new AccountWorld(wide);
    startLate(world, 99);
    world.full = true;
    expect(() => world.startLate({ tokens: 50_000 })).toThrow('full');
    world.startLate();
    world.full = false;
    world.pass(secondMs);
    expect(world.entries).toHaveLength(100);
    expect(world.storedEscrow.requests).toBe(100);
    world.pass(10 * secondMs);
    expect(world.storedEscrow).toEqual(noEscrow);
  });

  test('its closing is asked again, and told', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    world.pass(lateMs);
    world.full = true;
    world.pass(restMs);
    expect(world.events).toEqual(['escrow.unclosed']);
    world.full = false;
    expect(world.storedEscrow.requests).toBe(100);
    world.pass(restMs);
    expect(world.storedEscrow).toEqual(noEscrow);
  });

  test('its closing leaves it open for all that is admitted within it until it is closed', () => {
    const world = new AccountWorld({ ...wide, requests_per_minute: 2 });
    world.startLate({ tokens: 1 });
    world.pass(lateMs);
    world.full = true;
    world.pass(restMs);
    world.full = false;
    // Whatever is stored next must not close it.
    world.account.forget('refl_other');
    world.pass(lateMs);
    world.startLate({ tokens: 1 });
    world.lose();
    expect(world.reserveLate({ tokens: 1 })).toMatchObject({ type: 'refused' });
  });
});

describe('around midnight', () => {
  test('a run of the new day that was stored before one of the old day holds money of the new day after a loss', () => {
    const world = new AccountWorld({ ...wide, daily_usd: 1 });
    const midnight = Math.ceil(noon / dayMs) * dayMs;
    world.pass(midnight - 40 - world.now);
    world.startLate({ usd: 0.001 });
    world.pass(90);
    const { run: ofNewDay } = world.start({ usd: 0.9 });
    world.pass(restMs + lateMs);
    expect(world.storedEscrow).toEqual(noEscrow);
    world.lose();
    expect(world.reserveLate({ usd: 0.2 }).type).toBe('refused');
    world.settle(settlementOf(ofNewDay, { cost_usd: 0.9 }));
    expect(world.reserveLate({ usd: 0.2 }).type).toBe('refused');
  });
});

describe('limits that are lowered', () => {
  test('shrink the escrow with the next run', () => {
    const world = new AccountWorld(wide);
    world.startLate();
    expect(world.storedEscrow.nanodollars).toBe(1_000_000_000);
    world.pass(lateMs);
    const [keyId] = [world.caller.key];
    world.keyring.change(keyId, { limits: { ...wide, daily_usd: 0.64 } });
    world.startLate();
    expect(world.storedEscrow.nanodollars).toBe(10_000_000);
  });
});
