/** What everything in a world stands in: its time, its chance, its weather, and the others. */
import type { Log } from '../../src/errors.ts';
import type { Breakers } from '../../src/models/breaker.ts';
import type { Chance } from './chance.ts';
import type { Network } from './network.ts';
import type { Machine, Weather } from './plan.ts';
import type { Store } from './store.ts';
import type { Story } from './story.ts';
import type { Timeline, WallClock } from './timeline.ts';
import type { Upstream } from './upstream.ts';
import type { Witness } from './witness.ts';

export interface Surroundings {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly story: Story;
  readonly witness: Witness;
  readonly clocks: Readonly<Record<Machine, WallClock>>;
  readonly network: Network;
  readonly store: Store;
  readonly upstream: Upstream;
  readonly log: Log;
  /** Of the isolate that all objects here share. */
  readonly breakers: Breakers;
}
