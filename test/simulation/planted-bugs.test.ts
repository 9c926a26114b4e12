/** Bugs planted where they would hurt: each must be seen by the simulation, and by the invariant that it breaks. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reflection } from '../../src/reflection/record.ts';
import { isRunId } from '../../src/runs/run-id.ts';

const modules = {
  limits: () =>
    vi.importActual<typeof import('../../src/accounts/rate-limits.ts')>('../../src/accounts/rate-limits.ts'),
  cacheKey: () => vi.importActual<typeof import('../../src/cache/cache-key.ts')>('../../src/cache/cache-key.ts'),
  cacheable: () => vi.importActual<typeof import('../../src/cache/cacheable.ts')>('../../src/cache/cacheable.ts'),
  replayedModel: () =>
    vi.importActual<typeof import('../../src/runs/replay-model.ts')>('../../src/runs/replay-model.ts'),
  ledger: () => vi.importActual<typeof import('../../src/accounts/ledger.ts')>('../../src/accounts/ledger.ts'),
  accountStore: () =>
    vi.importActual<typeof import('../../src/accounts/sqlite-account-store.ts')>(
      '../../src/accounts/sqlite-account-store.ts',
    ),
  storedEscrow: () =>
    vi.importActual<typeof import('../../src/accounts/stored-escrow.ts')>('../../src/accounts/stored-escrow.ts'),
  writeOrder: () => vi.importActual<typeof import('../../src/runs/write-order.ts')>('../../src/runs/write-order.ts'),
  hostedAccount: () => vi.importActual<typeof import('../../src/hosted-account.ts')>('../../src/hosted-account.ts'),
  runStore: () =>
    vi.importActual<typeof import('../../src/runs/sqlite-run-store.ts')>('../../src/runs/sqlite-run-store.ts'),
  objectAlarm: () => vi.importActual<typeof import('../../src/object-alarm.ts')>('../../src/object-alarm.ts'),
  eventLog: () => vi.importActual<typeof import('../../src/runs/event-log.ts')>('../../src/runs/event-log.ts'),
};

interface PlantedBug {
  readonly name: string;
  readonly breaks: string;
  readonly plant: () => void;
}

const mostSeeds = 1_500;

const bugs: readonly PlantedBug[] = [
  {
    name: 'limits: a settled run gives back twice what it held',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/rate-limits.ts', async () => {
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
      vi.doMock('../../src/accounts/rate-limits.ts', async () => {
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
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/rate-limits.ts', async () => {
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
      vi.doMock('../../src/runs/replay-model.ts', async () => {
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
  {
    name: 'settling: the lease ends in a later turn than its run',
    breaks: 'every lease ends',
    plant: () =>
      vi.doMock('../../src/accounts/ledger.ts', async () => {
        const actual = await modules.ledger();
        type Made = ConstructorParameters<typeof actual.Ledger>;
        class Ledger extends actual.Ledger {
          readonly #after: Made[2]['after'];
          constructor(...made: Made) {
            super(...made);
            this.#after = made[2].after;
          }
          override settle(settlement: Parameters<InstanceType<typeof actual.Ledger>['settle']>[0]): void {
            this.#after(0, () => super.settle(settlement));
          }
        }
        return { ...actual, Ledger };
      }),
  },
  {
    name: 'admission: a run that is refused starts all the same',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/hosted-account.ts', async () => {
        const actual = await modules.hostedAccount();
        class HostedAccount extends actual.HostedAccount {
          override async begin(...asked: Parameters<InstanceType<typeof actual.HostedAccount>['begin']>) {
            const [, ask, order] = asked;
            const begun = await super.begin(...asked);
            if ('value' in begun && begun.value.admission.type === 'refused' && isRunId(ask.run)) {
              const run = this.runs.run(ask.run);
              run.create(order);
              run.start();
            }
            return begun;
          }
        }
        return { ...actual, HostedAccount };
      }),
  },
  {
    name: 'escrow: what a lost one may have admitted is forgotten',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/stored-escrow.ts', async () => {
        const actual = await modules.storedEscrow();
        class StoredEscrow extends actual.StoredEscrow {
          override takeLoss(): void {}
        }
        return { ...actual, StoredEscrow };
      }),
  },
  {
    name: 'staged reserve: nothing is set aside beyond the draft',
    breaks: 'a run spends no more than was reserved',
    plant: () =>
      vi.doMock('../../src/accounts/ledger.ts', async () => {
        const actual = await modules.ledger();
        class Ledger extends actual.Ledger {
          override topUp(): null {
            return null;
          }
        }
        return { ...actual, Ledger };
      }),
  },
  {
    name: 'staged reserve: what is set aside beyond the draft is held against no limit',
    breaks: 'what is reserved and spent stays within each limit',
    plant: () =>
      vi.doMock('../../src/accounts/rate-limits.ts', async () => {
        const actual = await modules.limits();
        class Limiter extends actual.Limiter {
          override refusesMore(): undefined {}
        }
        return { ...actual, Limiter };
      }),
  },
  {
    name: 'staged reserve: what is set aside beyond the draft is in memory only',
    breaks: 'a run spends no more than was reserved',
    plant: () =>
      vi.doMock('../../src/accounts/sqlite-account-store.ts', async () => {
        const actual = await modules.accountStore();
        class SqliteAccountStore extends actual.SqliteAccountStore {
          override raise(): void {}
        }
        return { ...actual, SqliteAccountStore };
      }),
  },
  {
    name: 'groups: a later attempt is asked for before the earlier ones are stored',
    breaks: 'only the first question of a run is asked before it is stored',
    plant: () =>
      vi.doMock('../../src/runs/event-log.ts', async () => {
        const actual = await modules.eventLog();
        class EventLog extends actual.EventLog {
          override flush(): void {}
        }
        return { ...actual, EventLog };
      }),
  },
  {
    name: 'write order: nobody’s run is stored first',
    breaks: 'what was promised is stored before it is told',
    plant: () =>
      vi.doMock('../../src/runs/write-order.ts', async () => ({
        ...(await modules.writeOrder()),
        isStoredFirst: () => false,
      })),
  },
  {
    name: 'loss: when an ended run is due is in memory only',
    breaks: 'who is to be told of an end is told',
    plant: () =>
      vi.doMock('../../src/runs/sqlite-run-store.ts', async () => {
        const actual = await modules.runStore();
        class SqliteRunStores extends actual.SqliteRunStores {
          override of(...asked: Parameters<InstanceType<typeof actual.SqliteRunStores>['of']>) {
            return Object.assign(super.of(...asked), { saveDue: () => {} });
          }
        }
        return { ...actual, SqliteRunStores };
      }),
  },
  {
    name: 'waking: an alarm is set again at once, whatever is due',
    breaks: 'nobody is woken again and again',
    plant: () =>
      vi.doMock('../../src/object-alarm.ts', async () => {
        const actual = await modules.objectAlarm();
        class ObjectAlarm extends actual.ObjectAlarm {
          override setAgain(): void {
            super.setAgain();
            this.wakeAt(0);
          }
        }
        return { ...actual, ObjectAlarm };
      }),
  },
];

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.doUnmock('../../src/accounts/rate-limits.ts');
  vi.doUnmock('../../src/cache/cache-key.ts');
  vi.doUnmock('../../src/cache/cacheable.ts');
  vi.doUnmock('../../src/runs/replay-model.ts');
  vi.doUnmock('../../src/runs/event-log.ts');
  vi.doUnmock('../../src/accounts/ledger.ts');
  vi.doUnmock('../../src/accounts/sqlite-account-store.ts');
  vi.doUnmock('../../src/accounts/stored-escrow.ts');
  vi.doUnmock('../../src/runs/write-order.ts');
  vi.doUnmock('../../src/hosted-account.ts');
  vi.doUnmock('../../src/runs/sqlite-run-store.ts');
  vi.doUnmock('../../src/object-alarm.ts');
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
