/**
 * A run's Model under the platform's limit: each attempt needs a call that was granted to the account. A grant covers the calls that usually
 * follow, so that most runs ask once; what a run did not use is given back at its end.
 */
import { AppError } from '../errors.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk, type PassRole } from '../reflection/model.ts';
import type { CallGrant, Platform } from './platform.ts';

/**
 * How many calls are asked for at once when a pass finds none left: itself and what usually follows one after the other. Most drafts are the
 * answer. Samples and confirmations run side by side, so each asks for itself and none waits for another's asking.
 */
const likelyCalls = {
  draft: 1,
  continuation: 1,
  critique: 3,
  confirm: 1,
  revision: 3,
  repair: 1,
  judge: 2,
  vote: 1,
} as const satisfies Record<PassRole, number>;

export interface GovernedTools {
  readonly platform: Platform;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `signal` is the run's: aborted when the run ends in any way, which closes its grants. */
export function governedModel(model: Model, account: string, signal: AbortSignal, tools: GovernedTools): Model {
  const permits = new Permits(account, signal, tools);
  return { ask: (call) => permitted(model.ask(call), call, permits) };
}

/**
 * Every attempt announces itself before anything is asked of a provider, and waits there for its permit. A second request within an attempt, as
 * after a refused JSON Schema, is not seen: it is rare, and the part of the limit that is kept in reserve bears it.
 */
async function* permitted(
  chunks: AsyncIterable<ModelChunk>,
  { role }: ModelCall,
  permits: Permits,
): AsyncGenerator<ModelChunk> {
  let lost: ModelChunk | undefined;
  for await (const chunk of chunks) {
    if (chunk.type === 'lost') {
      // Said only when its successor may start: a lost attempt is always followed by another.
      lost = chunk;
      continue;
    }
    if (chunk.type === 'start') {
      await permits.take(role);
      if (lost) yield lost;
      lost = undefined;
    }
    yield chunk;
  }
}

interface OpenGrant {
  readonly grant: string | null;
  readonly validUntil: number;
  left: number;
  /** When each of its calls was made, epoch milliseconds. */
  readonly madeAt: number[];
}

/** The granted calls of one life of a run. */
class Permits {
  readonly #account: string;
  readonly #signal: AbortSignal;
  readonly #tools: GovernedTools;
  #open: OpenGrant[] = [];

  constructor(account: string, signal: AbortSignal, tools: GovernedTools) {
    this.#account = account;
    this.#signal = signal;
    this.#tools = tools;
    signal.addEventListener('abort', () => this.#closeAll(), { once: true });
  }

  /** Settles when a call may be made. Throws `upstream_busy`, and `Cancelled` as soon as the run is over. */
  async take(role: PassRole): Promise<void> {
    if (this.#signal.aborted) throw new Cancelled();
    this.#closeExpired();
    const ready = this.#open.find(({ left }) => left > 0);
    if (ready) {
      this.#use(ready);
      return;
    }
    const askedAt = this.#tools.now();
    const asked = this.#tools.platform.ask(this.#account, likelyCalls[role]);
    await unlessAborted(
      asked.then((answer) => this.#take(answer, askedAt)),
      this.#signal,
    );
  }

  /** One of the granted calls is for who asked, unless the run is over by now. They are valid from the asking on, which is sooner than they count. */
  #take(answer: CallGrant, askedAt: number): void {
    if (answer.type === 'busy') throw busy(answer.retryAfterMs);
    const { grant, calls, validMs } = answer;
    const open: OpenGrant = { grant, validUntil: askedAt + validMs, left: calls, madeAt: [] };
    if (this.#signal.aborted) {
      this.#close(open);
    } else {
      this.#use(open);
      this.#open.push(open);
    }
  }

  #use(open: OpenGrant): void {
    open.left -= 1;
    open.madeAt.push(this.#tools.now());
  }

  #closeExpired(): void {
    const now = this.#tools.now();
    for (const open of this.#open.filter(({ validUntil }) => validUntil <= now)) this.#close(open);
    this.#open = this.#open.filter(({ validUntil }) => validUntil > now);
  }

  #closeAll(): void {
    for (const open of this.#open) this.#close(open);
    this.#open = [];
  }

  /** A single call that was made when it was granted counts rightly already: nothing need be told of it. */
  #close({ grant, left, madeAt }: OpenGrant): void {
    if (left === 0 && madeAt.length === 1) return;
    const now = this.#tools.now();
    this.#tools.platform.giveBack(
      grant,
      madeAt.map((at) => now - at),
    );
  }
}

function busy(retryAfterMs: number): AppError {
  return new AppError('upstream_busy', 'The service makes as many model calls a minute as its platform allows.', {
    retryAfterSeconds: Math.ceil(retryAfterMs / 1_000),
  });
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Cancelled());
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
