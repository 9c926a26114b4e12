/** The manifest: what Slack is told is what the routes take, within Slack's documented limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestParams } from 'slack-web-api-client';
import { describe, expect, test } from 'vitest';
import { manifestFor } from '../../../src/channels/slack/manifest.ts';
import { installPaths, slackPaths } from '../../../src/channels/slack/paths.ts';
import {
  readCommand,
  readEvent,
  readInteraction,
  type subscribedEvents,
} from '../../../src/channels/slack/payloads.ts';
import type { SlackDelivery } from '../../support/slack-delivery.ts';
import { slackMethods } from '../../support/slack-methods.ts';
import { SlackSender } from '../../support/slack-sender.ts';
import { channel, directChannel, slackWorld, team, user } from './slack-world.ts';

const origin = 'https://reflection.example.com';
const manifest = manifestFor(origin);
const { features, oauth_config, settings, display_information } = manifest;

test('the file for those who paste it is the one that is generated', () => {
  const file = join(import.meta.dirname, '../../../slack/manifest.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(manifest);
});

describe('every address is a route of ours', () => {
  test.each<readonly [string, string]>([
    [settings.event_subscriptions.request_url, slackPaths.events],
    [settings.interactivity.request_url, slackPaths.interactions],
    ...features.slash_commands.map(({ url }) => [url, slackPaths.commands] as const),
    ...oauth_config.redirect_urls.map((url) => [url, installPaths.oauth] as const),
  ])('%s', (url, path) => {
    expect(url).toBe(origin + path);
  });
});

describe('what Slack sends for it is not passed over:', () => {
  const world = slackWorld();
  const sender = new SlackSender({
    double: world.double,
    signingSecret: 'secret',
    now: () => world.clock.now,
    team,
    service: origin,
  });
  const thread = '1790000000.000100';
  const [uninstalled, revoked] = sender.uninstalled();
  const events: Readonly<Record<(typeof subscribedEvents)[number], SlackDelivery>> = {
    app_mention: sender.mention({ channel, user, text: 'Well?' }).delivery,
    'message.im': sender.direct({ channel: directChannel, user, text: 'Well?' }).delivery,
    agent_session_stopped: sender.event({
      type: 'agent_session_stopped',
      channel,
      thread_ts: thread,
      user,
      streaming_message_ts: [],
      event_ts: thread,
    }),
    app_uninstalled: uninstalled,
    tokens_revoked: revoked,
  };

  test.each(settings.event_subscriptions.bot_events)('the event %s', (name) => {
    expect(readEvent(JSON.parse(events[name].body)).type).not.toBe('ignored');
  });

  test.each(features.slash_commands)('the command $command', ({ command }) => {
    const { delivery } = sender.command({ channel, user, text: 'Well?', command });
    expect(readCommand(new URLSearchParams(delivery.body)).type).toBe('question');
  });

  test.each(features.shortcuts)('the shortcut $name', ({ callback_id }) => {
    const message = world.double.write(team, { channel, user, text: 'The sky is green.' });
    const { delivery } = sender.messageShortcut({ user, message, callbackId: callback_id });
    const payload: unknown = JSON.parse(new URLSearchParams(delivery.body).get('payload') ?? '');
    expect(readInteraction(payload).type).toBe('question');
  });
});

describe('the scopes', () => {
  const { bot, bot_optional } = oauth_config.scopes;

  test('are all that methods, events and the reading of threads take', () => {
    const ofMethods = Object.values(slackMethods).flatMap(({ scope }) => scope ?? []);
    const ofEvents = ['app_mentions:read', 'im:history'];
    const ofReplies = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
    expect(new Set(bot)).toEqual(new Set(['commands', ...ofMethods, ...ofEvents, ...ofReplies]));
  });

  test('that may be left out are among them', () => {
    expect(bot).toEqual(expect.arrayContaining(bot_optional));
  });
});

test('has the form that Slack’s own types give it', () => {
  const { agent_view: _, shortcuts, ...others } = features;
  const messageShortcuts = shortcuts.map((shortcut) => ({ ...shortcut, type: 'message' as const }));
  const known: ManifestParams = { display_information, features: { ...others, shortcuts: messageShortcuts } };
  expect(known.display_information.name).toBe('edge-reflection');
  expect(shortcuts.map(({ type }) => type)).toEqual(['message']);
});

/** https://docs.slack.dev/reference/app-manifest; of shortcuts' names, https://docs.slack.dev/interactivity/implementing-shortcuts */
describe('is within Slack’s limits:', () => {
  const { agent_view, bot_user, shortcuts, slash_commands } = features;
  test.each<readonly [string, string | readonly unknown[], number]>([
    ['name', display_information.name, 35],
    ['description', display_information.description, 140],
    ['bot name', bot_user.display_name, 80],
    ['agent description', agent_view.agent_description, 300],
    ['suggested prompts', agent_view.suggested_prompts, 4],
    ['shortcuts', shortcuts, 10],
    ...shortcuts.map(({ name }) => ['shortcut name', name, 24] as const),
    ...shortcuts.map(({ callback_id }) => ['callback id', callback_id, 255] as const),
    ...shortcuts.map(({ description }) => ['shortcut description', description, 150] as const),
    ['commands', slash_commands, 50],
    ...slash_commands.map(({ command }) => ['command', command, 32] as const),
    ...slash_commands.map(({ description }) => ['command description', description, 2_000] as const),
    ...slash_commands.map(({ usage_hint }) => ['usage hint', usage_hint, 1_000] as const),
    ['events', settings.event_subscriptions.bot_events, 100],
    ['scopes', oauth_config.scopes.bot, 255],
  ])('%s', (_, value, most) => {
    expect(value.length).toBeGreaterThan(0);
    expect(value.length).toBeLessThanOrEqual(most);
  });

  test('the bot’s name has only letters that it may have', () => {
    expect(bot_user.display_name).toMatch(/^[a-z0-9._-]+$/);
  });
});
