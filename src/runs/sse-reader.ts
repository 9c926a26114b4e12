/** A run's events as the bytes of a server-sent event stream, for one reader. */
import { frame } from '../reflection/event-frame.ts';
import { isTerminal } from '../reflection/events.ts';
import type { After } from '../time-limit.ts';
import type { EventLog } from './event-log.ts';

/** How long a stream is silent at most. A reader who left is noticed at a write only, so this bounds how long one is kept too. */
const heartbeatMs = 15_000;

/** A comment: clients skip it. https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes */
const heartbeat = ': still running\n\n';

/** What a stream is timed with. */
interface ReaderClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly after: After;
}

/**
 * The events after the one numbered `after`, closed after the terminal one. A reader is a cursor over the log: it is read
 * batch by batch as the reader takes bytes, so a slow reader costs no memory. Every reader who came before the end is told it: one who is
 * ahead of the run, or behind one whose events were removed, gets the terminal event alone.
 */
export function eventFrames(log: EventLog, after: number, clock: ReaderClock): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const cameAtEnd = log.ending !== undefined && after >= log.ending.id;
  let seen = after;
  let gone = false;
  let told = (_isMore: boolean): void => {};
  let isListening = false;
  const wake = (): void => {
    isListening = false;
    told(true);
  };
  const silence = new Silence(clock, () => told(false));

  /** Settles when more may be shown, the reader left, or the stream was silent for long enough: then with false. */
  const listen = (): Promise<boolean> =>
    new Promise((resolve) => {
      told = resolve;
      silence.watch();
      if (isListening) return;
      isListening = true;
      log.readers.onChange(wake);
    });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let events = log.readAfter(seen);
        // No await between looking and listening, so nothing is shown unnoticed in between.
        while (events.length === 0 && !log.closed) {
          const woken = await listen();
          if (gone) return;
          if (!woken) return controller.enqueue(encoder.encode(heartbeat));
          events = log.readAfter(seen);
        }
        if (events.length === 0 && log.ending && !cameAtEnd) events = [log.ending];
        const last = events.at(-1);
        if (last) {
          seen = last.id;
          silence.broken();
          controller.enqueue(encoder.encode(events.map(frame).join('')));
        }
        if (last && !isTerminal(last.type)) return;
        silence.end();
        controller.close();
      },
      cancel() {
        gone = true;
        silence.end();
        told(true);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Tells when a stream was silent for long enough. One timer a stream rather than one a frame: it looks when the last frame left, and waits on. */
class Silence {
  readonly #clock: ReaderClock;
  readonly #tell: () => void;
  /** Epoch milliseconds. */
  #since = 0;
  #takeBack: (() => void) | undefined;

  constructor(clock: ReaderClock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** The stream has nothing to say for now. */
  watch(): void {
    if (this.#takeBack) return;
    this.broken();
    this.#wait(heartbeatMs);
  }

  /** Something leaves the stream. */
  broken(): void {
    this.#since = this.#clock.now();
  }

  /** Nobody listens any more. */
  end(): void {
    this.#takeBack?.();
  }

  #wait(milliseconds: number): void {
    this.#takeBack = this.#clock.after(milliseconds, () => {
      this.#takeBack = undefined;
      const left = this.#since + heartbeatMs - this.#clock.now();
      if (left > 0) this.#wait(Math.min(left, heartbeatMs));
      else this.#tell();
    });
  }
}
