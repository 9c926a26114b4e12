/** Hands each run to the channel in which it was asked for. */
import type { ChannelDelivery } from '../runs/deliver.ts';

/** `open` gives a channel by its name: undefined for one that is not set up here, or not any more. It may be set up again, so an answer is tried again. */
export function channelDelivery(open: (name: string) => Promise<ChannelDelivery | undefined>): ChannelDelivery {
  return {
    accompany: async (run) => (await open(run.address.channel))?.accompany(run) ?? 'over',
    deliver: async (run) => (await open(run.address.channel))?.deliver(run) ?? { type: 'failed', retryAfterMs: null },
  };
}
