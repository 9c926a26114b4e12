/**
 * A provider's body as text. Where somebody watches, each piece is handed on as it comes. Where nobody does, what follows the first piece is
 * read in lots: waking up for every token costs more of the processor's time than all that is done with the answer.
 */
import { sleep } from './sleep.ts';

/** About twenty tokens in OpenAI's format. A lot that the deadline cuts off is lost, so it is not larger. */
const lotBytes = 4_096;
const bufferBytes = 4 * lotBytes;
/** A server that closes its answer does so with its last bytes; one that does not is not waited for. */
const closingMs = 20;

/** How one body is read. */
export interface Reading {
  /** Aborts the reading, also of a body that is silent. */
  readonly signal: AbortSignal;
  /** Whether lots may be waited for. Asked before each read but the first. */
  readonly inLots: () => boolean;
  /** Wants to be told whether the server closed the body after the answer's last event; null where that is known. */
  readonly learnsClosing: ((closes: boolean) => void) | null;
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
    };
  }
}

export class BodyText {
  readonly #reading: Reading;
  readonly #decoder = new TextDecoder();
  readonly #reader: BodyReader;
  #begun = false;
  #ended = false;
  readonly #cancel = (): void => {
    this.#reader.cancel(this.#reading.signal.reason).catch(() => undefined);
  };

  constructor(body: ReadableStream<Uint8Array>, reading: Reading) {
    this.#reading = reading;
    this.#reader = (reading.inLots() && lotReader(body)) || pieceReader(body);
    // A pending read settles at once when its reader is cancelled. Not every body is bound to the signal that opened it.
    reading.signal.addEventListener('abort', this.#cancel, { once: true });
  }

  /** The next of the text, at times empty; undefined at its end. Throws `signal.reason` as soon as it aborts. */
  async read(): Promise<string | undefined> {
    if (this.#ended) return undefined;
    const { signal } = this.#reading;
    signal.throwIfAborted();
    // The first piece comes by itself: it tells that the model has begun, and when.
    const { done, value } = await this.#reader.read(this.#begun && this.#reading.inLots() ? lotBytes : 1);
    signal.throwIfAborted();
    this.#begun = true;
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
    this.#reading.signal.removeEventListener('abort', this.#cancel);
    this.#cancel();
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

function readsLots<Reader extends object>(reader: Reader): reader is Reader & LotReader {
  return 'readAtLeast' in reader;
}

/** Undefined for a stream that is not of bytes but made by a script, and where the runtime knows no lots. */
function lotReader(body: ReadableStream<Uint8Array>): BodyReader | undefined {
  if (!hasLots) return undefined;
  try {
    const reader = body.getReader({ mode: 'byob' });
    if (!readsLots(reader)) return undefined;
    return {
      read: (atLeast) => reader.readAtLeast(atLeast, new Uint8Array(bufferBytes)),
      cancel: (reason) => reader.cancel(reason),
    };
  } catch {
    return undefined;
  }
}
