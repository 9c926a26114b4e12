/** What a channel is: from a question to what is asked, and from what happens to what is shown. A third channel is one folder with these. */
import type { Refusal } from '../accounts/accounts.ts';
import type { ReflectionBody, TierName } from '../reflection/request.ts';
import type { ChannelDelivery, Delivery } from '../runs/deliver.ts';

export const channelNames = ['slack', 'discord'] as const;
export type ChannelName = (typeof channelNames)[number];

/** People who share an account: a workspace of Slack, a guild of Discord, or somebody who asks Discord's bot alone. */
export interface Workspace {
  readonly channel: ChannelName;
  /** As the platform names it. */
  readonly id: string;
}

/** A question as it came, to be answered by a run of its workspace's account. */
export interface Question {
  readonly workspace: Workspace;
  /** The same however often it is delivered. */
  readonly id: string;
  /** Who asks, as the platform names them. */
  readonly member: string;
  /** The channel of the platform, whose settings hold. */
  readonly room: string;
  /** The conversation within it: what a stop without a run's id is about. */
  readonly place: string;
  /** What the channel has to know of it, as JSON that it wrote. */
  readonly content: string;
}

/** What holds in one room. */
export interface RoomSettings {
  /** Null where the service's own holds. */
  readonly tier: TierName | null;
  /** In which language answers are; null: in that of the question. */
  readonly language: string | null;
  /** Switched off, nothing is answered here. */
  readonly isOn: boolean;
}

export const defaultSettings: RoomSettings = { tier: null, language: null, isOn: true };

/** Nobody in a channel waits on a connection, so a run there may go on after a loss for longer than one that a client waits for. In milliseconds. */
export const channelDeadlineMs = 120_000;

/** What a question asks of the engine. */
export interface PreparedQuestion {
  readonly body: ReflectionBody;
  /** Where the answer belongs, for `ChannelDelivery`. */
  readonly address: string;
}

/** It cannot be asked as it is; `message` says why, and may be shown. */
export interface Unfit {
  readonly type: 'unfit';
  readonly message: string;
}

/** Why a question is not answered. */
export type DeclineReason =
  /** A limit of the workspace refuses it. */
  | { readonly type: 'limited'; readonly refusal: Refusal }
  /** The member has asked as often as they may in a minute. */
  | { readonly type: 'member_limited'; readonly size: number; readonly retryAfterMs: number }
  /** For the room, or by the operator for the whole workspace. */
  | { readonly type: 'switched_off' }
  | Unfit;

/** One channel, as it works within the object of one workspace's account. */
export interface Channel extends ChannelDelivery {
  /** May ask the platform for what was said before, 5 s at most, and does without it where that fails. Never rejects. */
  prepare(question: Question, settings: RoomSettings): Promise<PreparedQuestion | Unfit>;
  /** Tells whoever asked. Never rejects; `failed` is tried again. */
  decline(question: Question, why: DeclineReason): Promise<Delivery>;
}

/** What a channel keeps in the account of a workspace: null while nothing was kept. */
export interface Installation {
  /** As the channel wrote it; secrets in it are encrypted. */
  read(): Promise<string | null>;
}
