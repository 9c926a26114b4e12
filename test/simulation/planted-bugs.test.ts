/** Bugs planted where they would hurt: each must be seen by the simulation, and by the invariant that it breaks. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reflection } from '../../src/reflection/record.ts';

const modules = {
  limits: () => vi.importActual<typeof import('../../src/accounts/limits.ts')>('../../src/accounts/limits.ts'),
  cacheKey: () => vi.importActual<typeof import('../../src/cache/cache-key.ts')>('../../src/cache/cache-key.ts'),
  cacheable: () => vi.importActual<typeof import('../../src/cache/cacheable.ts')>('../../src/cache/cacheable.ts'),
  replayedModel: () =>
    vi.importActual<typeof import('../../src/runs/replayed-model.ts')>('../../src/runs/replayed-model.ts'),
  eventLog: () => vi.importActual<typeof import('../../src/runs/event-log.ts')>('../../src/runs/event-log.ts'),
};

interface PlantedBug {
  readonly name: string;
  readonly breaks: string;
  readonly plant: () => void;
}

const mostSeeds = 400;

const bugs: readonly PlantedBug[] = [
  {
    name: 'limits: a settled run gives back twice what it held',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/limits.ts', async () => {
        const actual = await modules.limits();
        class Limiter extends actual.Limiter {
          override settle(...[lease, used]: Parameters<InstanceType<typeof actual.Limiter>['settle']>): void {
            const { tokens, nanodollars } = lease.reserved;
            super.settle({ ...lease, reserved: { tokens: 2 * tokens, nanodollars: 2 * nanodollars } }, used);
          }
        }
        return { ...actual, Limiter };
      }),
  },
  {
    name: 'limits: what was checked is written down a moment later',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/limits.ts', async () => {
        const actual = await modules.limits();
        type Lease = Parameters<InstanceType<typeof actual.Limiter>['admit']>[0];
        class Limiter extends actual.Limiter {
          readonly #late: Lease[] = [];
          override admit(lease: Lease): void {
            this.#late.push(lease);
          }
          override advance(now: number): number {
            const at = super.advance(now);
            while (this.#late[0] && this.#late[0].admittedAt < at - 5) {
              const lease = this.#late.shift();
              if (lease) super.admit(lease);
            }
            return at;
          }
        }
        return { ...actual, Limiter };
      }),
  },
  {
    name: 'limits: what is reserved is forgotten in a loss',
    breaks: 'every lease ends',
    plant: () =>
      vi.doMock('../../src/accounts/limits.ts', async () => {
        const actual = await modules.limits();
        class Limiter extends actual.Limiter {
          constructor(past: typeof actual.noPast = actual.noPast) {
            super({ ...past, open: [] });
          }
        }
        return { ...actual, Limiter };
      }),
  },
  {
    name: 'cache: the key leaves out whose answers these are',
    breaks: 'nothing crosses accounts',
    plant: () =>
      vi.doMock('../../src/cache/cache-key.ts', async () => {
        const actual = await modules.cacheKey();
        const cacheKeyOf: typeof actual.cacheKeyOf = (_, request, roster) =>
          actual.cacheKeyOf('everybody', request, roster);
        return { ...actual, cacheKeyOf };
      }),
  },
  {
    name: 'cache: whatever completed is kept',
    breaks: 'only a whole answer is kept',
    plant: () =>
      vi.doMock('../../src/cache/cacheable.ts', async () => {
        const actual = await modules.cacheable();
        return { ...actual, mayBeCached: ({ status }: Reflection) => status === 'completed' };
      }),
  },
  {
    name: 'resume: finished passes are asked for again',
    breaks: 'a finished pass is never asked for again',
    plant: () =>
      vi.doMock('../../src/runs/replayed-model.ts', async () => {
        const actual = await modules.replayedModel();
        const replayedModel: typeof actual.replayedModel = (passes, live, clock) =>
          actual.replayedModel(new Map([...passes].filter(([, pass]) => pass.ending === null)), live, clock);
        return { ...actual, replayedModel };
      }),
  },
  {
    name: 'resume: an interrupted attempt is charged, and so is the next',
    breaks: 'no pass is charged twice',
    plant: () =>
      vi.doMock('../../src/runs/event-log.ts', async () => {
        const actual = await modules.eventLog();
        type Added = Parameters<InstanceType<typeof actual.EventLog>['add']>[0];
        class EventLog extends actual.EventLog {
          override add(event: Added): void {
            const isInterrupted = event.type === 'pass.retried' && event.code === 'interrupted';
            super.add(isInterrupted ? { ...event, usage: { ...event.usage, charged: true } } : event);
          }
        }
        return { ...actual, EventLog };
      }),
  },
];

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.doUnmock('../../src/accounts/limits.ts');
  vi.doUnmock('../../src/cache/cache-key.ts');
  vi.doUnmock('../../src/cache/cacheable.ts');
  vi.doUnmock('../../src/runs/replayed-model.ts');
  vi.doUnmock('../../src/runs/event-log.ts');
});

/** The first seed in whose world this breaks. */
async function firstBroken(invariant: string): Promise<number | undefined> {
  const { installInstantCrypto } = await import('./instant-crypto.ts');
  const { liveThrough } = await import('./world.ts');
  installInstantCrypto();
  for (let seed = 1; seed <= mostSeeds; seed += 1) {
    const { breaches } = await liveThrough(seed);
    if (breaches.some((breach) => breach.invariant === invariant)) return seed;
  }
  return undefined;
}

test.each(bugs)('is seen: $name', { timeout: 120_000 }, async ({ plant, breaks }) => {
  plant();
  expect(await firstBroken(breaks)).toBeTypeOf('number');
});
