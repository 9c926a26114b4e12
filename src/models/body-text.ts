/**
 * A provider's body as text. While a reader follows the run, each piece is passed on as it arrives. Otherwise everything after the first
 * piece is read in chunks, because waking up for every token costs more processor time than everything else done with the answer. A chunk
 * covers about 50 ms of the model's writing, so that a reader who joins late waits no longer than that. When a deadline, a silent server or
 * a broken connection cuts a chunk short, the bytes that had arrived are kept.
 */
import { withTimeLimit } from '../time-limit.ts';

const chunkMs = 50;
/** About twenty tokens in OpenAI's format: what a fast model writes meanwhile. */
const maxChunkBytes = 4_096;
const bufferBytes = 4 * maxChunkBytes;
/** Two pieces that arrive together say nothing about the speed, so a chunk is also at most this many times what has been read. */
const chunkGrowth = 4;
/** How long to wait for a server to close its answer after the last event. */
const closingMs = 20;
/** Completes any pending chunk, and fits into the buffer beside it. */
const filling = new Uint8Array(maxChunkBytes);

/** How one body is read. */
export interface Reading {
  /** Aborts the reading, also of a body that is silent. */
  readonly signal: AbortSignal;
  /** How long the body is, where that is known: then nothing is waited for after the last of it. In bytes. */
  readonly length: number | null;
  /** Whether the next read may wait for a whole chunk. Called before each read. */
  readonly inChunks: () => boolean;
  /** Is told whether the server closed the body after the answer's last event; null when that is already known. */
  readonly learnsClosing: ((closes: boolean) => void) | null;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
}

/**
 * Remembers which models' servers close the body after an answer's last event. A server that leaves it open would never complete the last
 * chunk, so each server is observed once before its answers are read in chunks. A provider keeps one; its size is bounded by the catalog.
 */
export class ClosingServers {
  readonly #known = new Map<string, boolean>();

  /** `isWhole`: the answer comes in one piece, for which chunks would only cost. `length`: of the body in bytes, where that is known. */
  reading(
    model: string,
    signal: AbortSignal,
    watched: () => boolean = () => true,
    isWhole = false,
    length: number | null = null,
  ): Reading {
    const closes = this.#known.get(model);
    return {
      signal,
      length,
      inChunks: () => closes === true && !isWhole && !watched(),
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
  #bytes = 0;
  #ended = false;
  readonly #stop = (): void => {
    this.#reader.cancel(this.#reading.signal.reason).catch(() => undefined);
  };

  constructor(body: ReadableStream<Uint8Array>, reading: Reading) {
    this.#reading = reading;
    this.#pace = new Pace(reading.now);
    this.#reader = (reading.inChunks() && chunkReader(body)) || pieceReader(body);
    // A pending read settles at once when its reader is cancelled. Not every body is bound to the signal that opened it.
    reading.signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** The next text, possibly empty; undefined at the end. After an abort, returns what had arrived and then throws `signal.reason`. */
  async read(): Promise<string | undefined> {
    if (this.#ended) return undefined;
    const { signal } = this.#reading;
    signal.throwIfAborted();
    const atLeast = this.#reading.inChunks() ? this.#pace.chunkBytes : 1;
    const { done, value } = await this.#reader.read(atLeast);
    if (!value?.length) signal.throwIfAborted();
    if (value) this.#pace.measure(value.length);
    this.#bytes += value?.length ?? 0;
    this.#ended = done || this.#bytes === this.#reading.length;
    return this.#decoder.decode(value, { stream: !this.#ended });
  }

  /** Finds out whether the server closes the body, when that is not yet known. */
  async learnClosing(): Promise<void> {
    const { learnsClosing } = this.#reading;
    if (!learnsClosing || !canReadChunks) return;
    // Reads to the end; a read that fails or is late means that the body stays open.
    learnsClosing(
      await withTimeLimit(closingMs, this.#readToEnd()).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Cancels the body, which closes the connection. */
  close(): void {
    this.#reading.signal.removeEventListener('abort', this.#stop);
    this.#stop();
  }

  async #readToEnd(): Promise<void> {
    while (!this.#ended) await this.read();
  }
}

/** How fast a body arrives, and so how many bytes one read may wait for. */
class Pace {
  readonly #now: () => number;
  #bytes = 0;
  #begunAt: number | undefined;
  #readAt = 0;
  /** One at first, so that the first pieces are read at once and show when the model begins. */
  chunkBytes = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records the size of the piece just read. Uses the slower of two speeds: the whole body's and the last piece's. */
  measure(bytes: number): void {
    const now = this.#now();
    if (this.#begunAt !== undefined && bytes > 0) {
      this.#bytes += bytes;
      const msPerByte = Math.max((now - this.#begunAt) / this.#bytes, (now - this.#readAt) / bytes);
      const most = Math.min(maxChunkBytes, chunkGrowth * this.#bytes);
      this.chunkBytes = Math.max(1, Math.min(most, Math.floor(chunkMs / msPerByte)));
    }
    this.#begunAt ??= now;
    this.#readAt = now;
  }
}

interface BodyReader {
  /** Gives at least so many bytes if the reader supports it, and fewer at the end. */
  read(atLeast: number): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason: unknown): Promise<void>;
}

function pieceReader(body: ReadableStream<Uint8Array>): BodyReader {
  const reader = body.getReader();
  return { read: () => reader.read(), cancel: (reason) => reader.cancel(reason) };
}

/** Waits inside the runtime, without waking JavaScript. https://developers.cloudflare.com/workers/runtime-apis/streams/readablestreambyobreader/ */
interface ChunkReader {
  readAtLeast(
    bytes: number,
    buffer: Uint8Array,
  ): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

/** True only on Workers. */
const canReadChunks = readsChunks(ReadableStreamBYOBReader.prototype);

/** A pipe that the runtime copies without waking JavaScript. https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/ */
const {
  IdentityTransformStream: RuntimePipe,
}: {
  readonly fetch: unknown;
  readonly IdentityTransformStream?: new () => {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
  };
} = globalThis;

function readsChunks<Reader extends object>(reader: Reader): reader is Reader & ChunkReader {
  return 'readAtLeast' in reader;
}

/** False for a stream that a script made and that is not a byte stream. */
function isOfBytes(body: ReadableStream<Uint8Array>): boolean {
  try {
    body.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/**
 * Undefined for a body that cannot be read in chunks. Cancelling a pending read loses the bytes it has gathered. So the body is piped through
 * a stream of our own: when the body breaks or is stopped, filler bytes complete the pending read and are cut off its result.
 */
function chunkReader(body: ReadableStream<Uint8Array>): BodyReader | undefined {
  if (!canReadChunks || !RuntimePipe || !isOfBytes(body)) return undefined;
  const { readable, writable } = new RuntimePipe();
  const reader = readable.getReader({ mode: 'byob' });
  if (!readsChunks(reader)) return undefined;
  const stopping = new AbortController();
  let broken: { readonly reason: unknown } | undefined;
  let isReading = false;
  body
    .pipeTo(writable, { signal: stopping.signal, preventAbort: true })
    .catch((reason: unknown) => {
      broken = { reason };
      return isReading ? writable.getWriter().write(filling) : undefined;
    })
    // The body ended together with its last bytes, so no read is pending.
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
