/** A question in Discord, from the command to its answer, on the double: with faults at any call, losses at any step, and a clock that moves when it is told to. */
import { accountIdOf } from '../../../src/accounts/ids.ts';
import { type Channel, defaultSettings, type Question } from '../../../src/channels/channel.ts';
import { DiscordApi } from '../../../src/channels/discord/api.ts';
import { discordChannel } from '../../../src/channels/discord/discord-channel.ts';
import { answerParts } from '../../../src/channels/discord/messages.ts';
import { readInteraction } from '../../../src/channels/discord/payloads.ts';
import type { LogEntry } from '../../../src/errors.ts';
import type { ReflectionEvent } from '../../../src/reflection/events.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import type { ChannelRun, Delivery } from '../../../src/runs/deliver.ts';
import { DiscordDouble, type DiscordRoute } from '../../support/discord-double.ts';
import type { Fault, ScheduledFault } from '../../support/discord-faults.ts';
import { type AskedIn, places, reflectInteraction } from '../../support/discord-interactions.ts';
import type { SeenMessage } from '../../support/discord-messages.ts';
import { fit } from '../../support/fit-question.ts';

export const application = '1000000000000000000';
export const anna = '1400000000000000004';
export const token = 'aW50ZXJhY3Rpb24';

const knownParts = new WeakMap<Reflection, readonly string[]>();

/** The messages that the answer has, once for each record: thousands of worlds show the same few. */
export function partsOf(record: Reflection): readonly string[] {
  const known = knownParts.get(record) ?? answerParts(record);
  knownParts.set(record, known);
  return known;
}

export interface WorldSetting {
  readonly place?: AskedIn;
  readonly isPrivate?: boolean;
  readonly botToken?: string | null;
  readonly faults?: readonly ScheduledFault<DiscordRoute>[];
  /** The step at which everything that runs is lost, from 1. Calls and notes have a step before them and one after. */
  readonly lossAt?: number;
  /** Whether Discord has read the first answer to the interaction. */
  readonly isAcknowledged?: boolean;
}

export class DiscordWorld {
  readonly double: DiscordDouble;
  readonly log: LogEntry[] = [];
  readonly question: Question;
  readonly isPrivate: boolean;
  readonly place: AskedIn;
  /** So many steps were taken. */
  steps = 0;
  notes: string | null = null;
  #nowMs = 1_800_000_000_000;
  #lose: (() => void) | undefined;
  readonly #setting: WorldSetting;
  readonly #interaction;

