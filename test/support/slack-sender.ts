/** Makes what Slack sends: events, commands and interactions. https://docs.slack.dev/apis/events-api */
import type {
  AgentSessionStoppedEvent,
  AppContextChangedEvent,
  AppHomeOpenedEvent,
  AppMentionEvent,
  AppUninstalledEvent,
  GenericMessageEvent,
  MessageChangedEvent,
  MessageDeletedEvent,
  SlackEvent,
  TokensRevokedEvent,
} from '@slack/types';
import { clickOn } from './slack-clicks.ts';
import { SlackDelivery, signatureOf } from './slack-delivery.ts';
import type { SlackDouble } from './slack-double.ts';
import type { SlackMessage } from './slack-messages.ts';

type Route = 'events' | 'commands' | 'interactions';

export interface SenderSetup {
  readonly double: SlackDouble;
  readonly signingSecret: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly team: string;
  /** Where the service is: `https://reflection.example`. */
  readonly service: string;
}

export interface Spoken {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly thread?: string;
}

interface Asked<T> {
  readonly delivery: SlackDelivery;
  readonly event: T;
  readonly message: SlackMessage;
}

export class SlackSender {
  readonly #setup: SenderSetup;
  #events = 0;

  constructor(setup: SenderSetup) {
    this.#setup = setup;
  }

  verification(challenge: string): SlackDelivery {
    return this.#json({ token: 'of-old', challenge, type: 'url_verification' });
  }

  /** Any event in its envelope, under a new `event_id`. */
  event(event: SlackEvent): SlackDelivery {
    const { team, now, double } = this.#setup;
    const { app, botUser } = double.workspace(team);
    this.#events += 1;
    return this.#json({
      token: 'of-old',
      team_id: team,
      context_team_id: team,
      api_app_id: app,
      event,
      type: 'event_callback',
      event_id: `Ev${String(this.#events).padStart(8, '0')}`,
      event_time: Math.floor(now() / 1_000),
      authorizations: [
        { enterprise_id: null, team_id: team, user_id: botUser, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
    });
  }

  /** Somebody writes the bot's name in a channel. */
  mention({ text, ...spoken }: Spoken): Asked<AppMentionEvent> {
    const { double, team } = this.#setup;
    const said = `<@${double.workspace(team).botUser}> ${text}`;
    const message = double.write(team, { ...spoken, text: said });
    const event: AppMentionEvent = {
      type: 'app_mention',
      user: spoken.user,
      text: said,
      team,
      ts: message.ts,
      channel: spoken.channel,
      event_ts: message.ts,
      ...(spoken.thread !== undefined && { thread_ts: spoken.thread }),
    };
    return { event, message, delivery: this.event(event) };
  }

  /** Somebody writes to the bot. */
  direct(spoken: Spoken): Asked<GenericMessageEvent> {
    const { double, team } = this.#setup;
    const message = double.write(team, spoken);
    const event = this.#messageEvent(message);
    return { event, message, delivery: this.event(event) };
  }

  /** Slack tells the app of what the app itself posted, as of any other message. */
  echo(message: SlackMessage): SlackDelivery {
    return this.event(this.#messageEvent(message));
  }

  /** Somebody edits what they wrote. */
  changed(message: SlackMessage, text: string): SlackDelivery {
    const { double, team } = this.#setup;
    const before = this.#messageEvent(message);
    double.workspace(team).messages.edit(message, { text });
    const event: MessageChangedEvent = {
      ...this.#hidden(message),
      subtype: 'message_changed',
      message: this.#messageEvent(message),
      previous_message: before,
    };
    return this.event(event);
  }

  /** Somebody deletes what they wrote. */
  deleted(message: SlackMessage): SlackDelivery {
    const { double, team } = this.#setup;
    const before = this.#messageEvent(message);
    double.workspace(team).messages.remove(message);
    const event: MessageDeletedEvent = {
      ...this.#hidden(message),
      subtype: 'message_deleted',
      deleted_ts: message.ts,
      previous_message: before,
    };
    return this.event(event);
  }

  /** Somebody clicks on Slack's own stop button, which ends the streams as well. */
  stopped({ channel, thread, user }: { channel: string; thread: string; user: string }): SlackDelivery {
    const { double, team } = this.#setup;
    const event: AgentSessionStoppedEvent = {
      type: 'agent_session_stopped',
      channel,
      user,
      thread_ts: thread,
      streaming_message_ts: [...double.stopStreams(team, channel, thread)],
      event_ts: double.workspace(team).messages.nextTs(),
    };
    return this.event(event);
  }

  homeOpened({ channel, user, tab }: { channel: string; user: string; tab: 'home' | 'messages' }): SlackDelivery {
    const event: AppHomeOpenedEvent = { type: 'app_home_opened', user, channel, tab, event_ts: this.#ts() };
    return this.event(event);
  }

  contextChanged({ channel, user, viewed }: { channel: string; user: string; viewed: string }): SlackDelivery {
    const entities = [{ type: 'slack#/types/channel_id', value: viewed, team_id: this.#setup.team } as const];
    const event: AppContextChangedEvent = {
      type: 'app_context_changed',
      channel,
      user,
      context: { entities },
      event_ts: this.#ts(),
    };
    return this.event(event);
  }

  /** The app is removed: its token is worth nothing from here on. Slack tells so by two events, in either order. */
  uninstalled(): readonly [SlackDelivery, SlackDelivery] {
    const { double, team } = this.#setup;
    const workspace = double.workspace(team);
    workspace.revoked = true;
    const gone: AppUninstalledEvent = { type: 'app_uninstalled' };
    const revoked: TokensRevokedEvent = { type: 'tokens_revoked', tokens: { oauth: [], bot: [workspace.botUser] } };
    return [this.event(gone), this.event(revoked)];
  }

  command({ channel, user, text, command = '/reflect' }: Omit<Spoken, 'thread'> & { readonly command?: string }) {
    const { double, team } = this.#setup;
    const responseUrl = double.issueResponseUrl(team, { channel, user });
    const trigger = double.issueTrigger(team, user);
    const workspace = double.workspace(team);
    const delivery = this.#form('commands', {
      token: 'of-old',
      team_id: team,
      team_domain: workspace.name,
      channel_id: channel,
      channel_name: workspace.messages.channels.get(channel)?.name ?? 'unknown',
      user_id: user,
      user_name: user.toLowerCase(),
      command,
      text,
      api_app_id: workspace.app,
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: trigger,
    });
    return { delivery, responseUrl, trigger };
  }

  messageShortcut({ user, message, callbackId }: { user: string; message: SlackMessage; callbackId: string }) {
    const { double, team } = this.#setup;
    const { channel, ts, thread, text } = message;
    const responseUrl = double.issueResponseUrl(team, { channel, user });
    const trigger = double.issueTrigger(team, user);
    const delivery = this.#interaction(user, {
      type: 'message_action',
      callback_id: callbackId,
      trigger_id: trigger,
      response_url: responseUrl,
      message_ts: ts,
      channel: { id: channel, name: 'channel' },
      message: { type: 'message', user: message.user, ts, text, ...(thread !== null && { thread_ts: thread }) },
    });
    return { delivery, responseUrl, trigger };
  }

