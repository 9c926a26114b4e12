/**
 * The messages of one run, each posted once: before it is asked for that is noted, and after it what came of it. A message whose outcome is not known is looked
 * up in its thread, by the run's id in its metadata, or in its tasks while it is a stream.
 */

import type { ChannelRun } from '../../runs/deliver.ts';
import type { CallResult } from '../call.ts';
import type { SlackAddress } from './address.ts';
import type { SlackApi, SlackReply } from './api.ts';
import { metadataOf } from './blocks.ts';
import type { SlackContent } from './content.ts';
import type { Post, RunNotes } from './notes.ts';

export interface PostTools {
  readonly api: SlackApi;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** A thread of a message. */
export type Thread = SlackAddress & { readonly thread: string };

/** A call that was cut off by its time limit may still be on its way. */
const settlingMs = 3_000;
/** By which Slack's clock and ours may differ. */
const clockSkewMs = 300_000;
const lookup = { perPage: 200, mostPages: 10, patienceMs: 6_000 } as const;

/** Refusals of what a message holds, not of the place that it is for. */
const contentErrors = [
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
];

/** Somebody stopped the stream, or Slack did after some minutes. */
const endedErrors = ['message_not_in_streaming_state', 'stopped_by_user'];

export class Posts {
  readonly #tools: PostTools;
  readonly #run: ChannelRun;
  readonly #thread: Thread;
  readonly #runNotes: RunNotes;
  #hasEndedSession = false;

  constructor(tools: PostTools, run: ChannelRun, thread: Thread, runNotes: RunNotes) {
    this.#tools = tools;
    this.#run = run;
    this.#thread = thread;
    this.#runNotes = runNotes;
  }

  get isStreaming(): boolean {
    return this.#runNotes.notes.isStreaming;
  }

  /** Undefined where nothing was posted as far as is known. */
  tsOf(part: number): string | undefined {
    const post = this.#runNotes.notes.posts[part];
    return post?.state === 'posted' ? post.ts : undefined;
  }

  /** Whether Slack shows no longer that something goes on. */
  get hasEndedSession(): boolean {
    return this.#hasEndedSession;
  }

  /** Whether something of the run is known to stand in the thread. */
  get hasPosted(): boolean {
    return this.tsOf(0) !== undefined;
  }

  /** Whether it may have been posted, so that it must be looked up before it is. */
  isDoubtful(part: number): boolean {
    const post = this.#runNotes.notes.posts[part];
    return post ? post.state === 'sent' : this.#runNotes.notes.isLost;
  }

