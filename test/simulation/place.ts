/** Where a Durable Object lives: found by its address, opened when it is called, lost and opened again; with one alarm, which may come twice. */
import type { Chance } from './chance.ts';
import { type Loss, ObjectInstance } from './object-instance.ts';
import type { Timeline, WallClock } from './timeline.ts';

/** The platform drops an object that nobody has called for so long, whatever it still waits for. */
const idleMs = 70_000;
/** So often rung, something is wrong that shows: it is not rung any more. */
const mostAlarms = 1_000;
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
  readonly open: (instance: ObjectInstance) => Opened<Thing>;
  /** What one turn of an instance has written was committed. */
  readonly committed: () => void;
  /** An instance is lost, with all that it had not committed. */
  readonly closed: () => void;
  readonly told: (
    what: 'opened' | 'dropped' | 'lost' | 'unconfirmed write lost' | 'alarm' | 'alarm again',
    how: string,
  ) => void;
}

export class Place<Thing> {
  readonly #options: PlaceOptions<Thing>;
  #steps = 0;
  /** On the timeline. */
  #steppedAt = 0;
  #instance: ObjectInstance | undefined;
  #opened: Opened<Thing> | undefined;
  /** Epoch milliseconds by the place's own clock. Committed. */
  #alarmAt: number | undefined;
  #takeBackAlarm: (() => void) | undefined;
  /** How often its alarm went off. */
  alarms = 0;

  constructor(options: PlaceOptions<Thing>) {
    this.#options = options;
  }

  /** What is called is answered when all that was written before is committed; a loss of the object breaks the call off. */
  async call<Answer>(work: (thing: Thing, instance: ObjectInstance) => Answer | Promise<Answer>): Promise<Answer> {
    const { instance, opened } = this.#awake();
    const answered = new Promise<Answer>((resolve, reject) => {
      instance.step(() => {
        this.#answer(instance, opened, work).then(resolve, reject);
      });
    });
    return Promise.race([answered, instance.lost]);
  }

  lose(loss: Loss): void {
    if (!this.#instance) return;
    this.#options.told('lost', loss);
    if (loss === 'crashed' && this.#instance.hasUncommitted) this.#options.told('unconfirmed write lost', '');
    this.#end(loss);
  }

  /** Without harm: the next who calls opens it again. */
  close(): void {
    this.#end('evicted');
  }

  #end(loss: Loss): void {
    if (!this.#instance) return;
    this.#instance.end(loss);
    this.#options.closed();
    this.#instance = undefined;
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
    if (this.#alarmAt === undefined || this.alarms > mostAlarms) return;
    const wait = this.#alarmAt - this.#options.clock.now();
    this.#takeBackAlarm = this.#options.timeline.after(wait, () => {
      this.#alarmAt = undefined;
      this.#ring('alarm');
      const { chance, alarmsTwice, timeline } = this.#options;
      if (chance.happens(alarmsTwice)) timeline.after(chance.integer(0, 3_000), () => this.#ring('alarm again'));
    });
  }

  #ring(what: 'alarm' | 'alarm again', times = 0): void {
    this.alarms += 1;
    this.#options.told(what, '');
    void this.#alarm().catch(() => {
      if (times === alarmAgain.times) return;
      this.#options.timeline.after(alarmAgain.afterMs, () => this.#ring('alarm again', times + 1));
    });
  }

  async #alarm(): Promise<void> {
    const { instance, opened } = this.#awake();
    let rung: Promise<void> | undefined;
    instance.step(() => {
      // It has rung when what it wrote is committed, too.
      rung = opened.alarm().then(() => instance.confirmed());
    });
    await Promise.race([rung ?? instance.lost, instance.lost]);
  }

  async #answer<Answer>(
    instance: ObjectInstance,
    { thing }: Opened<Thing>,
    work: (thing: Thing, instance: ObjectInstance) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const answer = await work(thing, instance);
    await instance.confirmed();
    return answer;
  }

  /** Throws where the object cannot be opened. */
  #awake(): { readonly instance: ObjectInstance; readonly opened: Opened<Thing> } {
    this.#dropIdle();
    if (this.#instance && this.#opened) return { instance: this.#instance, opened: this.#opened };
    const { timeline, commitMs, open, committed, told } = this.#options;
    const instance = new ObjectInstance({ timeline, commitMs, survives: () => this.#survives(), committed });
    told('opened', '');
    this.#instance = instance;
    this.#steppedAt = timeline.now;
    try {
      const opened = open(instance);
      this.#opened = opened;
      return { instance, opened };
    } catch (error) {
      this.lose('crashed');
      throw error;
    }
  }

  #dropIdle(): boolean {
    const isIdle = this.#instance !== undefined && this.#options.timeline.now - this.#steppedAt > idleMs;
    if (isIdle) {
      this.#options.told('dropped', '');
      this.close();
    }
    return isIdle;
  }

  #survives(): boolean {
    if (this.#dropIdle()) return false;
    this.#steps += 1;
    this.#steppedAt = this.#options.timeline.now;
    const loss = this.#options.losses.get(this.#steps);
    if (loss) this.lose(loss);
    return loss === undefined;
  }
}
