/** One who comes to the service: asks, waits or reads or comes back for the answer, and does what else it means to do. */
import type { Caller } from '../../src/accounts/accounts.ts';
import { AppError } from '../../src/errors.ts';
import { type Started, type StartPorts, startReflection } from '../../src/http/start-reflection.ts';
import { shortId } from './account-place.ts';
import { isRefusedWrite } from './object-instance.ts';
import type { Visit } from './plan.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';
import { type Waiter, ways } from './ways.ts';
import type { Witness } from './witness.ts';

export interface VisitorTools {
  readonly name: string;
  readonly caller: Caller;
  /** Somebody of another account. */
  readonly stranger: Caller;
  readonly ports: StartPorts;
  readonly timeline: Timeline;
  readonly story: Story;
  readonly witness: Witness;
}

/** Who has a key asks again after this, and so often in all. */
const again = { afterMs: 500, begins: 4 } as const;

const feedback = { rating: 'up', comment: null, preferred_output: null, created_at: 0 } as const;

export class Visitor {
  readonly #visit: Visit;
  readonly #tools: VisitorTools;
  #steps = 0;
  #left = false;
  #run: string | undefined;
  /** Nobody waits for it any more: it was answered, or left, or its Worker died. */
  done = false;

  constructor(visit: Visit, tools: VisitorTools) {
    this.#visit = visit;
    this.#tools = tools;
  }

  async come(): Promise<void> {
    this.#intend();
    const started = await this.#start();
    if (started?.type === 'hit') this.#takeHit(started);
    else if (started?.type === 'refused') this.#takeRefusal(started);
    else if (started) await this.#follow(started);
    this.done = true;
  }

