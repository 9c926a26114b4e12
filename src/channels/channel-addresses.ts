/** The addresses that platforms call, whose code is loaded only when one does. */
export const channelAddresses = [
  ['POST', '/channels/slack/events'],
  ['POST', '/channels/slack/commands'],
  ['POST', '/channels/slack/interactions'],
  ['GET', '/channels/slack/install'],
  ['GET', '/channels/slack/oauth'],
  ['POST', '/channels/discord/interactions'],
] as const;
