/** What is noted of what a run posted, so that after a loss nothing is posted again. */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { ChannelRun } from '../../runs/deliver.ts';

/** `sent`: it was asked for at that time (epoch milliseconds), and what came of it is not known. */
const post = z.union([
  z.object({ state: z.literal('sent'), at: z.number() }),
  z.object({ state: z.literal('posted'), ts: z.string() }),
]);
export type Post = z.output<typeof post>;

const notes = z.object({
  version: z.literal(1),
  /** By the part of the answer: the first is 0. */
  posts: z.record(z.string(), post),
  /** Whether the first was opened as a stream that nobody closed. */
  isStreaming: z.boolean(),
  /** Uses of the `response_url`. */
  uses: z.number(),
  /** Notes were there and could not be read: whatever is not told of here may have been posted. */
  isLost: z.boolean(),
});
export type SlackNotes = z.output<typeof notes>;

const none: SlackNotes = { version: 1, posts: {}, isStreaming: false, uses: 0, isLost: false };

function readNotes(text: string | null): SlackNotes {
  if (text === null) return none;
  const parsed = notes.safeParse(valueOfJson(text));
  return parsed.success ? parsed.data : { ...none, isLost: true };
}

/** The notes of one run, as they stand while one call shows it. */
export class RunNotes {
  readonly #run: ChannelRun;
  #notes: SlackNotes;

  constructor(run: ChannelRun) {
    this.#run = run;
    this.#notes = readNotes(run.notes);
  }

  get notes(): SlackNotes {
    return this.#notes;
  }

  /** Settles once it would survive a crash. */
  async note(change: Partial<Pick<SlackNotes, 'posts' | 'isStreaming' | 'uses'>>): Promise<void> {
    this.#notes = { ...this.#notes, ...change };
    await this.#run.note(JSON.stringify(this.#notes));
  }
}