  constructor(setting: WorldSetting = {}) {
    const { place = places.guild, isPrivate = false, faults = [], isAcknowledged = true } = setting;
    this.#setting = setting;
    this.place = place;
    this.isPrivate = isPrivate;
    const channels = place.guild !== null && place.installedBy !== 'user' ? [place.channel] : [];
    this.double = new DiscordDouble({ now: this.now, application, botToken: 'secret', channels, faults });
    const origin = { application, id: this.double.messages.snowflake(), token, user: anna, place };
    this.#interaction = reflectInteraction(origin, { prompt: 'Why is the sky blue?', private: isPrivate });
    this.double.send(this.#interaction);
    if (isAcknowledged) this.acknowledge();
    this.question = {
      workspace: { channel: 'discord', id: place.guild ?? `user:${anna}` },
      id: this.#interaction.id,
      member: anna,
      room: place.channel,
      place: place.channel,
      content: JSON.stringify(readInteraction(this.#interaction)),
    };
  }

  readonly now = (): number => this.#nowMs;

  pass(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  acknowledge(): void {
    this.double.answeredInline(this.#interaction, { type: 5, data: { flags: this.isPrivate ? 64 : 0 } });
  }

  /** The first answer when the workspace's account could not be asked, or could not say that it had taken the question. */
  apologise(): void {
    const data = { content: 'Sorry, try again.', flags: 64, allowed_mentions: { parse: [] } };
    this.double.answeredInline(this.#interaction, { type: 4, data });
  }

  /** A new one each time, as after a loss. */
  channel(): Channel {
    const { botToken = 'secret' } = this.#setting;
    const api = new DiscordApi({
      fetch: (url, init) => this.#step(() => this.double.fetch(new Request(url, init))),
      timeout: () => new AbortController().signal,
      chance: () => 0,
      url: 'https://discord.com/api/v10',
      botToken,
    });
    const pause = async (milliseconds: number) => this.pass(milliseconds);
    return discordChannel({ api, now: this.now, pause, log: (entry) => this.log.push(entry) });
  }

  async run(): Promise<ChannelRun> {
    const { address, body } = await fit(this.channel().prepare(this.question, defaultSettings));
    return {
      id: 'refl_test',
      account: accountIdOf(new Uint8Array(16)),
      request: parseReflectionBody(body),
      address: { channel: 'discord', workspace: this.question.workspace.id, address },
      startedAt: this.now(),
      notes: this.notes,
      note: (notes) =>
        this.#step(async () => {
          this.notes = notes;
        }),
    };
  }

  /** `between` is called before each lot. */
  async showProgress(
    log: readonly ReflectionEvent[],
    between = () => this.pass(1_000),
  ): Promise<'over' | 'abandoned' | 'lost'> {
    async function* events() {
      for (let at = 0; at < log.length; at += 4) {
        between();
        yield log.slice(at, at + 4);
      }
    }
    const run = { ...(await this.run()), events };
    return this.#orLost(() => this.channel().showProgress(run));
  }

  /** One try. */
  async deliver(record: Reflection): Promise<Delivery | 'lost'> {
    const run = { ...(await this.run()), record, endedAt: this.now() };
    return this.#orLost(() => this.channel().deliver(run));
  }

  /** Tries until it has an end, waiting so long at least between two tries. */
  async deliverInTheEnd(record: Reflection, waitMs: number): Promise<Delivery> {
    for (let tries = 0; tries < 40; tries++) {
      const end = await this.deliver(record);
      if (end !== 'lost' && end.type !== 'failed') return end;
      this.pass(Math.max(waitMs, end === 'lost' ? 0 : (end.retryAfterMs ?? 0)));
    }
    throw new Error('There is no end to the delivery');
  }

  /** A call or a note, and what is lost with it. */
  async #step<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#mayBeLost();
    const result = await work();
    await this.#mayBeLost();
    return result;
  }

  /** What is lost is never heard of again. */
  async #mayBeLost(): Promise<void> {
    this.steps += 1;
    if (this.steps !== this.#setting.lossAt) return;
    this.#lose?.();
    await new Promise<never>(() => undefined);
  }

  #orLost<Result>(work: () => Promise<Result>): Promise<Result | 'lost'> {
    const lost = new Promise<'lost'>((resolve) => {
      this.#lose = () => resolve('lost');
    });
    return Promise.race([work(), lost]);
  }

  /** What the asker sees of the bot, oldest first. */
  get seen(): SeenMessage[] {
    const { messages } = this.double;
    const all = [...messages.in(this.place.channel), ...messages.onlyFor(anna)];
    return all.toSorted((one, other) => Number(BigInt(one.id) - BigInt(other.id)));
  }

  /** In how many messages each part of the answer stands. One with a draft shows no answer. */
  timesShown(record: Reflection): number[] {
    const answers = this.seen.filter(({ content }) => !content.includes('-# Draft, not the answer yet'));
    return partsOf(record).map((part) => answers.filter(({ content }) => content.includes(part)).length);
  }
}

/** The ways in which a call can go wrong. Silence ends as a broken connection does, and only takes longer. */
export const faultKinds = {
  'an error before it': { type: 'error', status: 500, when: 'before' },
  'an error after it was done': { type: 'error', status: 503, when: 'after' },
  'a broken connection before it': { type: 'reset', when: 'before' },
  'a limit': { type: 'rate limit', afterMs: 1_500, scope: 'user' },
  'a block page': { type: 'block page', status: 429 },
  'a block page that forbids': { type: 'block page', status: 403 },
} as const satisfies Record<string, Fault>;

/** The calls of a run without faults, each with its number among those of its route. */
export function placesOfFaults({ double }: DiscordWorld): { readonly route: DiscordRoute; readonly call: number }[] {
  const counts = new Map<DiscordRoute, number>();
  return double.calls.flatMap(({ route }) => {
    if (route === null) return [];
    const call = (counts.get(route) ?? 0) + 1;
    counts.set(route, call);
    return [{ route, call }];
  });
}
