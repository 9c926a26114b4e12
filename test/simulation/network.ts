/** Calls between Workers and objects: they take time, may be lost on the way there or back, and are broken off when either end is lost. */
import type { Chance } from './chance.ts';
import type { Life } from './life.ts';
import type { Place } from './place.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

/** How calls fare: shares of them. */
interface Odds {
  /** On the way there or back. */
  readonly lost: number;
  /** Of those that are lost: on the way there. */
  readonly lostThere: number;
  /** That take seconds. */
  readonly late: number;
}

interface NetworkOptions extends Omit<Odds, 'lostThere'> {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly story: Story;
  /** Milliseconds one way, between places so far apart. */
  readonly oneWay: readonly [least: number, most: number];
}

export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /**
   * `from`: the object that calls; undefined for a Worker. Nothing leaves an object before what it has written is committed.
   * `odds`: of such calls, where they are not those of all.
   */
  async call<Thing, Answer>(
    from: Life | undefined,
    place: Place<Thing>,
    work: (thing: Thing, life: Life) => Answer | Promise<Answer>,
    odds: Partial<Odds> = {},
  ): Promise<Answer> {
    const all = { lostThere: 0.5, ...this.#options, ...odds };
    if (!from) return this.#send(place, work, all);
    await from.confirmed();
    return from.held(this.#send(place, work, all));
  }

  async #send<Thing, Answer>(
    place: Place<Thing>,
    work: (thing: Thing, life: Life) => Answer | Promise<Answer>,
    { lost, lostThere, late }: Odds,
  ): Promise<Answer> {
    const { timeline, chance, story } = this.#options;
    const isLost = chance.happens(lost);
    const isLostThere = chance.happens(lostThere);
    const there = this.#travelMs(late);
    const back = this.#travelMs(late);
    await timeline.sleep(there);
    if (isLost && isLostThere) {
      story.count('call lost');
      throw connectionLost();
    }
    try {
      const answer = await place.call(work);
      await timeline.sleep(back);
      if (!isLost) return answer;
    } catch (error) {
      story.count('call broken off');
      await timeline.sleep(back);
      throw error;
    }
    story.count('call lost');
    throw connectionLost();
  }

  #travelMs(late: number): number {
    const { chance, story, oneWay } = this.#options;
    if (!chance.happens(late)) return chance.integer(...oneWay);
    story.count('call late');
    return chance.integer(1_000, 15_000);
  }
}

/** As the platform says it. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function connectionLost(): Error {
  return Object.assign(new Error('Network connection lost.'), { retryable: true });
}
