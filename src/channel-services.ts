/** What the channels work with. Loaded by the first request of a channel, and by the first account that is a workspace. */
import type { NamedObjects, RemoteDirectory } from './accounts/durable-key-administration.ts';
import type { Channel, Installation } from './channels/channel.ts';
import { channelAddresses } from './channels/channel-addresses.ts';
import { type ChannelConfig, parseChannelConfig } from './channels/config.ts';
import { durableWorkspaces, type WorkspacesTools } from './channels/durable-workspaces.ts';
import { slackRoutes } from './channels/slack/routes.ts';
import type { Workspaces } from './channels/workspaces.ts';
import type { Log } from './errors.ts';
import type { WorkspaceServices } from './hosted-workspace.ts';
import { Hono } from './http/hono.ts';
import type { HttpEnv } from './http/http-env.ts';
import type { Roster } from './reflection/model.ts';
import type { TierName } from './reflection/request.ts';

export interface ChannelTools extends WorkspacesTools {
  readonly environment: unknown;
  readonly directory: NamedObjects<Pick<RemoteDirectory, 'add'>>;
  readonly roster: (tier: TierName) => Roster;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly log: Log;
}

export interface ChannelServices {
  /** A handler for each of `channelAddresses`. */
  readonly routes: Hono<HttpEnv>;
  readonly workspace: WorkspaceServices;
}

/** Throws an Error that tells the operator which variable is wrong. */
export function createChannelServices(tools: ChannelTools): ChannelServices {
  const config = parseChannelConfig(tools.environment);
  const { roster, now, chance, log, directory } = tools;
  return {
    routes: routesOf(config, durableWorkspaces(tools), tools),
    workspace: {
      roster,
      now,
      chance,
      log,
      memberRequestsPerMinute: config.memberRequestsPerMinute,
      openChannel: (name, installation) => openChannel(config, name, installation, tools),
      listKey: (key) => directory.getByName('directory').add(key),
    },
  };
}

async function openChannel(
  _config: ChannelConfig,
  _name: string,
  _installation: Installation,
  _tools: ChannelTools,
): Promise<Channel | undefined> {
  return undefined;
}

function routesOf({ slack }: ChannelConfig, workspaces: Workspaces, { now, log }: ChannelTools): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const ports = { workspaces, now, pause, log };
  if (slack) {
    const { signingSecret } = slack;
    const nothing = (): Promise<void> => Promise.resolve();
    routes.route('/', slackRoutes({ ...ports, signingSecret, openView: nothing, whisper: nothing }));
  }
  for (const [method, path] of channelAddresses) routes.on(method, path, (context) => context.notFound());
  return routes;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