  async startStream(
    chunks: NonNullable<Parameters<SlackApi['startStream']>[0]['chunks']>,
  ): Promise<CallResult<string>> {
    const { team, channel, thread, user } = this.#thread;
    return this.#creating(0, true, () =>
      this.#tools.api.startStream({
        channel,
        thread_ts: thread,
        chunks,
        task_display_mode: 'plan',
        recipient_team_id: team,
        recipient_user_id: user,
      }),
    );
  }

  /** Posts a part that was not posted yet. One that may have been is looked up first, and its timestamp is the answer where it stands. */
  async post(part: number, content: SlackContent): Promise<CallResult<string>> {
    if (this.isDoubtful(part)) {
      const found = await this.#recovered(part);
      if (found.type !== 'done') return found;
      if (found.answer !== null) return { type: 'done', answer: found.answer };
    }
    const { channel, thread } = this.#thread;
    const place = { channel, thread_ts: thread, metadata: metadataOf(this.#run.id, part, content.isAnswer) };
    const quiet = { unfurl_links: false, unfurl_media: false };
    return this.#creating(part, false, () =>
      withTextAlone(content, (said) => this.#tools.api.postMessage({ ...place, ...said, ...quiet })),
    );
  }

  /** Shows something else in the first message. */
  async edit(ts: string, content: SlackContent): Promise<CallResult<unknown>> {
    const place = { channel: this.#thread.channel, ts, metadata: metadataOf(this.#run.id, 0, content.isAnswer) };
    return withTextAlone(content, (said) => this.#tools.api.update({ ...place, ...said }));
  }

  /** Ends the stream, where it was not ended otherwise. */
  async stopStream(ts: string, session: 'processing' | 'active'): Promise<CallResult<unknown>> {
    const metadata = metadataOf(this.#run.id, 0, false);
    const { channel } = this.#thread;
    const stopped = await this.#tools.api.stopStream({ channel, ts, metadata, session_status: session });
    if (stopped.type === 'done') this.#hasEndedSession = session === 'active';
    const isOver = stopped.type === 'done' || (stopped.type === 'refused' && endedErrors.includes(stopped.error));
    if (isOver) await this.#runNotes.note({ isStreaming: false });
    return stopped;
  }

  /** Null where it was not posted. */
  async #recovered(part: number): Promise<CallResult<string | null>> {
    const post = this.#runNotes.notes.posts[part];
    const waited = this.#tools.now() - (post?.state === 'sent' ? post.at : 0);
    if (waited < settlingMs) await this.#tools.pause(settlingMs - waited);
    const found = await this.#lookUp(part);
    if (found.type !== 'done') return found;
    if (found.answer === null) return { type: 'done', answer: null };
    const { ts, isStream } = found.answer;
    await this.#runNotes.note({
      posts: this.#with(part, { state: 'posted', ts }),
      ...(part === 0 && { isStreaming: isStream }),
    });
    return { type: 'done', answer: ts };
  }

  async #lookUp(part: number): Promise<CallResult<{ readonly ts: string; readonly isStream: boolean } | null>> {
    const { channel, thread } = this.#thread;
    const oldest = String(Math.max(0, this.#run.startedAt - clockSkewMs) / 1_000);
    const until = this.#tools.now() + lookup.patienceMs;
    let cursor: string | undefined;
    for (let page = 0; page < lookup.mostPages; page += 1) {
      const patience = until - this.#tools.now();
      if (patience <= 0) return { type: 'unknown' };
      const given = { channel, ts: thread, oldest, include_all_metadata: true, limit: lookup.perPage };
      const told = await this.#tools.api.replies({ ...given, ...(cursor !== undefined && { cursor }) }, patience);
      if (told.type !== 'done') return told;
      const { messages, response_metadata: more } = told.answer;
      for (const message of messages) {
        const isStream = part === 0 && hasTaskOf(message, this.#run.id);
        if (isStream || isPart(message, this.#run.id, part))
          return { type: 'done', answer: { ts: message.ts, isStream } };
      }
      cursor = more?.next_cursor;
      if (cursor === undefined || cursor === '') break;
    }
    return { type: 'done', answer: null };
  }

  async #creating(
    part: number,
    isStreaming: boolean,
    create: () => Promise<CallResult<{ readonly ts: string }>>,
  ): Promise<CallResult<string>> {
    await this.#runNotes.note({ posts: this.#with(part, { state: 'sent', at: this.#tools.now() }) });
    const created = await create();
    switch (created.type) {
      case 'done': {
        const { ts } = created.answer;
        await this.#runNotes.note({
          posts: this.#with(part, { state: 'posted', ts }),
          ...(part === 0 && { isStreaming }),
        });
        return { type: 'done', answer: ts };
      }
      case 'unknown':
        // The time from which it is to be waited for.
        await this.#runNotes.note({ posts: this.#with(part, { state: 'sent', at: this.#tools.now() }) });
        return created;
      case 'refused':
      case 'later':
        await this.#runNotes.note({ posts: this.#without(part) });
        return created;
    }
  }

  #with(part: number, post: Post): Readonly<Record<string, Post>> {
    return { ...this.#runNotes.notes.posts, [part]: post };
  }

  #without(part: number): Readonly<Record<string, Post>> {
    return Object.fromEntries(Object.entries(this.#runNotes.notes.posts).filter(([name]) => name !== String(part)));
  }
}

function isPart({ metadata }: SlackReply, run: string, part: number): boolean {
  const { event_type, event_payload } = metadata ?? {};
  return event_type === 'reflection' && event_payload?.['run'] === run && event_payload['part'] === part;
}

/**
 * Whether it is a stream, or was: metadata comes with its end only. How Slack tells of a stream that goes on is not documented, so a task of the run may be named
 * anywhere in it.
 */
export function hasTaskOf({ metadata, ...message }: SlackReply, run: string): boolean {
  return metadata === undefined && JSON.stringify(message).includes(JSON.stringify(taskOf(run, '')).slice(0, -1));
}

/** How a task of a run is called. */
export function taskOf(run: string, step: string): string {
  return `${run}:${step}`;
}

/** An answer without its form is better than none. */
async function withTextAlone<Answer>(
  content: SlackContent,
  say: (said: Pick<SlackContent, 'text' | 'blocks'>) => Promise<CallResult<Answer>>,
): Promise<CallResult<Answer>> {
  const { text, blocks } = content;
  const said = await say({ text, blocks });
  const isRefused = said.type === 'refused' && contentErrors.includes(said.error);
  return isRefused && blocks.length > 0 ? say({ text, blocks: [] }) : said;
}
