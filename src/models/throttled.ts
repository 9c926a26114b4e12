/**
 * A run's Model under the platform's limit: each attempt uses one call that was granted to the account. A grant covers the calls that usually
 * follow, so that most runs ask once. Unused calls are given back when the run ends.
 */
import { AppError } from '../errors.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk, type PassRole } from '../reflection/model.ts';
import type { CallGrant, Platform } from './platform.ts';
import type { Connection } from './resilient.ts';

/**
 * How many calls a pass asks for when none is left: its own and those that usually follow it in sequence. Most drafts are followed by none.
 * Votes and confirmations run in parallel, so each asks for its own call.
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

export interface ThrottleTools {
  readonly platform: Platform;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `signal` is the run's: aborted when the run ends in any way, which closes its grants. */
export function throttledModel(
  model: Model & Partial<Connection>,
  account: string,
  signal: AbortSignal,
  tools: ThrottleTools,
): Connection {
  const permits = new Permits(account, signal, tools);
  return {
    ask: (call) => permitted(model.ask(call), call, permits),
    get isIdle() {
      return model.isIdle === true && permits.areUsed;
    },
  };
}

/**
 * Every attempt yields `start` before it calls a provider, and waits there for its permit. A second request within one attempt, such as after
 * a refused JSON Schema, takes no permit. It is rare, and the reserved part of the limit covers it.
 */
async function* permitted(
  chunks: AsyncIterable<ModelChunk>,
  { role }: ModelCall,
  permits: Permits,
): AsyncGenerator<ModelChunk> {
  let lost: ModelChunk | undefined;
  for await (const chunk of chunks) {
    if (chunk.type === 'lost') {
      // Held until the next attempt has its permit: a lost attempt is always followed by another.
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

/** The granted calls of one execution of a run. */
class Permits {
  readonly #account: string;
  readonly #signal: AbortSignal;
  readonly #tools: ThrottleTools;
  #open: OpenGrant[] = [];

  constructor(account: string, signal: AbortSignal, tools: ThrottleTools) {
    this.#account = account;
    this.#signal = signal;
    this.#tools = tools;
    signal.addEventListener('abort', () => this.#closeAll(), { once: true });
  }

  /** Nothing would be given back. */
  get areUsed(): boolean {
    return this.#open.every(isUsedAsGranted);
  }

  /** Resolves when a call may be made. Throws `upstream_busy`, and `Cancelled` as soon as the run ends. */
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

  /** Uses one of the granted calls at once, unless the run has ended. Validity is counted from the question, which is earlier than the grant. */
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

  /** Reports nothing for a grant of one call that was made at once, because it is already counted correctly. */
  #close(open: OpenGrant): void {
    if (isUsedAsGranted(open)) return;
    const { grant, madeAt } = open;
    const now = this.#tools.now();
    this.#tools.platform.release(
      grant,
      madeAt.map((at) => now - at),
    );
  }
}

function isUsedAsGranted({ left, madeAt }: OpenGrant): boolean {
  return left === 0 && madeAt.length === 1;
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
