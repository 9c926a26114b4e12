/**
 * What only whoever asked sees, by the address that a command came with: it may be used five times within thirty minutes, and what is said there takes the place
 * of what was said before. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
import type { Reflection } from '../../reflection/record.ts';
import type { ChannelRun, Delivery } from '../../runs/deliver.ts';
import type { Progress } from '../progress.ts';
import type { SlackAddress } from './address.ts';
import type { SlackApi } from './api.ts';
import { endedAside, goingOn } from './blocks.ts';
import type { SlackContent } from './content.ts';
import type { Notebook } from './notes.ts';
import { deliveryOf } from './thread-answer.ts';

export const asideLimits = { uses: 5, lifeMs: 30 * 60_000 } as const;

/** A run that is over by then shows no progress: each use counts. */
const progressAfterMs = 8_000;

export type Aside = SlackAddress & { readonly responseUrl: string };

interface AsideTools {
  readonly api: SlackApi;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export class AsideAnswer {
  readonly #tools: AsideTools;
  readonly #run: ChannelRun;
  readonly #aside: Aside;
  readonly #notebook: Notebook;

  constructor(tools: AsideTools, run: ChannelRun, aside: Aside, notebook: Notebook) {
    this.#tools = tools;
    this.#run = run;
    this.#aside = aside;
    this.#notebook = notebook;
  }

  /** Shows progress, once. */
  async show(progress: Progress): Promise<void> {
    const isTime = this.#tools.now() - this.#run.startedAt >= progressAfterMs;
    if (isTime && this.#notebook.notes.uses === 0) await this.#say(goingOn(progress, this.#run.id));
  }

  async answer(record: Reflection): Promise<Delivery> {
    const isPast = this.#tools.now() - this.#aside.askedAt > asideLimits.lifeMs;
    if (isPast || this.#notebook.notes.uses >= asideLimits.uses) return { type: 'refused' };
    return this.#say(endedAside(record));
  }

  async #say(content: SlackContent): Promise<Delivery> {
    await this.#notebook.note({ uses: this.#notebook.notes.uses + 1 });
    const said = await this.#tools.api.respond(this.#aside.responseUrl, content);
    return deliveryOf(said.type === 'done' ? null : said);
  }
}