  get #account() {
    return this.#tools.caller.account;
  }

  get #waiter(): Waiter {
    const { ports, timeline, story, witness } = this.#tools;
    return {
      account: this.#account,
      slow: this.#visit.slow,
      runs: ports.runs,
      timeline,
      story,
      witness,
      hasLeft: () => this.#left,
      quietly: (work) => this.#quietly(work),
    };
  }

  /** Who has an `Idempotency-Key` asks again when something was lost. */
  async #start(): Promise<Started | undefined> {
    const { story, timeline } = this.#tools;
    for (let times = 1; ; times += 1) {
      try {
        return await this.#ask();
      } catch (error) {
        this.#takeError(error);
        if (this.#visit.idempotencyKey === null || times === again.begins || !isPassing(error)) return undefined;
      }
      story.count('asked again with its key');
      await timeline.sleep(again.afterMs);
    }
  }

  #ask(): Promise<Started> {
    const { request, idempotencyKey } = this.#visit;
    const { caller, ports } = this.#tools;
    return startReflection(this.#mortal(ports), request, {
      caller,
      cache: { mode: request.cache.mode, maxAgeSeconds: null },
      idempotency: idempotencyKey === null ? null : { key: idempotencyKey, bodyHash: JSON.stringify(request) },
    });
  }

  /** The Worker that serves this visit may die between any two of its calls. */
  #mortal(ports: StartPorts): StartPorts {
    const { accounts, cache, runs } = ports;
    return {
      ...ports,
      accounts: { ...accounts, status: (caller) => this.#through(() => accounts.status(caller)) },
      runs: { ...runs, begin: (caller, request) => this.#through(() => runs.begin(caller, request)) },
      cache: { ...cache, read: (key) => this.#through(() => cache.read(key)) },
    };
  }

  async #through<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    await this.#step();
    const answer = await work();
    await this.#step();
    return answer;
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps !== this.#visit.frontDiesAt) return;
    this.#tools.story.count('Worker died');
    this.#tools.story.tell(this.#tools.name, 'its Worker died');
    this.done = true;
    await new Promise<never>(() => {});
  }

  #takeError(error: unknown): void {
    const { story, name, witness } = this.#tools;
    if (error instanceof AppError) {
      story.tell(name, `was told ${error.code}`);
      if (error.code === 'request_exceeds_limit') story.count('denied as too large');
      if (error.code === 'idempotency_mismatch') story.count('mismatch');
      if (error.code === 'invalid_api_key') story.count('turned away with a revoked key');
      if (error.code === 'missing_scope') story.count('key without the scope');
      return;
    }
    const isLost = isRefusedWrite(error) || (error instanceof Error && 'retryable' in error);
    if (!isLost) witness.report('nothing breaks for a reason of its own', String(error));
    story.tell(name, 'was told that something was lost');
  }

  #takeHit({ hit: { record, events } }: Extract<Started, { type: 'hit' }>): void {
    const { story, name, witness, ports } = this.#tools;
    story.count('hit');
    story.tell(name, `hit ${shortId(record.id)}`);
    witness.hit(this.#account, record);
    witness.hitEvents(record, events);
    void ports.accounts.countHits(this.#account, 1);
  }

  #takeRefusal({ refusal }: Extract<Started, { type: 'refused' }>): void {
    const { story, name } = this.#tools;
    if (refusal.code === 'request_exceeds_limit') story.count('denied as too large');
    else story.count(`denied by ${refusal.limit}`);
    story.tell(name, `refused by ${refusal.limit}, again in ${refusal.retryAfterMs}`);
  }

  /** Whether what it asks for must survive whatever happens from the moment on at which it is told of the run. */
  #isPromised(): boolean {
    const { request, idempotencyKey } = this.#visit;
    return idempotencyKey !== null || request.background || request.store || request.webhook !== undefined;
  }

  async #follow({ run, answer, status, replayed }: Extract<Started, { type: 'run' }>): Promise<void> {
    const { story, name, witness } = this.#tools;
    this.#run = run;
    const { way, rates, isNosy } = this.#visit;
    story.tell(name, `${replayed ? 'replayed' : status} ${shortId(run)}`);
    if (status === 'joined') story.count('joined');
    if (replayed) story.count('replayed');
    witness.given(this.#account, run, this.#isPromised());
    if (isNosy) await this.#quietly(() => this.#strangerTries(run));
    if (rates) await this.#quietly(() => this.#rate(run));
    const record = await this.#quietly(() => ways[way](this.#waiter, run, answer));
    story.tell(name, record ? `has ${shortId(record.id)} ${record.status}` : 'has nothing');
    if (record && !this.#left) witness.answered(record);
  }

  /** What it will do meanwhile, whether or not it has been answered by then. */
  #intend(): void {
    const { timeline, witness } = this.#tools;
    const { leavesAfter, cancelsAfter, deletesAfter } = this.#visit;
    const quietly = (work: (run: string) => Promise<void>) => (): void => {
      // Who waits for an answer does not know its run yet; another client of the account may.
      const run = this.#run ?? witness.newestOf(this.#account);
      if (run !== undefined) void this.#quietly(() => work(run));
    };
    if (leavesAfter !== null) timeline.after(leavesAfter, () => this.#leave());
    if (cancelsAfter !== null)
      timeline.after(
        cancelsAfter,
        quietly((run) => this.#cancel(run)),
      );
    if (deletesAfter !== null)
      timeline.after(
        deletesAfter,
        quietly((run) => this.#delete(run)),
      );
  }

  /** What is lost on the way is the client's to bear, and to ask again. */
  async #quietly<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#takeError(error);
      return undefined;
    }
  }

  #leave(): void {
    if (this.done) return;
    this.#tools.story.count('caller left');
    this.#left = true;
    this.done = true;
  }

  async #cancel(run: string): Promise<void> {
    const { story, name, ports } = this.#tools;
    const record = await ports.runs.cancel(this.#account, run);
    story.tell(name, `cancelled ${shortId(run)}: ${record?.status}`);
    if (record?.status === 'cancelled') story.count('cancelled by its caller');
  }

  async #delete(run: string): Promise<void> {
    const { story, name, ports, witness } = this.#tools;
    witness.deleting(run);
    const isGone = await ports.runs.delete(this.#account, run);
    story.tell(name, `deleted ${shortId(run)}: ${isGone}`);
    if (isGone) {
      story.count('deleted');
      witness.deleted(run);
    }
    witness.unlisted(this.#account, run);
  }

  async #rate(run: string): Promise<void> {
    const isThere = await this.#tools.ports.runs.rate(this.#account, run, feedback);
    if (isThere) this.#tools.story.count('rated');
  }

  async #strangerTries(run: string): Promise<void> {
    const { stranger, ports, story, witness } = this.#tools;
    const { account } = stranger;
    const seen = [
      await ports.runs.read(account, run),
      await ports.runs.follow(account, run, 0),
      await ports.runs.cancel(account, run),
      (await ports.runs.rate(account, run, feedback)) || undefined,
      (await ports.runs.delete(account, run)) || undefined,
    ];
    if (seen.some((answer) => answer !== undefined)) {
      witness.report('nothing crosses accounts', `${account} got at ${run}`);
    }
    story.count('stranger turned away');
  }
}

/** The same may succeed later. */
function isPassing(error: unknown): boolean {
  return error instanceof AppError ? error.code === 'upstream_busy' : true;
}
