/** Shows a run while it goes on, by a few edits of the first message: one a phase, and never two at once. Discord is no place for text that streams in. */
import { whereFrom } from '../../errors.ts';
import type { ReflectionEvent } from '../../reflection/events.ts';
import type { GoingRun } from '../../runs/deliver.ts';
import { advance, noProgress, type Progress } from '../progress.ts';
import { type DiscordAddress, readNotes } from './address.ts';
import { type DiscordDeliveryTools, isTokenOver, originalOf, unknownMessage } from './answer-delivery.ts';
import type { Posted } from './api.ts';
import { goingOn } from './messages.ts';

const mostEdits = 5;
const betweenEditsMs = 3_000;
/** Where Discord says that it wants no calls, and not for how long. */
const usualPauseMs = 15_000;

type Lot = IteratorResult<readonly ReflectionEvent[]>;

export class ProgressEdits {
  readonly #tools: DiscordDeliveryTools;
  readonly #run: GoingRun;
  readonly #address: DiscordAddress;
  #progress: Progress = noProgress;
  #shownPhase = '';
  #edits = 0;
  #nextAt = 0;
  #isNoted = false;

  constructor(tools: DiscordDeliveryTools, run: GoingRun, address: DiscordAddress) {
    this.#tools = tools;
    this.#run = run;
    this.#address = address;
  }

  /** Until the run is over, or its message gone. Never rejects. */
  async follow(): Promise<'over' | 'abandoned'> {
    const events = this.#run.events()[Symbol.asyncIterator]();
    try {
      let coming: Promise<Lot> = events.next();
      let pausing: Promise<null> | null = null;
      for (;;) {
        const wait = this.#isDue ? this.#nextAt - this.#tools.now() : null;
        if (wait !== null && wait <= 0) {
          pausing = null;
          if ((await this.#edit()) === 'gone') return 'abandoned';
          continue;
        }
        // One pause however many lots come meanwhile.
        if (wait !== null) pausing ??= this.#tools.pause(wait).then(() => null);
        const lot: Lot | null = await (pausing ? Promise.race([coming, pausing]) : coming);
        if (lot === null) pausing = null;
        else if (lot.done) return 'over';
        else {
          this.#progress = advance(this.#progress, lot.value);
          coming = events.next();
        }
      }
    } catch (error) {
      this.#tools.log({
        level: 'warn',
        event: 'discord.progress_broken',
        reflection_id: this.#run.id,
        ...whereFrom(error),
      });
      return 'over';
    } finally {
      // Not awaited: a reader that waits for events may never be told to stop.
      events.return?.().catch(() => undefined);
    }
  }

  /** Whether there is something new to show. */
  get #isDue(): boolean {
    const { steps, isOver } = this.#progress;
    const isBegun = steps.some(({ status }) => status !== 'pending');
    return isBegun && !isOver && this.#edits < mostEdits && phaseOf(this.#progress) !== this.#shownPhase;
  }

  /** One that fails is left out: the next phase has another. */
  async #edit(): Promise<'there' | 'gone'> {
    const now = this.#tools.now();
    if (isTokenOver(this.#address, now)) this.#edits = mostEdits;
    if (this.#edits === mostEdits) return 'there';
    this.#edits += 1;
    this.#shownPhase = phaseOf(this.#progress);
    const message = goingOn(this.#progress, this.#run.id);
    const result = await this.#tools.api.editOriginal(this.#address.ticket, message);
    this.#nextAt = this.#tools.now() + betweenEditsMs;
    if (result.type === 'later') this.#nextAt = this.#tools.now() + (result.retryAfterMs ?? usualPauseMs);
    if (result.type === 'done') await this.#note(result.answer);
    return result.type === 'refused' && result.error === unknownMessage ? 'gone' : 'there';
  }

  /** So that an answer that comes too late for the interaction's token finds the message. */
  async #note(original: Posted): Promise<void> {
    if (this.#isNoted) return;
    this.#isNoted = true;
    await this.#run.note(JSON.stringify({ ...readNotes(this.#run.notes), ...originalOf(original) }));
  }
}

function phaseOf({ steps }: Progress): string {
  return steps.map(({ id, status }) => `${id} ${status}`).join(', ');
}
