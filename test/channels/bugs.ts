/** Faults of a service that a life with faults around it must show. */
import type { Channel } from '../../src/channels/channel.ts';

export interface Bug {
  /** It posts again without looking whether it did. */
  readonly isBlind?: boolean;
  /** It forgets what it posted. */
  readonly isForgetful?: boolean;
  /** It leaves an answer that was not taken. */
  readonly givesUp?: boolean;
}

/** What is wrong with how a run is shown. Blindness is for whoever plays the platform. */
export function withBug(channel: Channel, { isForgetful = false, givesUp = false }: Bug): Channel {
  const forgotten = isForgetful ? { notes: null, note: () => Promise.resolve() } : {};
  return {
    ...channel,
    showProgress: (run) => channel.showProgress({ ...run, ...forgotten }),
    deliver: async (run) => {
      const delivery = await channel.deliver({ ...run, ...forgotten });
      return givesUp && delivery.type === 'failed' ? { type: 'refused' } : delivery;
    },
  };
}
