/** The composition root. */
import type { Log } from './http/log.ts';
import type { Roster } from './reflection/model.ts';
import type { TierName } from './reflection/request.ts';
import type { Runs } from './runs/runs.ts';

/** What the HTTP application works with. */
export interface Services {
  readonly runs: Runs;
  readonly models: { roster(tier: TierName): Roster; health(): readonly unknown[] };
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly randomId: () => string;
}
