/** What an account's runs hold and have used of the money of a UTC day: of the day that is, and of the one before, whose last runs may go on. Pure. */
import { dayEnd, dayMs, type Lease } from './lease.ts';

/** Nanodollars. */
interface Day {
  held: number;
  used: number;
}

export class DailyMoney {
  /** Epoch milliseconds. */
  #endsAt: number;
  #today: Day;
  #dayBefore: Day;

  /** `at`: a moment of the day that is. `used` in nanodollars, on that day and on the one before. */
  constructor(at: number, used: { readonly thatDay: number; readonly dayBefore: number }) {
    this.#endsAt = dayEnd(at);
    this.#today = { held: 0, used: used.thatDay };
    this.#dayBefore = { held: 0, used: used.dayBefore };
  }

  /** Epoch milliseconds. */
  get endsAt(): number {
    return this.#endsAt;
  }

  get today(): Readonly<Day> {
    return this.#today;
  }

  /** Moves on to `now`. A clock that steps back is not followed. */
  advance(now: number): void {
    if (now < this.#endsAt) return;
    // Nothing was admitted on a day that begins, nor on one that nobody was there for.
    this.#dayBefore = now < this.#endsAt + dayMs ? this.#today : { held: 0, used: 0 };
    this.#today = { held: 0, used: 0 };
    this.#endsAt = dayEnd(now);
  }

  /** The day on which a lease was admitted; undefined for one that is longer ago. */
  dayOf({ admittedAt }: Pick<Lease, 'admittedAt'>): Readonly<Day> | undefined {
    return this.#dayOf(admittedAt);
  }

  hold({ admittedAt }: Pick<Lease, 'admittedAt'>, nanodollars: number): void {
    const day = this.#dayOf(admittedAt);
    if (day) day.held += nanodollars;
  }

  /** What a lease has used counts in place of what it held. */
  settle({ admittedAt, reserved }: Pick<Lease, 'admittedAt' | 'reserved'>, used: number): void {
    const day = this.#dayOf(admittedAt);
    if (!day) return;
    day.held -= reserved.nanodollars;
    day.used += used;
  }

  #dayOf(epochMs: number): Day | undefined {
    if (dayEnd(epochMs) === this.#endsAt) return this.#today;
    return dayEnd(epochMs) === this.#endsAt - dayMs ? this.#dayBefore : undefined;
  }
}
