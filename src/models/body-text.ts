/**
 * A provider's body as text. Where somebody watches, each piece is handed on as it comes. Where nobody does, what follows the first piece is
 * read in lots: waking up for every token costs more of the processor's time than all that is done with the answer. A lot is what the model writes
 * in a twentieth of a second, since whoever comes to watch waits it out. A lot that is cut short, by a deadline or by a server that fell silent or broke,
 * gives what had come of it.
 */
import { sleep } from './sleep.ts';

const lotMs = 50;
/** About twenty tokens in OpenAI's format: what a fast model writes meanwhile. */
const maxLotBytes = 4_096;
const bufferBytes = 4 * maxLotBytes;
/** Two pieces that came together tell no pace. So a lot is also held to so many times what has been read. */
const lotGrowth = 4;
/** A server that closes its answer does so with its last bytes; one that does not is not waited for. */
const closingMs = 20;
/** Completes any lot, and fits into its buffer beside it. */
const filling = new Uint8Array(maxLotBytes);

/** How one body is read. */
export interface Reading {
  /** Aborts the reading, also of a body that is silent. */
  readonly signal: AbortSignal;
  /** Whether lots may be waited for. Asked before each read. */
  readonly inLots: () => boolean;
  /** Wants to be told whether the server closed the body after the answer's last event; null where that is known. */
  readonly learnsClosing: ((closes: boolean) => void) | null;
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
}

/**
 * Which models' servers close an answer after its last event. From one that leaves it open, as some do, a last lot would never come. So each is
 * watched once before its answers are read in lots. For a provider to keep: bounded by its catalog.
 */
export class ClosingServers {
  readonly #known = new Map<string, boolean>();

  reading(model: string, signal: AbortSignal, watched: () => boolean = () => true): Reading {
    const closes = this.#known.get(model);
    return {
      signal,
      inLots: () => closes === true && !watched(),
      learnsClosing: closes === undefined ? (learnt) => this.#known.set(model, learnt) : null,
      now: Date.now,
    };
  }
}

export class BodyText {
  readonly #reading: Reading;
  readonly #decoder = new TextDecoder();
  readonly #reader: BodyReader;
  readonly #pace: Pace;
  #ended = false;
  readonly #stop = (): void => {
    this.#reader.cancel(this.#reading.signal.reason).catch(() => undefined);
  };

  constructor(body: ReadableStream<Uint8Array>, reading: Reading) {
    this.#reading = reading;
    this.#pace = new Pace(reading.now);
    this.#reader = (reading.inLots() && lotReader(body)) || pieceReader(body);
    // A pending read settles at once when its reader is cancelled. Not every body is bound to the signal that opened it.
    reading.signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** The next of the text, at times empty; undefined at its end. Throws `signal.reason` once it has aborted and what had come was given. */
  async read(): Promise<string | undefined> {
    if (this.#ended) return undefined;
    const { signal } = this.#reading;
    signal.throwIfAborted();
    const atLeast = this.#reading.inLots() ? this.#pace.lotBytes : 1;
    const { done, value } = await this.#reader.read(atLeast);
    if (!value?.length) signal.throwIfAborted();
    if (value) this.#pace.measure(value.length);
    this.#ended = done;
    return this.#decoder.decode(value, { stream: !done });
  }

  /** Whether nothing more follows, where somebody wants to know it. */
  async learnClosing(): Promise<void> {
    const { learnsClosing } = this.#reading;
    if (!learnsClosing || !hasLots) return;
    const over = new AbortController();
    const open = sleep(closingMs, over.signal).then(() => false);
    learnsClosing(await Promise.race([this.#closes(), open]));
    over.abort();
  }

  /** Cancels the body, which closes the connection. */
  close(): void {
    this.#reading.signal.removeEventListener('abort', this.#stop);
    this.#stop();
  }

  async #closes(): Promise<boolean> {
    try {
      while (!this.#ended) await this.read();
      return true;
    } catch {
      return false;
    }
  }
}

/** How fast a body comes in, and so how much of it may be waited for. */
class Pace {
  readonly #now: () => number;
  #bytes = 0;
  #begunAt: number | undefined;
  #readAt = 0;
  /** One at first: the first pieces come by themselves, and tell that the model has begun, and when. */
  lotBytes = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the size of the piece just read. The slower counts of the whole body's pace and the last piece's. */
  measure(bytes: number): void {
    const now = this.#now();
    if (this.#begunAt !== undefined && bytes > 0) {
      this.#bytes += bytes;
      const msPerByte = Math.max((now - this.#begunAt) / this.#bytes, (now - this.#readAt) / bytes);
      const most = Math.min(maxLotBytes, lotGrowth * this.#bytes);
      this.lotBytes = Math.max(1, Math.min(most, Math.floor(lotMs / msPerByte)));
    }
    this.#begunAt ??= now;
    this.#readAt = now;
  }
}

interface BodyReader {
  /** Gives at least so many bytes where it can, and fewer at the end. */
  read(atLeast: number): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason: unknown): Promise<void>;
}

function pieceReader(body: ReadableStream<Uint8Array>): BodyReader {
  const reader = body.getReader();
  return { read: () => reader.read(), cancel: (reason) => reader.cancel(reason) };
}

/** Waits where the bytes come in, without waking anybody here. https://developers.cloudflare.com/workers/runtime-apis/streams/readablestreambyobreader/ */
interface LotReader {
  readAtLeast(
    bytes: number,
    buffer: Uint8Array,
  ): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

/** On Workers only. */
const hasLots = readsLots(ReadableStreamBYOBReader.prototype);

/** A pipe that the runtime pours without waking anybody here. https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/ */
const {
  IdentityTransformStream: RuntimePipe,
}: {
  readonly fetch: unknown;
  readonly IdentityTransformStream?: new () => {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
  };
} = globalThis;

function readsLots<Reader extends object>(reader: Reader): reader is Reader & LotReader {
  return 'readAtLeast' in reader;
}

/** False for a stream that is not of bytes but made by a script. */
function isOfBytes(body: ReadableStream<Uint8Array>): boolean {
  try {
    body.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/**
 * Undefined for what cannot be read in lots. A pending read that is cancelled loses what it has gathered. So the body is poured through a stream of
 * our own: when the body breaks or is stopped, filling completes the pending read, and is taken off what that gives.
 */
function lotReader(body: ReadableStream<Uint8Array>): BodyReader | undefined {
  if (!hasLots || !RuntimePipe || !isOfBytes(body)) return undefined;
  const { readable, writable } = new RuntimePipe();
  const reader = readable.getReader({ mode: 'byob' });
  if (!readsLots(reader)) return undefined;
  const stopping = new AbortController();
  let broken: { readonly reason: unknown } | undefined;
  let isReading = false;
  body
    .pipeTo(writable, { signal: stopping.signal, preventAbort: true })
    .catch((reason: unknown) => {
      broken = { reason };
      return isReading ? writable.getWriter().write(filling) : undefined;
    })
    // Its last bytes and its end came together.
    .catch(() => undefined);
  return {
    async read(atLeast) {
      if (broken) throw broken.reason;
      isReading = true;
      const { done, value } = await reader.readAtLeast(atLeast, new Uint8Array(bufferBytes));
      isReading = false;
      return { done, value: broken ? value?.subarray(0, -filling.length) : value };
    },
    async cancel(reason) {
      stopping.abort(reason);
    },
  };
}
