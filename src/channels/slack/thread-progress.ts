/**
 * Shows a run in its thread while it goes on: as a stream with a plan, and where Slack refuses that, as one message that is edited. After a loss it goes on with
 * edits of what was posted. Whatever fails is skipped: the answer is shown by `deliver`.
 */

import type { ChannelRun } from '../../runs/deliver.ts';
import type { CallResult } from '../call.ts';
import type { Progress } from '../progress.ts';
import { isGone } from './address.ts';
import { goingOn, stopButton } from './blocks.ts';
import type { RunNotes } from './notes.ts';
import { Posts, type PostTools, type Thread } from './posts.ts';
import { chunksOf, nothingStreamed, type Streamed } from './stream.ts';

/** At least so long between two showings, as Slack's limits by the minute have it. */
const gapMs = { stream: 1_000, edits: 1_500 } as const;
/** Slack takes a status away after two minutes. */
const statusRefreshMs = 90_000;
/** Where Slack asks for a pause and does not say how long. */
const defaultQuietMs = 10_000;

type Surface =
  /** Nothing was posted, or what came of it is not known. */
  | { readonly type: 'unopened'; readonly mayStream: boolean }
  | { readonly type: 'stream'; readonly ts: string; readonly streamed: Streamed }
  /** A stream that is to be ended before the message can be edited. */
  | { readonly type: 'left_stream'; readonly ts: string }
  | { readonly type: 'edits'; readonly ts: string; readonly shown: string }
  /** Slack refuses what is shown while it goes on, and may take the answer. */
  | { readonly type: 'silent' };

/** `shown` also where it was skipped. `gone`: nobody sees the answer in the thread. */
export type Shown = 'shown' | 'gone';

export class ThreadProgress {
  readonly #tools: PostTools;
  readonly #run: ChannelRun;
  readonly #thread: Thread;
  readonly #posts: Posts;
  #surface: Surface;
  #hasSession = false;
  #statusAt: number | null = null;
  /** Until then Slack wants to hear nothing. */
  #quietUntil = 0;

  constructor(tools: PostTools, run: ChannelRun, thread: Thread, runNotes: RunNotes) {
    this.#tools = tools;
    this.#run = run;
    this.#thread = thread;
    this.#posts = new Posts(tools, run, thread, runNotes);
    this.#surface = this.#found();
  }

  /** Whether something of the run may stand in the thread. */
  get hasPosted(): boolean {
    return this.#posts.hasPosted;
  }

  get gapMs(): number {
    return this.#surface.type === 'stream' ? gapMs.stream : gapMs.edits;
  }

  async show(progress: Progress): Promise<Shown> {
    const isFresh = this.#surface.type === 'unopened' && this.#surface.mayStream;
    // One thing at a time, so that the run's end is not waited for too long where Slack does not answer.
    if ((await this.#setStatus()) && !isFresh) return 'shown';
    if (this.#tools.now() < this.#quietUntil) return 'shown';
    switch (this.#surface.type) {
      case 'unopened':
        return this.#open(progress, this.#surface.mayStream);
      case 'stream':
        return this.#append(progress, this.#surface);
      case 'left_stream':
        return this.#leaveStream(progress, this.#surface.ts);
      case 'edits':
        return this.#edit(progress, this.#surface);
      case 'silent':
        return 'shown';
    }
  }

  /** What is known from a time before a loss. Of a stream it is not known what was appended. */
  #found(): Surface {
    const ts = this.#posts.tsOf(0);
    if (ts === undefined) return { type: 'unopened', mayStream: !this.#posts.isDoubtful(0) };
    return this.#posts.isStreaming ? { type: 'left_stream', ts } : { type: 'edits', ts, shown: '' };
  }

  /** Both kinds of status are best effort. A session has a stop button of Slack's own. False where nothing was due. */
  async #setStatus(): Promise<boolean> {
    const now = this.#tools.now();
    if (this.#statusAt !== null && now - this.#statusAt < statusRefreshMs) return false;
    const isFirst = this.#statusAt === null;
    this.#statusAt = now;
    const { api } = this.#tools;
    const place = { channel_id: this.#thread.channel, thread_ts: this.#thread.thread };
    if (isFirst) this.#hasSession = (await api.setSessionStatus({ ...place, status: 'processing' })).type === 'done';
    await api.setThreadStatus({ ...place, status: 'is taking a second look…' });
    return true;
  }

  async #open(progress: Progress, mayStream: boolean): Promise<Shown> {
    if (mayStream && !this.#posts.isDoubtful(0)) {
      const { chunks, after } = chunksOf(nothingStreamed, progress, this.#run.id);
      const stop = { type: 'actions' as const, elements: [stopButton(this.#run.id)] };
      const button = this.#hasSession ? [] : [{ type: 'blocks' as const, blocks: [stop] }];
      const started = await this.#posts.startStream([...button, ...chunks]);
      if (started.type === 'done') {
        this.#surface = { type: 'stream', ts: started.answer, streamed: after };
        return 'shown';
      }
      this.#surface = { type: 'unopened', mayStream: false };
      if (started.type === 'unknown') return 'shown';
      if (started.type === 'refused' && isGone(started.error)) return 'gone';
    }
    const content = goingOn(progress, this.#run.id);
    const posted = await this.#posts.post(0, content);
    if (posted.type !== 'done') return this.#skipped(posted);
    this.#surface = this.#found();
    return 'shown';
  }

  async #append(progress: Progress, surface: Extract<Surface, { readonly type: 'stream' }>): Promise<Shown> {
    const { ts, streamed } = surface;
    const { chunks, after } = chunksOf(streamed, progress, this.#run.id);
    this.#surface = { ...surface, streamed: after };
    if (chunks.length === 0) return 'shown';
    const appended = await this.#tools.api.appendStream({ channel: this.#thread.channel, ts, chunks });
    if (appended.type === 'later') this.#surface = surface;
    // Tasks are told again, text is not: it may stand there already.
    if (appended.type === 'unknown') this.#surface = { ...surface, streamed: { ...streamed, text: null } };
    if (appended.type === 'refused') {
      if (isGone(appended.error)) return 'gone';
      // It was stopped by somebody, or has lasted too long, or takes no chunks.
      this.#surface = { type: 'left_stream', ts };
      return 'shown';
    }
    return this.#skipped(appended);
  }

  async #leaveStream(progress: Progress, ts: string): Promise<Shown> {
    const stopped = await this.#posts.stopStream(ts, 'processing');
    if (stopped.type === 'refused' && isGone(stopped.error)) return 'gone';
    if (stopped.type === 'later' || stopped.type === 'unknown') return this.#skipped(stopped);
    const surface = { type: 'edits', ts, shown: '' } as const;
    this.#surface = surface;
    return this.#edit(progress, surface);
  }

  async #edit(progress: Progress, surface: Extract<Surface, { readonly type: 'edits' }>): Promise<Shown> {
    const content = goingOn(progress, this.#run.id);
    const shown = JSON.stringify(content);
    if (shown === surface.shown) return 'shown';
    const edited = await this.#posts.edit(surface.ts, content);
    if (edited.type === 'done') this.#surface = { ...surface, shown };
    return this.#skipped(edited);
  }

  #skipped(result: CallResult<unknown>): Shown {
    if (result.type === 'later') this.#quietUntil = this.#tools.now() + (result.retryAfterMs ?? defaultQuietMs);
    if (result.type !== 'refused') return 'shown';
    if (isGone(result.error)) return 'gone';
    this.#surface = { type: 'silent' };
    return 'shown';
  }
}
