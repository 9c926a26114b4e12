/** What the channels work with. Loaded by the first request of a channel, and by the first account that is a workspace. */
import type { NamedObjects, RemoteDirectory } from './accounts/durable-key-administration.ts';
import type { Installation } from './channels/channel.ts';
import { channelAddresses } from './channels/channel-addresses.ts';
import { channelDelivery } from './channels/channel-delivery.ts';
import { type ChannelConfig, parseChannelConfig } from './channels/config.ts';
import { discordSetup } from './channels/discord/setup.ts';
import { durableWorkspaces, type WorkspacesTools } from './channels/durable-workspaces.ts';
import type { ChannelSetup, ChannelTools } from './channels/setup.ts';
import { slackSetup } from './channels/slack/setup.ts';
import type { WorkspaceServices } from './hosted-workspace.ts';
import { Hono } from './http/hono.ts';
import type { HttpEnv } from './http/http-env.ts';
import type { ChannelDelivery } from './runs/deliver.ts';

export interface ChannelServicesTools
  extends WorkspacesTools,
    Omit<ChannelTools, 'pause' | 'timeout'>,
    Pick<WorkspaceServices, 'roster'> {
  readonly randomBytes: ChannelTools['randomBytes'];
  readonly environment: unknown;
  readonly directory: NamedObjects<Pick<RemoteDirectory, 'add'>>;
}

export interface ChannelServices {
  /** A handler for each of `channelAddresses`. */
  readonly routes: Hono<HttpEnv>;
  readonly workspace: WorkspaceServices;
  /** Shows the runs of one workspace's account. */
  readonly delivery: (installation: Installation) => ChannelDelivery;
}

/** Throws an Error that tells the operator which variable is wrong. */
export function createChannelServices(tools: ChannelServicesTools): ChannelServices {
  const config = configOf(tools);
  const { roster, now, chance, log, directory } = tools;
  const setups = setupsOf(config, { ...tools, pause, timeout });
  const workspaces = durableWorkspaces(tools);
  const routes = new Hono<HttpEnv>();
  for (const setup of setups.values()) routes.route('/', setup.routes(workspaces));
  const openChannel: WorkspaceServices['openChannel'] = async (workspace, installation) =>
    setups.get(workspace.channel)?.open(workspace, installation);
  for (const [method, path] of channelAddresses) routes.on(method, path, (context) => context.notFound());
  return {
    routes,
    workspace: {
      roster,
      now,
      chance,
      log,
      memberRequestsPerMinute: config.memberRequestsPerMinute,
      openChannel,
      listKey: (key) => directory.getByName('directory').add(key),
    },
    delivery: (installation) => channelDelivery((workspace) => openChannel(workspace, installation)),
  };
}

/** The first request of a channel finds out what is wrong, and is told nothing of it: so the log is. */
function configOf({ environment, log }: Pick<ChannelServicesTools, 'environment' | 'log'>): ChannelConfig {
  try {
    return parseChannelConfig(environment);
  } catch (error) {
    if (error instanceof Error) log({ level: 'error', event: 'channels.unconfigured', message: error.message });
    throw error;
  }
}

/** Of the channels that have their variables. */
function setupsOf({ slack, discord }: ChannelConfig, tools: ChannelTools): ReadonlyMap<string, ChannelSetup> {
  const setups = new Map<string, ChannelSetup>();
  if (slack) setups.set('slack', slackSetup(slack, tools));
  if (discord) setups.set('discord', discordSetup(discord, tools));
  return setups;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function timeout(milliseconds: number): AbortSignal {
  return AbortSignal.timeout(milliseconds);
}