  globalShortcut({ user, callbackId }: { user: string; callbackId: string }) {
    const trigger = this.#setup.double.issueTrigger(this.#setup.team, user);
    const payload = { type: 'shortcut', callback_id: callbackId, trigger_id: trigger, action_ts: this.#ts() };
    return { delivery: this.#interaction(user, payload), trigger };
  }

  /** A click on what the message shows. Throws where it shows no such thing: nobody can click on it. `rating` for feedback buttons. */
  click(clicked: { user: string; message: SlackMessage; actionId: string; rating?: 'positive' | 'negative' }) {
    const { double, team } = this.#setup;
    const { user, message, actionId, rating } = clicked;
    const { channel, ts, thread, text, blocks } = message;
    const action = clickOn(blocks, actionId, rating);
    const responseUrl = double.issueResponseUrl(team, { channel, user, original: message });
    const trigger = double.issueTrigger(team, user);
    const delivery = this.#interaction(user, {
      type: 'block_actions',
      trigger_id: trigger,
      response_url: responseUrl,
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: 'channel' },
      message: { type: 'message', ts, text, blocks, ...(thread !== null && { thread_ts: thread }) },
      state: { values: {} },
      actions: [{ ...action, action_ts: this.#ts() }],
    });
    return { delivery, responseUrl, trigger };
  }

  /** `values`: by block and action, what was filled in. */
  submission({ user, view, values = {} }: { user: string; view: string; values?: Readonly<Record<string, unknown>> }) {
    const { double, team } = this.#setup;
    const shown = double.workspace(team).messages.views.find(({ id }) => id === view);
    if (!shown) throw new Error(`no view ${view} is open`);
    const whole = { ...shown.view, id: view, team_id: team, state: { values } };
    return this.#interaction(user, { type: 'view_submission', view: whole, response_urls: [] });
  }

  #ts(): string {
    const { double, team } = this.#setup;
    return double.workspace(team).messages.nextTs();
  }

  #messageEvent({ channel, user, bot, text, ts, thread }: SlackMessage): GenericMessageEvent {
    const { team } = this.#setup;
    const place = { channel, channel_type: this.#channelType(channel), team };
    const author = { user, ...(bot !== null && { bot_id: bot }) };
    const inThread = thread !== null && { thread_ts: thread };
    return { type: 'message', subtype: undefined, ...author, text, ts, event_ts: ts, ...place, ...inThread };
  }

  #channelType(channel: string): 'im' | 'group' | 'channel' {
    const { double, team } = this.#setup;
    const types = { im: 'im', private: 'group', public: 'channel' } as const;
    return types[double.workspace(team).messages.channels.get(channel)?.kind ?? 'public'];
  }

  #hidden({ channel }: SlackMessage) {
    const ts = this.#ts();
    return {
      type: 'message',
      hidden: true,
      channel,
      channel_type: this.#channelType(channel),
      ts,
      event_ts: ts,
    } as const;
  }

  #interaction(user: string, payload: Readonly<Record<string, unknown>>): SlackDelivery {
    const { double, team } = this.#setup;
    const { app, name } = double.workspace(team);
    const whole = {
      token: 'of-old',
      api_app_id: app,
      team: { id: team, domain: name },
      user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: team },
      enterprise: null,
      is_enterprise_install: false,
      ...payload,
    };
    return this.#form('interactions', { payload: JSON.stringify(whole) });
  }

  #json(body: unknown): SlackDelivery {
    return this.#delivery('events', 'application/json', JSON.stringify(body));
  }

  #form(route: Route, fields: Readonly<Record<string, string>>): SlackDelivery {
    return this.#delivery(route, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
  }

  #delivery(route: Route, contentType: string, body: string): SlackDelivery {
    const { service, signingSecret, now } = this.#setup;
    return new SlackDelivery(`${service}/channels/slack/${route}`, contentType, body, (text) =>
      signatureOf(text, signingSecret, now()),
    );
  }
}
