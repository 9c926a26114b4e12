/** Calls of Workers to objects: they take time, may be lost on the way there or back, and are broken off when the object is lost. */
import type { Chance } from './chance.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { Place } from './place.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

interface NetworkOptions {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly story: Story;
  /** Share of calls that are lost, as many on the way there as back. */
  readonly lost: number;
  /** Share of calls that take seconds. */
  readonly late: number;
  /** Milliseconds one way, between places so far apart. */
  readonly oneWay: readonly [least: number, most: number];
}

export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  async call<Thing, Answer>(
    place: Place<Thing>,
    work: (thing: Thing, instance: ObjectInstance) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const { timeline, chance, story, lost } = this.#options;
    const isLost = chance.happens(lost);
    const isLostThere = chance.happens(0.5);
    const there = this.#travelMs();
    const back = this.#travelMs();
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

  #travelMs(): number {
    const { chance, story, late, oneWay } = this.#options;
    if (!chance.happens(late)) return chance.integer(...oneWay);
    story.count('call late');
    return chance.integer(1_000, 15_000);
  }
}

/** As the platform says it. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function connectionLost(): Error {
  return Object.assign(new Error('Network connection lost.'), { retryable: true });
}
