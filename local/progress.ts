/** The progress line of a long step: a bar that redraws itself on a terminal, or a line now and then in a log. */

export interface Progress {
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
}

/** `12.3 MB`: decimal units, as download sizes are usually told. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `1 min 05 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** One line: bar, percentage, sizes, speed and time left. */
export function progressLine({ receivedBytes, totalBytes, bytesPerSecond }: Progress): string {
  const share = totalBytes > 0 ? Math.min(1, receivedBytes / totalBytes) : 0;
  const filled = Math.round(share * 24);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(24 - filled)}]`;
  const left = bytesPerSecond > 0 ? `${formatSeconds((totalBytes - receivedBytes) / bytesPerSecond)} left` : 'waiting';
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${bar} ${percent}  ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}  ${formatBytes(bytesPerSecond)}/s  ${left}`;
}

/** Speed over the last few seconds, so that a stall shows at once and a resumed file does not count as fast. */
export class Speedometer {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** Takes the bytes received so far at `at` (milliseconds); gives bytes a second over the last five seconds. */
  measure(bytes: number, at: number): number {
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= 5000), { at, bytes }];
    const [first] = this.#samples;
    if (!first || at <= first.at) return 0;
    return Math.max(0, ((bytes - first.bytes) * 1000) / (at - first.at));
  }
}

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Draws progress on `screen`: at most ten times a second on a terminal, at every tenth of the way elsewhere. */
export class ProgressBar {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #speed = new Speedometer();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #tenth = -1;
  #open = false;

  constructor(screen: Screen, now: () => number = Date.now) {
    this.#screen = screen;
    this.#now = now;
  }

  update(receivedBytes: number, totalBytes: number): void {
    const at = this.#now();
    const complete = receivedBytes >= totalBytes;
    if (!complete && at - this.#drawnAt < 100) return;
    this.#drawnAt = at;
    const line = progressLine({ receivedBytes, totalBytes, bytesPerSecond: this.#speed.measure(receivedBytes, at) });
    if (this.#screen.isTTY) {
      this.#screen.write(`\r\u001b[K  ${line}`);
      this.#open = true;
      return;
    }
    const tenth = Math.floor((10 * receivedBytes) / Math.max(1, totalBytes));
    if (tenth <= this.#tenth) return;
    this.#tenth = tenth;
    this.#screen.write(`  ${line}\n`);
  }

  /** Ends the line, so that what is written next stands on its own. */
  close(): void {
    if (this.#open) this.#screen.write('\n');
    this.#open = false;
  }
}
