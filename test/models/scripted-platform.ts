/** A platform that grants as it is told to, in virtual time, and remembers what it was asked and told. */
import type { BreakerChange } from '../../src/models/breaker.ts';
import type { CallGrant, Platform, UnhealthyModel } from '../../src/models/platform.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ScriptedPlatform extends Platform {
  readonly asked: readonly { readonly account: string; readonly calls: number }[];
  readonly given: readonly { readonly grant: string | null; readonly madeAgoMs: readonly number[] }[];
  readonly reports: readonly BreakerChange[];
}

interface Script {
  /** What each ask is granted, in order; the last one is repeated. All that was asked for when left out. */
  readonly grants?: readonly (number | 'busy')[];
  readonly waitMs?: number;
  readonly validMs?: number;
  readonly unhealthy?: readonly UnhealthyModel[] | null;
}

export function scriptedPlatform(clock: VirtualClock, script: Script = {}): ScriptedPlatform {
  const { grants = [], waitMs = 0, validMs = 60_000, unhealthy = [] } = script;
  const asked: { account: string; calls: number }[] = [];
  const given: { grant: string | null; madeAgoMs: readonly number[] }[] = [];
  const reports: BreakerChange[] = [];
  return {
    asked,
    given,
    reports,
    async ask(account, calls): Promise<CallGrant> {
      const granted = grants[asked.length] ?? grants.at(-1) ?? calls;
      asked.push({ account, calls });
      const grant = `grant-${asked.length}`;
      if (waitMs > 0) await clock.sleep(waitMs, new AbortController().signal);
      return granted === 'busy'
        ? { type: 'busy', retryAfterMs: 7_300 }
        : { type: 'granted', grant, calls: granted, validMs };
    },
    release: (grant, madeAgoMs) => given.push({ grant, madeAgoMs }),
    report: (change) => reports.push(change),
    unhealthyModels: async () => unhealthy,
  };
}
