/** Hands each run to the channel in which it was asked for. */
import type { ChannelAddress, ChannelDelivery } from '../runs/deliver.ts';
import { channelNames, type Workspace } from './channel.ts';

/** `open` gives the channel of a workspace: undefined for one that is not set up here, or not any more. It may be set up again, so an answer is tried again. */
export function channelDelivery(open: (workspace: Workspace) => Promise<ChannelDelivery | undefined>): ChannelDelivery {
  const channelOf = async ({ channel: name, workspace: id }: ChannelAddress): Promise<ChannelDelivery | undefined> => {
    const channel = channelNames.find((each) => each === name);
    return channel && open({ channel, id });
  };
  return {
    showProgress: async (run) => (await channelOf(run.address))?.showProgress(run) ?? 'over',
    deliver: async (run) => (await channelOf(run.address))?.deliver(run) ?? { type: 'failed', retryAfterMs: null },
  };
}
