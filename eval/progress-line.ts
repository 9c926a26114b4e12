/** How far a command has come, with the time left. */
import { formatSeconds } from '../local/progress.ts';

/** A bar that redraws itself on a terminal, and a line at every twentieth of the way elsewhere. */
export class ProgressLine {
  readonly #say: (line: string) => void;
  readonly #beganAt = Date.now();
  #first: number | undefined;
  #step = -1;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  update(done: number, all: number): void {
    this.#first ??= done;
    const fresh = done - this.#first;
    const left = fresh > 0 ? ((Date.now() - this.#beganAt) / fresh) * (all - done) : Number.NaN;
    const filled = all === 0 ? 24 : Math.round((24 * done) / all);
    const time = Number.isNaN(left) ? '' : `, ${formatSeconds(left / 1_000)} left`;
    const text = `[${'#'.repeat(filled)}${'.'.repeat(24 - filled)}] ${done} of ${all}${time}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${text}${done === all ? '\n' : ''}`);
      return;
    }
    const step = Math.floor((20 * done) / Math.max(1, all));
    if (step === this.#step) return;
    this.#step = step;
    this.#say(text);
  }
}
