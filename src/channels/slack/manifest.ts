/** What Slack is told of the app, so that nobody has to click it together. https://docs.slack.dev/reference/app-manifest */
import { commandName } from './command-words.ts';
import { installPaths, slackPaths } from './paths.ts';
import { shortcutId, subscribedEvents } from './payloads.ts';
import { botScopes, optionalScopes } from './scopes.ts';

/** `origin`: where the service is, such as `https://reflection.example.com`. */
export function manifestFor(origin: string) {
  return {
    display_information: {
      name: 'edge-reflection',
      description: 'Answers that were looked at twice: drafted, checked, and corrected only where there is evidence.',
    },
    features: {
      agent_view: {
        agent_description:
          'Ask anything. A draft is written, checked and looked at again, and you see what was found and what was corrected.',
        suggested_prompts: [
          { title: 'Check a claim', message: 'Is this true, and how do you know: ' },
          { title: 'Work something out', message: 'Work this out step by step: ' },
          { title: 'Write something short', message: 'In at most 80 words: ' },
        ],
      },
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'reflection', always_online: true },
      shortcuts: [
        {
          name: 'Reflect on this',
          type: 'message',
          callback_id: shortcutId,
          description: 'Takes a second look at a message and answers in its thread',
        },
      ],
      slash_commands: [
        {
          command: commandName,
          url: `${origin}${slackPaths.commands}`,
          description: 'An answer that was looked at twice, shown to you alone',
          usage_hint: 'a question, or: settings, set tier quality, set language Korean, on, off, help',
          // What people typed is a question for a model, to which ids of users and channels say nothing.
          should_escape: false,
        },
      ],
    },
    oauth_config: {
      redirect_urls: [`${origin}${installPaths.oauth}`],
      scopes: { bot: Object.keys(botScopes), bot_optional: [...optionalScopes] },
    },
    settings: {
      event_subscriptions: { request_url: `${origin}${slackPaths.events}`, bot_events: [...subscribedEvents] },
      interactivity: { is_enabled: true, request_url: `${origin}${slackPaths.interactions}` },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}
