/** What each channel is set up from, and what it gives. A third channel is one folder with a `setup.ts`, its variables, and a line in `channel-services.ts`. */
import type { Log } from '../errors.ts';
import type { Hono } from '../http/hono.ts';
import type { HttpEnv } from '../http/http-env.ts';
import type { Channel, Installation, Workspace } from './channel.ts';
import type { ChannelConfig } from './config.ts';
import type { Workspaces } from './workspaces.ts';

export type SlackConfig = NonNullable<ChannelConfig['slack']>;
export type DiscordConfig = NonNullable<ChannelConfig['discord']>;

export interface ChannelTools {
  readonly fetch: (request: string | Request, init?: RequestInit) => Promise<Response>;
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
  readonly log: Log;
}

export interface ChannelSetup {
  /** The channel, as it works within the account of a workspace. */
  readonly open: (workspace: Workspace, installation: Installation) => Channel;
  /** What the platform calls. */
  readonly routes: (workspaces: Workspaces) => Hono<HttpEnv>;
}
