/**
 * What only whoever asked sees, by the address that a command came with: it may be used five times within thirty minutes, and what is said there takes the place
 * of what was said before. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
import type { Reflection } from '../../reflection/record.ts';
import type { ChannelRun, Delivery } from '../../runs/deliver.ts';
import type { Progress } from '../progress.ts';
import type { SlackAddress } from './address.ts';
import type { SlackApi } from './api.ts';
import { endedEphemeral, goingOn } from './blocks.ts';
import type { SlackContent } from './content.ts';
import type { RunNotes } from './notes.ts';
import { deliveryOf } from './thread-answer.ts';

export const responseUrlLimits = { uses: 5, lifeMs: 30 * 60_000 } as const;

/** A run that is over by then shows no progress: each use counts. */
const progressAfterMs = 8_000;

export type EphemeralPlace = SlackAddress & { readonly responseUrl: string };

interface EphemeralTools {
  readonly api: SlackApi;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export class EphemeralAnswer {
  readonly #tools: EphemeralTools;
  readonly #run: ChannelRun;
  readonly #place: EphemeralPlace;
  readonly #runNotes: RunNotes;

  constructor(tools: EphemeralTools, run: ChannelRun, place: EphemeralPlace, runNotes: RunNotes) {
    this.#tools = tools;
    this.#run = run;
    this.#place = place;
    this.#runNotes = runNotes;
  }

  /** Shows progress, once. */
  async show(progress: Progress): Promise<void> {
    const isTime = this.#tools.now() - this.#run.startedAt >= progressAfterMs;
    if (isTime && this.#runNotes.notes.uses === 0) await this.#say(goingOn(progress, this.#run.id));
  }

  async answer(record: Reflection): Promise<Delivery> {
    const isPast = this.#tools.now() - this.#place.askedAt > responseUrlLimits.lifeMs;
    if (isPast || this.#runNotes.notes.uses >= responseUrlLimits.uses) return { type: 'refused' };
    return this.#say(endedEphemeral(record));
  }

  async #say(content: SlackContent): Promise<Delivery> {
    await this.#runNotes.note({ uses: this.#runNotes.notes.uses + 1 });
    const said = await this.#tools.api.respond(this.#place.responseUrl, content);
    return deliveryOf(said.type === 'done' ? null : said);
  }
}
