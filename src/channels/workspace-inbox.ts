/**
 * The questions of one workspace, from their arrival to the runs that answer them. A question is stored before its platform is told that it came, and settled
 * once a run answers it or whoever asked was told why none does. So none is lost, and none is answered twice.
 */
import type { Admission } from '../accounts/accounts.ts';
import { AppError, type Log, whereFrom } from '../errors.ts';
import { type ReflectionRequest, readReflectionBody } from '../reflection/request.ts';
import type { ChannelAddress } from '../runs/deliver.ts';
import type { Channel, DeclineReason, Question, Workspace } from './channel.ts';
import { errorSentences } from './findings.ts';
import type { TakenQuestion, WorkspaceStore } from './workspace-store.ts';

/** Questions that wait at the same time. Whoever sends more is told to come again. */
const mostOpen = 200;
/** Taken up by one alarm; what is left wakes the next. */
const mostAtOnce = 20;
/** A question is told once, however often it is delivered within this time. */
const rememberedMs = 24 * 3_600_000;
/** After this nobody waits for a word on it. */
const givenUpAfterMs = 10 * 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** Longer than any run goes on. */
const longestRunMs = 20 * 60_000;

/** A question, ready to be asked. */
export interface RunnableQuestion {
  readonly question: Question;
  readonly run: string;
  readonly request: ReflectionRequest;
  readonly address: ChannelAddress;
}

export interface InboxTools {
  readonly store: WorkspaceStore;
  /** Undefined for one that is not set up here. */
  readonly channel: (workspace: Workspace) => Promise<Channel | undefined>;
  /** Admits and starts the run; started before, it is the same run again. Throws `invalid_api_key` where the workspace may not ask. */
  readonly begin: (question: RunnableQuestion) => Promise<Admission>;
  /** Settles once everything stored so far would survive a crash. */
  readonly confirmed: () => Promise<void>;
  /** Something is due at this moment, in epoch milliseconds. */
  readonly wakeAt: (epochMs: number) => void;
  readonly keepAlive: (work: Promise<void>) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1, for jitter. */
  readonly chance: () => number;
  readonly log: Log;
}

export class WorkspaceInbox {
  readonly #tools: InboxTools;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(tools: InboxTools) {
    this.#tools = tools;
  }

  /** Takes a question and settles once it would survive a crash; `run` is the id of the run that is to answer it. False when too many wait. */
  async take(question: Question, run: string): Promise<boolean> {
    const { store, now, confirmed, wakeAt } = this.#tools;
    store.sweep(now() - rememberedMs);
    const isNew = !store.isKnown(question.id);
    if (isNew && store.openCount() >= mostOpen) return false;
    if (isNew) store.take(question, run, now());
    if (isNew) wakeAt(now() + longestPauseMs);
    // One that was taken a moment ago may not be stored yet.
    await confirmed();
    if (isNew) this.#begin(question.id);
    return true;
  }

  /** Epoch milliseconds; infinite when no question waits. */
  nextDue(): number {
    const { store, now } = this.#tools;
    const next = store.nextDue() ?? Number.POSITIVE_INFINITY;
    // What is under way comes to its end by itself; the alarm is for when it does not.
    return this.#underWay.size > 0 ? Math.max(next, now() + longestPauseMs) : next;
  }

  /** Takes up what is due. Never throws. */
  async alarm(): Promise<void> {
    const { store, now } = this.#tools;
    for (const id of store.due(now(), mostAtOnce)) this.#begin(id);
    await Promise.all(this.#underWay.values());
  }

  /** Runs of a place that may still go on. */
  runsIn(place: string, member: string | null): readonly string[] {
    const { store, now } = this.#tools;
    return store.runsIn(place, member, now() - longestRunMs);
  }

  #begin(id: string): void {
    if (this.#underWay.has(id)) return;
    const answered = this.#answer(id)
      .catch((error: unknown) => this.#tell('question.broken', error))
      .finally(() => {
        this.#underWay.delete(id);
        this.#tools.wakeAt(this.nextDue());
      });
    this.#underWay.set(id, answered);
    this.#tools.keepAlive(answered);
  }

  async #answer(id: string): Promise<void> {
    const { store, channel: open } = this.#tools;
    const taken = store.open(id);
    if (!taken) return;
    let channel: Channel | undefined;
    try {
      channel = await open(taken.question.workspace);
      if (channel && (await this.#isSettled(taken, channel))) return store.settle(id);
    } catch (error) {
      this.#tell('question.broken', error);
    }
    await this.#tryAgain(taken, channel);
  }

  /** Whether a run answers it, or whoever asked was told why none does. */
  async #isSettled(taken: TakenQuestion, channel: Channel): Promise<boolean> {
    const why = await this.#declineReason(taken, channel);
    if (why === null) return true;
    return why !== 'unsure' && (await channel.decline(taken.question, why)).type !== 'failed';
  }

  /** Null where a run answers it; `unsure` where that is to be tried again. */
  async #declineReason(taken: TakenQuestion, channel: Channel): Promise<DeclineReason | 'unsure' | null> {
    const { question, run } = taken;
    const settings = this.#tools.store.settings(question.room);
    if (!settings.isOn) return { type: 'switched_off' };
    try {
      const prepared = await channel.prepare(question, settings);
      if ('type' in prepared) return prepared;
      const { body, address } = prepared;
      const request = await readReflectionBody(body);
      const { channel: name, id } = question.workspace;
      const where = { channel: name, workspace: id, address };
      return declineReasonOf(await this.#tools.begin({ question, run, request, address: where }));
    } catch (error) {
      const why = unfit(error);
      if (why === 'unsure') this.#tell('question.unanswered', error);
      return why;
    }
  }

  async #tryAgain({ question, attempt, takenAt }: TakenQuestion, channel: Channel | undefined): Promise<void> {
    const { store, now, chance, log } = this.#tools;
    const { id } = question;
    const pause = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (1 + chance() / 5);
    const at = Math.ceil(now() + pause);
    if (at - takenAt <= givenUpAfterMs) return store.tryAgain(id, attempt + 1, at);
    const told = await channel
      ?.decline(question, tooBusy)
      .catch((error: unknown) => this.#tell('question.broken', error));
    store.settle(id);
    const type = told?.type ?? 'failed';
    log({ level: 'error', event: 'question.given_up', attempt, told: type });
  }

  #tell(event: string, error: unknown): void {
    this.#tools.log({ level: 'warn', event, ...whereFrom(error) });
  }
}

const tooBusy: DeclineReason = {
  type: 'unfit',
  message: 'The service is out of capacity. Ask again in a few minutes.',
};

function declineReasonOf(admission: Admission): DeclineReason | null {
  switch (admission.type) {
    case 'started':
    case 'joined':
    case 'replayed':
      return null;
    case 'refused':
      return { type: 'limited', refusal: admission.refusal };
    case 'member_refused':
      return { type: 'member_limited', size: admission.size, retryAfterMs: admission.retryAfterMs };
    case 'mismatch':
      throw new Error('A question comes with one body.');
  }
}

/** What is said of a question that cannot be asked. */
function unfit(error: unknown): DeclineReason | 'unsure' {
  if (!(error instanceof AppError)) return 'unsure';
  switch (error.code) {
    case 'invalid_api_key':
    case 'missing_scope':
      return { type: 'switched_off' };
    case 'invalid_request':
    case 'context_length_exceeded':
    case 'request_exceeds_limit':
    case 'tier_policy':
      return { type: 'unfit', message: errorSentences[error.code] };
    default:
      return 'unsure';
  }
}
