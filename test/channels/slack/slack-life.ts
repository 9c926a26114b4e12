/**
 * A workspace's life with a bot in it, drawn from a seed: people ask in every way, Slack delivers what they said up to four times and fails at any call, before
 * or after it did what it was asked, and the account's object is lost at any step. Afterwards each question has exactly one answer.
 */
import { parseChannelConfig } from '../../../src/channels/config.ts';
import { shortcutId } from '../../../src/channels/slack/payloads.ts';
import { slackSetup } from '../../../src/channels/slack/setup.ts';
import { AppError, errorKinds } from '../../../src/errors.ts';
import type { ModelCall } from '../../../src/reflection/model.ts';
import { Chance } from '../../simulation/chance.ts';
import type { Loss, ObjectInstance } from '../../simulation/object-instance.ts';
import type { SlackDelivery } from '../../support/slack-delivery.ts';
import { SlackDouble } from '../../support/slack-double.ts';
import type { SlackFault } from '../../support/slack-faults.ts';
import type { SlackMessage } from '../../support/slack-messages.ts';
import { SlackSender } from '../../support/slack-sender.ts';
import { type Bug, withBug } from '../bugs.ts';
import { ChannelWorld, type Line } from '../channel-world.ts';
import { faultOf } from './slack-faults-by-chance.ts';

const team = 'T0001';
const token = 'xoxb-0001';
const signingSecret = 'a secret that Slack and the service share';
const service = 'https://reflection.example';
const users = ['U0001', 'U0002'] as const;
const config = parseChannelConfig({ SLACK_SIGNING_SECRET: signingSecret, SLACK_BOT_TOKEN: token }).slack;

const minute = 60_000;
/** Slack sends what was not acknowledged again after a moment, a minute and five. */
const redeliveries = [0, 500, minute, 5 * minute] as const;
/** Longer than an answer is tried again for. */
const lifeMs = 7 * 60 * minute;

type Way = 'mention' | 'thread' | 'direct' | 'command' | 'shortcut' | 'stranger shortcut';
const ways: readonly [Way, ...Way[]] = ['mention', 'thread', 'direct', 'command', 'shortcut', 'stranger shortcut'];

interface Asked {
  readonly way: Way;
  /** A word that the question holds and its answer too, and nothing else. */
  readonly word: string;
  readonly user: string;
  readonly channel: string;
  readonly thread: string | null;
  /** Slack was told that it came. */
  acknowledged: boolean;
  /** Somebody asked to stop it. */
  stopped: boolean;
}

export interface SlackLife {
  readonly asked: readonly Asked[];
  /** What should not be, in words. */
  readonly broken: readonly string[];
  readonly double: SlackDouble;
  readonly world: ChannelWorld;
  readonly faults: readonly SlackFault[];
  readonly losses: ReadonlyMap<number, Loss>;
}

/** `bug`: what is wrong with the service; nothing, unless a test wants to see it. */
export async function slackLife(seed: number, bug: Bug = {}): Promise<SlackLife> {
  const life = new Life(seed, bug);
  await life.live();
  return life.told();
}

class Life {
  readonly #chance: Chance;
  readonly #faults: readonly SlackFault[];
  readonly #losses: ReadonlyMap<number, Loss>;
  readonly #double: SlackDouble;
  readonly #world: ChannelWorld;
  readonly #sender: SlackSender;
  readonly #asked: Asked[] = [];
  readonly #broken: string[] = [];
  readonly #lines = new Map<string, Line>();

  readonly #bug: Bug;

