/** What every part of the benchmark works with. */
import type { Client } from '../client.ts';
import type { Options } from '../options.ts';
import type { Random } from '../statistics.ts';
import type { Built } from '../targets/build.ts';
import type { OurChoice, OurTarget } from '../targets/ours.ts';
import type { Target } from '../targets/target.ts';
import type { Upstream } from '../upstream.ts';

export interface Bench {
  readonly options: Options;
  readonly client: Client;
  readonly random: Random;
  readonly upstream: Upstream;
  readonly built: Built;
  readonly direct: Target;
  /** Fresh programs, each stopped by whoever started it. */
  startOurs(choice?: Pick<OurChoice, 'counting' | 'modelCalls' | 'variables'>): Promise<OurTarget>;
  startPortkey(): Promise<Target>;
  readonly say: (line: string) => void;
}

/** `full`, or its tenth in a quick run; never less than `least`. */
export function scaled({ options }: Pick<Bench, 'options'>, full: number, least = 1): number {
  return Math.max(least, Math.round(options.quick ? full / 10 : full));
}

/** Runs `work` with fresh targets and stops them, whatever happens. */
export async function withTargets<Result>(
  bench: Bench,
  work: (ours: OurTarget, portkey: Target) => Promise<Result>,
): Promise<Result> {
  const ours = await bench.startOurs();
  try {
    const portkey = await bench.startPortkey();
    try {
      return await work(ours, portkey);
    } finally {
      await portkey.stop();
    }
  } finally {
    await ours.stop();
  }
}
