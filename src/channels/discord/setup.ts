/** Discord, set up from its variables: the channel of each workspace, and the route that Discord calls. */
import type { ChannelSetup, ChannelTools, DiscordConfig } from '../setup.ts';
import { DiscordApi } from './api.ts';
import { discordChannel } from './discord-channel.ts';
import { discordRoutes } from './routes.ts';

export function discordSetup({ url, publicKey, botToken }: DiscordConfig, tools: ChannelTools): ChannelSetup {
  const { fetch, timeout, chance, now, pause, log } = tools;
  const api = new DiscordApi({ fetch, timeout, chance, url, botToken });
  return {
    open: () => discordChannel({ api, now, pause, log }),
    routes: (workspaces) => discordRoutes({ workspaces, publicKey, now, log }),
  };
}