  constructor(seed: number, bug: Bug) {
    this.#bug = bug;
    const chance = new Chance(seed);
    this.#chance = chance;
    this.#faults = Array.from({ length: chance.integer(0, 6) }, () => faultOf(chance));
    this.#losses = new Map(
      Array.from({ length: chance.integer(0, 3) }, () => [
        chance.integer(1, 160),
        chance.pick(['crashed', 'evicted'] as const),
      ]),
    );
    this.#world = new ChannelWorld({
      seed,
      losses: this.#losses,
      memberRequestsPerMinute: 50,
      script: (call) => this.#lineFor(call),
      openChannel: ({ instance, installation, ...tools }) =>
        withBug(
          slackSetup(slackConfig(), {
            ...tools,
            fetch: (request, init) => this.#fetch(instance, request, init),
            randomBytes: (count) => chance.bytes(count),
          }).open({ channel: 'slack', id: team }, installation),
          bug,
        ),
    });
    const { now } = this.#world.clock;
    this.#double = new SlackDouble({
      now,
      faults: this.#faults,
      workspaces: [
        {
          team,
          token,
          channels: [
            { id: 'C0001', kind: 'public', users },
            { id: 'C0002', kind: 'public', users, member: false },
            { id: 'D0001', kind: 'im', users: [users[0]] },
          ],
        },
      ],
    });
    this.#sender = new SlackSender({ double: this.#double, signingSecret, now, team, service });
  }

  async live(): Promise<void> {
    const { timeline } = this.#world;
    const count = this.#chance.integer(1, 3);
    for (let index = 0; index < count; index += 1) {
      const at = this.#chance.integer(0, 20_000);
      const way = this.#chance.pick(ways);
      const line = { text: this.#answerWith(`word${index}`), everyMs: this.#chance.integer(5, 900) };
      this.#lines.set(`word${index}`, line);
      timeline.after(at, () => this.#ask(way, `word${index}`));
    }
    await this.#world.run(lifeMs);
  }

  told(): SlackLife {
    for (const asked of this.#asked) this.#judge(asked);
    const { channels } = this.#double.workspace(team).messages;
    for (const channel of channels.keys()) {
      for (const message of this.#messagesIn(channel)) {
        if (message.bot !== null && this.#double.workspace(team).messages.isStreaming(message)) {
          this.#broken.push(`${message.ts} is still streaming`);
        }
      }
    }
    return {
      asked: this.#asked,
      broken: this.#broken,
      double: this.#double,
      world: this.#world,
      faults: this.#faults,
      losses: this.#losses,
    };
  }

  #messagesIn(channel: string): readonly SlackMessage[] {
    return this.#double.workspace(team).messages.inChannel(channel);
  }

  #answerWith(word: string): string {
    const lines = this.#chance.pick([1, 1, 3, 12, 400]);
    return Array.from(
      { length: lines },
      (_, line) => `The ${word} number ${line} is **bold** and [linked](https://a.example).`,
    ).join('\n\n');
  }

  #lineFor({ role, messages }: ModelCall): Line {
    if (role === 'critique') return { text: '{"verdict":"pass","issues":[]}' };
    const question = messages.at(-1)?.content ?? '';
    const [word = ''] = /word\d/.exec(question) ?? [];
    return this.#lines.get(word) ?? { text: 'I do not know.' };
  }

  /** Calls take time on the way there and back, and a lost object hears of neither. */
  async #fetch(instance: ObjectInstance, request: string | Request, init?: RequestInit): Promise<Response> {
    await instance.confirmed();
    await instance.sleep(this.#chance.integer(1, 40));
    const isUnseen = this.#bug.isBlind === true && String(request).endsWith('conversations.replies');
    const answered = isUnseen ? Promise.resolve(Response.json(nothingFound)) : this.#double.fetch(request, init);
    answered.catch(() => undefined);
    await instance.sleep(this.#chance.integer(1, 40));
    return instance.held(answered);
  }

  #ask(way: Way, word: string): void {
    const user = this.#chance.pick(users);
    const text = `What is the ${word}?`;
    const asked = (channel: string, thread: string | null, by = user): Asked => {
      const entry = { way, word, user: by, channel, thread, acknowledged: false, stopped: false };
      this.#asked.push(entry);
      return entry;
    };
    switch (way) {
      case 'mention': {
        const { delivery, message } = this.#sender.mention({ channel: 'C0001', user, text });
        this.#deliver(asked('C0001', message.ts), delivery);
        return;
      }
      case 'thread': {
        const root = this.#double.write(team, { channel: 'C0001', user, text: 'Let us talk.' });
        this.#double.write(team, { channel: 'C0001', user, text: 'Of many things.', thread: root.ts });
        const { delivery } = this.#sender.mention({ channel: 'C0001', user, text, thread: root.ts });
        this.#deliver(asked('C0001', root.ts), delivery);
        return;
      }
      case 'direct': {
        const [only] = users;
        const { delivery, message } = this.#sender.direct({ channel: 'D0001', user: only, text });
        this.#deliver(asked('D0001', message.ts, only), delivery);
        return;
      }
      case 'command': {
        const { delivery, responseUrl } = this.#sender.command({ channel: 'C0001', user, text });
        const entry = asked('C0001', null);
        void this.#send(delivery.request()).then(async (response) => {
          if (response.status !== 200) return this.#broken.push(`a command was answered with ${response.status}`);
          const said = await response.text();
          entry.acknowledged = said.includes('second look');
          return this.#double.acknowledge(responseUrl, said);
        });
        return;
      }
      case 'shortcut':
      case 'stranger shortcut': {
        const channel = way === 'shortcut' ? 'C0001' : 'C0002';
        const message = this.#double.write(team, { channel, user, text });
        const { delivery } = this.#sender.messageShortcut({ user, message, callbackId: shortcutId });
        this.#deliver(asked(channel, way === 'shortcut' ? message.ts : null), delivery);
        return;
      }
    }
  }

  /** As often as Slack likes, acknowledged or not; and where nobody acknowledges, until somebody does. */
  #deliver(asked: Asked, delivery: SlackDelivery): void {
    const { timeline } = this.#world;
    const repeated = this.#chance.integer(0, 3);
    for (const [attempt, after] of redeliveries.entries()) {
      timeline.after(after + this.#chance.integer(0, 200), () => {
        if (asked.acknowledged && attempt > repeated) return;
        void this.#send(delivery.request()).then((response) => {
          if (response.status === 200) asked.acknowledged = true;
          else if (response.status !== 503) this.#broken.push(`answered with ${response.status}`);
        });
      });
    }
    if (this.#chance.happens(0.3)) {
      timeline.after(this.#chance.integer(0, 15_000), () => this.#stop(asked));
    }
  }

  /** Slack's own stop button, or ours where it stands. It may come before anything began, and after all is over. */
  #stop(asked: Asked): void {
    const { channel, thread, user } = asked;
    if (thread === null) return;
    asked.stopped = true;
    this.#double.stopStreams(team, channel, thread);
    void this.#send(this.#sender.stopped({ channel, thread, user }).request());
  }

  async #send(request: Request): Promise<Response> {
    const { workspaces, clock, timeline, log } = this.#world;
    const { now } = clock;
    const tools = { now, log: log.push.bind(log), chance: () => 0.5, pause: timeline.sleep.bind(timeline) };
    const instance = { confirmed: () => Promise.resolve(), sleep: timeline.sleep.bind(timeline) };
    const routes = slackSetup(slackConfig(), {
      ...tools,
      timeout: () => new AbortController().signal,
      fetch: async (call, init) => {
        await instance.sleep(20);
        return this.#double.fetch(call, init);
      },
      randomBytes: (count) => this.#chance.bytes(count),
    }).routes(workspaces);
    routes.onError(
      (error) => new Response(null, { status: error instanceof AppError ? errorKinds[error.code].status : 500 }),
    );
    return routes.fetch(request);
  }

  /** What only one person sees, once it is no progress any more. */
  #ephemeralAnswers(user: string): string[] {
    const { ephemerals } = this.#double.workspace(team).messages;
    return ephemerals
      .filter((shown) => shown.user === user)
      .map((shown) => JSON.stringify(shown))
      .filter((shown) => shown.includes('Show reflection'));
  }

  #judge(asked: Asked): void {
    const { way, word, channel, thread, user, acknowledged, stopped } = asked;
    const tell = (what: string) => this.#broken.push(`${way} ${word}: ${what}`);
    if (!acknowledged) return;
    if (thread === null) {
      const seen = this.#ephemeralAnswers(user).filter((shown) => shown.includes(word));
      if (seen.length !== 1) tell(`${seen.length} ephemeral answers`);
      return;
    }
    const own = this.#double
      .workspace(team)
      .messages.inThread(channel, thread)
      .filter(({ bot }) => bot !== null);
    const answers = own.filter(({ text, blocks }) => text.includes(word) || JSON.stringify(blocks).includes(word));
    const runs = new Set(own.map(({ metadata }) => String(metadata?.event_payload['run'])));
    if (runs.size !== 1) tell(`${runs.size} runs in the thread: ${[...runs].join(', ')}`);
    const parts = own.map(({ metadata }) => metadata?.event_payload['part']);
    if (JSON.stringify(parts) !== JSON.stringify(parts.map((_, index) => index))) tell(`parts ${parts.join(' ')}`);
    const open = own.filter(({ metadata }) => metadata?.event_payload['is_answer'] !== true);
    if (open.length > 0)
      tell(`${open.length} messages are no answer: ${JSON.stringify(open.map((each) => each.text))}`);
    if (own.some(({ blocks }) => JSON.stringify(blocks).includes('reflection_stop'))) tell('a Stop button was left');
    if (!stopped && answers.length === 0) tell('no answer');
    if (own.length === 0) tell('nothing was said');
  }
}

const nothingFound = { ok: true, messages: [] };

function slackConfig() {
  if (!config) throw new Error('Slack is set up.');
  return config;
}
