/** What the bot may do in a workspace that installed it. https://docs.slack.dev/reference/scopes */

/** By scope, what it is for: docs/slack.md names them. */
export const botScopes = {
  'app_mentions:read': 'hear questions that mention it',
  'assistant:write': 'show its status while it works',
  'channels:history': 'read the thread that it is asked in',
  'chat:write': 'answer',
  commands: 'offer /reflect and “Reflect on this”',
  'groups:history': 'read the thread that it is asked in, in private channels',
  'im:history': 'hear direct messages',
  'mpim:history': 'read the thread that it is asked in, in messages of several people',
} as const;
export type BotScope = keyof typeof botScopes;

/** Those that a workspace may leave out. They stand among all as well. https://docs.slack.dev/authentication/installing-with-oauth */
export const optionalScopes = ['mpim:history'] as const satisfies readonly BotScope[];
