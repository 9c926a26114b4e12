/** For runs that nobody asked for in a channel. */
import type { ChannelDelivery } from '../../src/runs/deliver.ts';

export const noWorkspace = (): Promise<never> => Promise.reject(new Error('This account is no workspace.'));

export const noChannels: ChannelDelivery = {
  showProgress: () => Promise.reject(new Error('There is no channel.')),
  deliver: () => Promise.reject(new Error('There is no channel.')),
};
