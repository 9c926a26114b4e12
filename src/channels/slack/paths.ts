/** Where Slack calls, and where somebody who installs the app comes by. The manifest names them to Slack. */

export const slackPaths = {
  events: '/channels/slack/events',
  commands: '/channels/slack/commands',
  interactions: '/channels/slack/interactions',
} as const;

export const installPaths = { install: '/channels/slack/install', oauth: '/channels/slack/oauth' } as const;
