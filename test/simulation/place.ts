/** Where a Durable Object lives: found by its address, opened when it is called, lost and opened again; with one alarm, which may come twice. */
import type { Chance } from './chance.ts';
import { Life, type Loss } from './life.ts';
import type { Timeline, WallClock } from './timeline.ts';

/** The platform tries again an alarm that was broken off. https://developers.cloudflare.com/durable-objects/api/alarms/ */
const alarmAgain = { afterMs: 2_000, times: 6 } as const;

export interface Opened<Thing> {
  readonly thing: Thing;
  readonly alarm: () => Promise<void>;
}

export interface PlaceOptions<Thing> {
  readonly timeline: Timeline;
  readonly clock: WallClock;
  readonly chance: Chance;
  readonly commitMs: number;
  /** At which of its steps the object is lost, and how. */
  readonly losses: ReadonlyMap<number, Loss>;
  readonly alarmsTwice: number;
  readonly open: (life: Life) => Opened<Thing>;
  readonly told: (what: 'opened' | 'lost' | 'alarm' | 'alarm again', how: string) => void;
}

export class Place<Thing> {
  readonly #options: PlaceOptions<Thing>;
  #steps = 0;
  #life: Life | undefined;
  #opened: Opened<Thing> | undefined;
  /** Epoch milliseconds by the place's own clock. Committed. */
  #alarmAt: number | undefined;
  #takeBackAlarm: (() => void) | undefined;

  constructor(options: PlaceOptions<Thing>) {
    this.#options = options;
  }

  /** What is called is answered when all that was written before is committed; a loss of the object breaks the call off. */
  call<Answer>(work: (thing: Thing, life: Life) => Answer | Promise<Answer>): Promise<Answer> {
    const { life, opened } = this.#awake();
    const answered = new Promise<Answer>((resolve, reject) => {
      life.step(() => {
        this.#answer(life, opened, work).then(resolve, reject);
      });
    });
    return Promise.race([answered, life.lost]);
  }

  lose(loss: Loss): void {
    if (!this.#life) return;
    this.#options.told('lost', loss);
    this.#life.end(loss);
    this.#life = undefined;
    this.#opened = undefined;
  }

  /** As committed storage has it: undefined for none. */
  setAlarm(epochMs: number | undefined): void {
    this.#alarmAt = epochMs;
    this.windAlarm();
  }

  /** Again when the clock has jumped. */
  windAlarm(): void {
    this.#takeBackAlarm?.();
    this.#takeBackAlarm = undefined;
    if (this.#alarmAt === undefined) return;
    const wait = this.#alarmAt - this.#options.clock.now();
    this.#takeBackAlarm = this.#options.timeline.after(wait, () => {
      this.#alarmAt = undefined;
      this.#ring('alarm');
      const { chance, alarmsTwice, timeline } = this.#options;
      if (chance.happens(alarmsTwice)) timeline.after(chance.integer(0, 3_000), () => this.#ring('alarm again'));
    });
  }

  #ring(what: 'alarm' | 'alarm again', times = 0): void {
    this.#options.told(what, '');
    const { life, opened } = this.#awake();
    const again = (): void => {
      if (times === alarmAgain.times) return;
      this.#options.timeline.after(alarmAgain.afterMs, () => this.#ring('alarm again', times + 1));
    };
    let rung: Promise<void> | undefined;
    life.step(() => {
      // It has rung when what it wrote is committed, too.
      rung = opened.alarm().then(() => life.confirmed());
    });
    void Promise.race([rung ?? life.lost, life.lost]).catch(again);
  }

  async #answer<Answer>(
    life: Life,
    { thing }: Opened<Thing>,
    work: (thing: Thing, life: Life) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const answer = await work(thing, life);
    await life.confirmed();
    return answer;
  }

  #awake(): { readonly life: Life; readonly opened: Opened<Thing> } {
    if (this.#life && this.#opened) return { life: this.#life, opened: this.#opened };
    const { timeline, commitMs, open, told } = this.#options;
    const life: Life = new Life({ timeline, commitMs, survives: () => this.#survives() });
    told('opened', '');
    this.#life = life;
    this.#opened = open(life);
    return { life, opened: this.#opened };
  }

  #survives(): boolean {
    this.#steps += 1;
    const loss = this.#options.losses.get(this.#steps);
    if (loss) this.lose(loss);
    return loss === undefined;
  }
}
