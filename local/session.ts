/** The life of one launch: what was started, and that all of it ends with it, whichever way it ends. */
import type { Child } from './child.ts';
import { LaunchError } from './launch-error.ts';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal this soon after another is the same wish: npm passes on the Ctrl-C that the terminal has sent already. */
const sameWishMs = 500;

/** The part of `process` that a session listens to. */
export interface Host {
  on(event: string, listener: () => void): unknown;
  exit(code: number): void;
}

/** Aborts the session's signal: somebody wants it to end. */
class Interrupted extends Error {}

export class Session {
  readonly #children: Child[] = [];
  readonly #tidying: (() => Promise<unknown>)[] = [];
  readonly #stopping = new AbortController();
  readonly #host: Host;
  readonly #now: () => number;
  #wishedAt = Number.NEGATIVE_INFINITY;

  /**
   * The first Ctrl-C (or SIGTERM, or the terminal's end) asks for an orderly end; the second ends everything at once. `now` is in
   * milliseconds from any beginning.
   */
  constructor(host: Host, now: () => number = () => performance.now()) {
    this.#host = host;
    this.#now = now;
    for (const name of endingSignals) host.on(name, () => this.#interrupt());
    // However this process leaves, nothing that it started stays.
    host.on('exit', () => this.#killAll());
  }

  /** Aborted when the session is to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  add(child: Child): void {
    this.#children.push(child);
    if (this.signal.aborted) child.kill();
  }

  /** It has ended and is none of this session's any more. */
  remove(child: Child): void {
    const index = this.#children.indexOf(child);
    if (index >= 0) this.#children.splice(index, 1);
  }

  /** Something to tidy up when all processes have ended. */
  onEnd(tidy: () => Promise<unknown>): void {
    this.#tidying.push(tidy);
  }

  /** Ends the session in order, as a first Ctrl-C does, and says why; an end that is under way goes on as it is. */
  end(because: string): void {
    this.#stop(`Stopping, because ${because} …`);
  }

  /** The child that ended by itself, or undefined when the session was interrupted first. */
  async firstEnd(): Promise<Child | undefined> {
    const interrupted = new Promise<undefined>((resolve) => {
      if (this.signal.aborted) resolve(undefined);
      this.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const fallen = this.#children.map((child) => child.ended.then(() => child));
    return Promise.race([interrupted, ...fallen]);
  }

  /** Runs `work`, stops everything, says what went wrong; gives the exit code: 0 also when a running service was interrupted. */
  async run(work: () => Promise<void>): Promise<number> {
    let code = 0;
    try {
      await work();
    } catch (error) {
      code = this.#explain(error);
    }
    await this.#stopAll();
    return code;
  }

  #explain(error: unknown): number {
    // 130 is what a shell gives a program ended by Ctrl-C: it had not got as far as serving.
    if (this.signal.aborted) return 130;
    if (!(error instanceof LaunchError)) {
      console.error(error);
      return 1;
    }
    console.error(`\nedge-reflection: ${error.message}`);
    return error.exitCode;
  }

  #interrupt(): void {
    const now = this.#now();
    const again = now - this.#wishedAt >= sameWishMs;
    this.#wishedAt = now;
    if (!this.signal.aborted) this.#stop('Stopping …');
    else if (again) {
      this.#killAll();
      this.#host.exit(130);
    }
  }

  #stop(line: string): void {
    if (this.signal.aborted) return;
    console.error(`\n${line}`);
    this.#stopping.abort(new Interrupted('The launch was interrupted.'));
  }

  async #stopAll(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
    for (const tidy of this.#tidying) await tidy();
  }

  #killAll(): void {
    for (const child of this.#children) child.kill();
  }
}
