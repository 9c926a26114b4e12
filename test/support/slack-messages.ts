/** What stands in a Slack workspace: channels, their messages with edits, streams, and what only one user sees. No clock of its own. */
import type { AnyBlock, AnyChunk, HomeView, MessageMetadata, ModalView } from '@slack/types';
import { slackTimes } from './slack-limits.ts';

export interface SlackChannel {
  readonly id: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly name: string;
  /** Whether the bot is in it. */
  member: boolean;
  archived: boolean;
  /** Who may see what is only for them; of an `im` its one user. */
  readonly users: readonly string[];
}

export interface SlackTask {
  readonly id: string;
  readonly title: string;
  readonly status: 'pending' | 'in_progress' | 'complete' | 'error';
  readonly details: string;
  readonly output: string;
}

/** A stream keeps for its life what it was opened with: text, or chunks. */
export interface SlackStream {
  readonly mode: 'text' | 'chunks';
  readonly startedAt: number;
  readonly display: 'timeline' | 'plan';
  state: 'streaming' | 'stopped' | 'stopped_by_user';
  plan: string | null;
  readonly tasks: Map<string, SlackTask>;
}

export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly user: string;
  /** Null for what a person wrote. */
  readonly bot: string | null;
  /** Slack's markup; of a stream and of `markdown_text` Markdown. */
  text: string;
  blocks: readonly AnyBlock[];
  metadata: MessageMetadata | null;
  readonly unfurls: boolean;
  /** What it said before, oldest first. */
  readonly edits: { readonly text: string; readonly blocks: readonly AnyBlock[] }[];
  stream: SlackStream | null;
  /** A thread's first message that was deleted, while its answers stand. */
  tombstone: boolean;
}

export interface SlackEphemeral {
  readonly id: string;
  readonly channel: string;
  readonly user: string;
  readonly thread: string | null;
  text: string;
  blocks: readonly AnyBlock[];
}

export interface SlackView {
  readonly id: string;
  readonly user: string;
  readonly view: ModalView;
}

export interface SlackPosting {
  readonly channel: string;
  readonly thread: string | null;
  readonly user: string;
  readonly bot: string | null;
  readonly text: string;
  readonly blocks: readonly AnyBlock[];
  readonly metadata: MessageMetadata | null;
  readonly unfurls?: boolean;
  readonly stream?: SlackStream;
}

export interface SlackSession {
  status: string;
  readonly title: string | null;
}

const placeOf = (channel: string, thread: string | null) => `${channel}/${thread ?? ''}`;

/** One workspace as its people see it. `now`: epoch milliseconds. */
export class SlackMessages {
  readonly #now: () => number;
  readonly #messages: SlackMessage[] = [];
  readonly #statuses = new Map<string, { readonly text: string; readonly at: number }>();
  #lastTs = 0;
  #made = 0;
  readonly channels = new Map<string, SlackChannel>();
  readonly deleted: SlackMessage[] = [];
  readonly ephemerals: SlackEphemeral[] = [];
  readonly views: SlackView[] = [];
  readonly homes = new Map<string, HomeView>();
  readonly sessions = new Map<string, SlackSession>();
  readonly suggestedPrompts = new Map<string, readonly { readonly title: string; readonly message: string }[]>();

  constructor(channels: readonly SlackChannel[], now: () => number) {
    this.#now = now;
    for (const channel of channels) this.channels.set(channel.id, channel);
  }

  /** A timestamp like Slack's, which names a message of a channel: later ones are greater. */
  nextTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, this.#now() * 1_000);
    return `${Math.floor(this.#lastTs / 1_000_000)}.${String(this.#lastTs % 1_000_000).padStart(6, '0')}`;
  }

  nextId(prefix: string): string {
    this.#made += 1;
    return `${prefix}${String(this.#made).padStart(8, '0')}`;
  }

  post(posting: SlackPosting): SlackMessage {
    const { unfurls = true, stream = null, ...rest } = posting;
    const message: SlackMessage = { ...rest, ts: this.nextTs(), unfurls, stream, edits: [], tombstone: false };
    this.#messages.push(message);
    if (message.bot !== null) this.#statuses.delete(placeOf(message.channel, message.thread));
    return message;
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    return this.#messages.find((message) => message.channel === channel && message.ts === ts);
  }

  edit(message: SlackMessage, change: { readonly text?: string; readonly blocks?: readonly AnyBlock[] }): void {
    const { text, blocks } = message;
    message.edits.push({ text, blocks });
    message.text = change.text ?? text;
    message.blocks = change.blocks ?? blocks;
  }

  /** A thread keeps a tombstone where its first message stood. */
  remove(message: SlackMessage): void {
    this.deleted.push({ ...message });
    const answers = this.#messages.some(({ channel, thread }) => channel === message.channel && thread === message.ts);
    if (answers) {
      message.text = 'This message was deleted.';
      message.blocks = [];
      message.metadata = null;
      message.tombstone = true;
      return;
    }
    this.#messages.splice(this.#messages.indexOf(message), 1);
  }

  /** All of a channel, in the order that they were posted in, threads' answers among them. */
  inChannel(channel: string): readonly SlackMessage[] {
    return this.#messages.filter((message) => message.channel === channel);
  }

  /** A thread's first message and its answers. */
  inThread(channel: string, thread: string): readonly SlackMessage[] {
    return this.inChannel(channel).filter((message) => message.ts === thread || message.thread === thread);
  }

  postEphemeral(shown: Omit<SlackEphemeral, 'id'>): SlackEphemeral {
    const ephemeral: SlackEphemeral = { ...shown, id: this.nextTs() };
    this.ephemerals.push(ephemeral);
    return ephemeral;
  }

  setStatus(channel: string, thread: string, text: string): void {
    if (text === '') this.#statuses.delete(placeOf(channel, thread));
    else this.#statuses.set(placeOf(channel, thread), { text, at: this.#now() });
  }

  /** Null where none is shown: none was set, it was cleared, a message was posted, or two minutes passed. */
  statusOf(channel: string, thread: string): string | null {
    const status = this.#statuses.get(placeOf(channel, thread));
    return status && this.#now() - status.at < slackTimes.status.ms ? status.text : null;
  }

  sessionOf(channel: string, thread: string | null): SlackSession | null {
    return this.sessions.get(placeOf(channel, thread)) ?? null;
  }

  setSession(channel: string, thread: string | null, status: string, title: string | null): SlackSession {
    const place = placeOf(channel, thread);
    const session = this.sessions.get(place) ?? { status, title };
    session.status = status;
    this.sessions.set(place, session);
    return session;
  }

  isStreaming({ stream }: SlackMessage): boolean {
    return stream?.state === 'streaming' && this.#now() - stream.startedAt < slackTimes.stream.ms;
  }

  /** Titles and statuses are replaced, details and output are added to. */
  append(message: SlackMessage, chunks: readonly AnyChunk[]): void {
    const { stream } = message;
    for (const chunk of chunks) {
      switch (chunk.type) {
        case 'markdown_text':
          message.text += chunk.text;
          break;
        case 'blocks':
          message.blocks = [...message.blocks, ...chunk.blocks];
          break;
        case 'plan_update':
          if (stream) stream.plan = chunk.title;
          break;
        case 'task_update': {
          const { id, title, status, details = '', output = '' } = chunk;
          const before = stream?.tasks.get(id);
          const task = {
            id,
            title,
            status,
            details: (before?.details ?? '') + details,
            output: (before?.output ?? '') + output,
          };
          stream?.tasks.set(id, task);
          break;
        }
      }
    }
  }
}
