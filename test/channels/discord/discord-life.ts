/**
 * A server with a bot in it, drawn from a seed: people ask in public and alone, some interactions come more than once, Discord fails at any call, before or after
 * it did what it was asked, tokens run out, and the account's object is lost at any step. Afterwards each question has exactly one answer.
 */
import type { APIInteraction } from 'discord-api-types/v10';
import { parseChannelConfig } from '../../../src/channels/config.ts';
import { customIdOf } from '../../../src/channels/discord/payloads.ts';
import { discordSetup } from '../../../src/channels/discord/setup.ts';
import type { ChannelTools } from '../../../src/channels/setup.ts';
import type { Workspaces } from '../../../src/channels/workspaces.ts';
import { AppError, errorKinds } from '../../../src/errors.ts';
import type { ModelCall } from '../../../src/reflection/model.ts';
import { Chance } from '../../simulation/chance.ts';
import type { Loss, ObjectInstance } from '../../simulation/object-instance.ts';
import { DiscordDouble, type DiscordRoute } from '../../support/discord-double.ts';
import type { ScheduledFault } from '../../support/discord-faults.ts';
import { type AskedIn, places } from '../../support/discord-interactions.ts';
import type { SeenMessage } from '../../support/discord-messages.ts';
import { buttonsOf, DiscordSender } from '../../support/discord-sender.ts';
import { type Bug, withBug } from '../bugs.ts';
import { ChannelWorld, type Line } from '../channel-world.ts';
import { faultsOf } from './discord-faults-by-chance.ts';

const application = '1000000000000000000';
const botToken = 'secret';
const users = ['1400000000000000004', '1400000000000000005'] as const;
const url = 'https://discord.com/api/v10';
const service = 'https://reflection.example/channels/discord/interactions';
const where = [places.guild, places.guild, places.guildOfBoth, places.guildOfUser, places.botMessages] as const;

const minute = 60_000;
const lifeMs = 7 * 60 * minute;

interface Asked {
  readonly interaction: APIInteraction;
  readonly place: AskedIn;
  readonly user: string;
  /** A word that the question holds and its answer too, and nothing else. */
  readonly word: string;
  readonly isPrivate: boolean;
  /** Whoever asked was told that the answer comes, and not that it cannot be asked just now. */
  acknowledged: boolean;
  stopped: boolean;
}

export interface DiscordLife {
  readonly asked: readonly Asked[];
  /** What should not be, in words. */
  readonly broken: readonly string[];
  readonly double: DiscordDouble;
  readonly world: ChannelWorld;
  readonly faults: readonly ScheduledFault<DiscordRoute>[];
}

/** `bug`: what is wrong with the service; nothing, unless a test wants to see it. */
export async function discordLife(seed: number, bug: Bug = {}): Promise<DiscordLife> {
  const life = new Life(seed, bug);
  await life.live();
  return life.told();
}

class Life {
  readonly #chance: Chance;
  /** A workspace is an account, so all ask in one. */
  readonly #place: AskedIn;
  readonly #faults: readonly ScheduledFault<DiscordRoute>[];
  readonly #world: ChannelWorld;
  readonly #double: DiscordDouble;
  readonly #asked: Asked[] = [];
  readonly #broken: string[] = [];
  readonly #lines = new Map<string, Line>();
  /** Told when the route has seen that an interaction is signed: that takes real time, in which the world stands still. */
  #seen: () => void = () => undefined;

  constructor(seed: number, bug: Bug) {
    const chance = new Chance(seed);
    this.#chance = chance;
    this.#place = chance.pick(where);
    this.#faults = Array.from({ length: chance.integer(0, 5) }, () => faultsOf(chance)).flat();
    const losses = new Map(
      Array.from({ length: chance.integer(0, 3) }, (): [number, Loss] => [
        chance.integer(1, 120),
        chance.pick(['crashed', 'evicted'] as const),
      ]),
    );
    this.#world = new ChannelWorld({
      seed,
      losses,
      memberRequestsPerMinute: 50,
      script: (call) => this.#lineFor(call),
      openChannel: ({ instance, installation, ...tools }) => {
        const fetch: ChannelTools['fetch'] = (request, init) => this.#fetch(instance, String(request), init);
        const setup = discordSetup(configOf('00'.repeat(32)), {
          ...tools,
          fetch,
          randomBytes: chance.bytes.bind(chance),
        });
        return withBug(setup.open({ channel: 'discord', id: 'any' }, installation), bug);
      },
    });
    const channels = where.filter(({ guild, installedBy }) => guild !== null && installedBy !== 'user');
    this.#double = new DiscordDouble({
      now: this.#world.clock.now,
      application,
      botToken,
      channels: channels.map(({ channel }) => channel),
      faults: this.#faults,
    });
  }

  async live(): Promise<void> {
    const sender = await this.#newSender();
    const count = this.#chance.integer(1, 3);
    const plan: { readonly at: number; readonly act: () => Promise<void> }[] = [];
    for (let index = 0; index < count; index += 1) {
      const asked = this.#newQuestion(sender, `word${index}`);
      const at = this.#chance.integer(0, 20_000);
      const times = this.#chance.integer(1, 4);
      for (let time = 0; time < times; time += 1) {
        plan.push({ at: at + time * this.#chance.integer(0, 900), act: () => this.#send(sender, asked, time === 0) });
      }
      if (this.#chance.happens(0.3)) {
        plan.push({ at: at + this.#chance.integer(0, 15_000), act: () => this.#stop(sender, asked) });
      }
    }
    for (const { at, act } of plan.toSorted((one, other) => one.at - other.at)) {
      await this.#world.run(Math.max(0, at - this.#world.timeline.now));
      await act();
    }
    await this.#world.run(lifeMs);
  }

  async told(): Promise<DiscordLife> {
    for (const asked of this.#asked) await this.#judge(asked);
    return {
      asked: this.#asked,
      broken: this.#broken,
      double: this.#double,
      world: this.#world,
      faults: this.#faults,
    };
  }

  async #newSender(): Promise<DiscordSender> {
    const { workspaces, clock, log } = this.#world;
    const sender = await DiscordSender.create({
      now: clock.now,
      application,
      double: this.#double,
      url: service,
      deliver: async (request) => {
        const routes = setup.routes(this.#watched(workspaces));
        routes.onError((error) => {
          return new Response(null, { status: error instanceof AppError ? errorKinds[error.code].status : 500 });
        });
        return routes.fetch(request);
      },
    });
    const setup = discordSetup(configOf(sender.publicKey), {
      fetch: () => Promise.reject(new Error('The routes call nobody.')),
      timeout: () => new AbortController().signal,
      pause: () => Promise.resolve(),
      now: clock.now,
      chance: () => 0.5,
      randomBytes: (length) => new Uint8Array(length),
      log: log.push.bind(log),
    });
    return sender;
  }

  #watched(workspaces: Workspaces): Workspaces {
    const seen = <Given extends readonly unknown[], Answer>(work: (...given: Given) => Answer) => {
      return (...given: Given): Answer => {
        this.#seen();
        return work(...given);
      };
    };
    return { ...workspaces, ask: seen(workspaces.ask), stop: seen(workspaces.stop) };
  }

  #newQuestion(sender: DiscordSender, word: string): Asked {
    const place = this.#place;
    // Who asks the bot alone is a workspace by themselves.
    const user = place.guild === null ? users[0] : this.#chance.pick(users);
    const isPrivate = this.#chance.happens(0.3);
    const lines = this.#chance.pick([1, 1, 3, 30, 200]);
    const text = Array.from({ length: lines }, (_, line) => `The ${word} number ${line} is **bold**.`).join('\n\n');
    this.#lines.set(word, { text, everyMs: this.#chance.integer(5, 600) });
    const prompt = `What is the ${word}?`;
    const interaction = this.#chance.happens(0.2)
      ? sender.reflectOn(user, place, prompt)
      : sender.reflect(user, place, { prompt, private: isPrivate });
    const isCommand = interaction.type === 2 && interaction.data.type === 1;
    const asked = {
      interaction,
      place,
      user,
      word,
      isPrivate: isPrivate && isCommand,
      acknowledged: false,
      stopped: false,
    };
    this.#asked.push(asked);
    return asked;
  }

  /** Discord takes the first answer to an interaction alone. */
  async #send(sender: DiscordSender, asked: Asked, isFirst: boolean): Promise<void> {
    const { interaction } = asked;
    const seen = new Promise<void>((resolve) => {
      this.#seen = resolve;
    });
    const sent = sender.send(interaction);
    await Promise.race([seen, sent]);
    const noted = sent.then(({ status, body, failure }) => {
      if (status !== 200) this.#broken.push(`answered with ${status}`);
      if (isFirst && failure !== null) this.#broken.push(`${asked.word}: ${failure}`);
      if (isFirst && body.startsWith('{"type":5')) asked.acknowledged = true;
    });
    noted.catch((error: unknown) => this.#broken.push(String(error)));
  }

  async #stop(sender: DiscordSender, asked: Asked): Promise<void> {
    const { place, user } = asked;
    for (const message of this.#seenBy(user)) {
      const stop = buttonsOf(message).find(({ customId }) => customId?.startsWith('v1:stop:'));
      if (!stop?.customId) continue;
      // Whose run it is does not show: a stop of somebody else's is refused.
      const others = this.#asked.filter((each) => each.place.channel === place.channel && each.user === user);
      for (const each of others) each.stopped = true;
      const seen = new Promise<void>((resolve) => {
        this.#seen = resolve;
      });
      const sent = sender.send(sender.click(user, place, message, stop.customId));
      sent.catch((error: unknown) => this.#broken.push(String(error)));
      await Promise.race([seen, sent]);
      return;
    }
  }

  #lineFor({ role, messages }: ModelCall): Line {
    if (role === 'critique') return { text: '{"verdict":"pass","issues":[]}' };
    const [word = ''] = /word\d/.exec(messages.at(-1)?.content ?? '') ?? [];
    return this.#lines.get(word) ?? { text: 'I do not know.' };
  }

  /** Calls take time on the way there and back, and a lost object hears of neither. */
  async #fetch(instance: ObjectInstance, address: string, init: RequestInit = {}): Promise<Response> {
    await instance.confirmed();
    await instance.sleep(this.#chance.integer(1, 40));
    const { signal, ...rest } = init;
    const answered = this.#double.fetch(new Request(address, rest));
    answered.catch(() => undefined);
    await instance.sleep(this.#chance.integer(1, 40));
    const late = new Promise<never>((_, reject) => {
      const tooLate = () => reject(new Error('Too late.'));
      if (signal?.aborted) tooLate();
      signal?.addEventListener('abort', tooLate);
    });
    return instance.held(Promise.race([answered, late]));
  }

  #seenBy(user: string): SeenMessage[] {
    const { messages } = this.#double;
    return [...messages.in(this.#place.channel), ...messages.onlyFor(user)];
  }

  async #judge(asked: Asked): Promise<void> {
    const { word, place, user, acknowledged, stopped, isPrivate } = asked;
    const tell = (what: string) => this.#broken.push(`${word} at ${place.channel}: ${what}`);
    const seen = this.#seenBy(user);
    const own = seen.filter(({ content }) => content.includes(word));
    const firsts = own.filter((message) => showsReflection(message));
    const isRefused = this.#world.log.some(({ event }) => event === 'discord.answer_refused');
    if (firsts.length > 1) tell(`${firsts.length} answers`);
    // It may have been taken all the same.
    if (!acknowledged) return;
    if (firsts.length === 0 && !stopped && !isRefused && !isEndedOtherwise(seen)) tell('no answer');
    if (isPrivate && own.some(({ onlyFor }) => onlyFor === null)) tell('a private answer was shown to all');
    if (own.some(({ pinged }) => pinged.length > 0)) tell('somebody was pinged');
    const lines = own.flatMap(({ content }) => linesIn(content));
    const isOld = (message: SeenMessage) => !showsReflection(message) && stops(message);
    const once = own.filter((message) => !isOld(message)).flatMap(({ content }) => linesIn(content));
    if (new Set(once).size !== once.length) tell('a part stands twice');
    if (once.some((line, index) => line !== `${word} number ${index} is`)) tell('parts out of order');
    const [first] = firsts;
    const answer = first ? await this.#answerOf(first) : '';
    const isWhole = lines.length >= linesIn(answer).length;
    const offers = first !== undefined && buttonsOf(first).some(({ customId }) => customId?.startsWith('v1:rest'));
    if (first && !isWhole && !offers) tell('the rest cannot be read');
  }

  /** The whole answer of the run that a message shows. */
  async #answerOf(message: SeenMessage): Promise<string> {
    const button = buttonsOf(message).find(({ customId }) => customId?.startsWith(showId));
    const run = button?.customId?.slice(showId.length) ?? '';
    const { guild } = this.#place;
    const workspace = { channel: 'discord', id: guild ?? `user:${users[0]}` } as const;
    const read = () => this.#world.settled(this.#world.workspaces.read(workspace, run));
    // What is left of the losses may strike now.
    return (await read().catch(read))?.output ?? '';
  }
}

/** A run whose time ran out while the object was lost. */
function isEndedOtherwise(seen: readonly SeenMessage[]): boolean {
  return seen.some((message) => showsReflection(message) && !/word\d/.test(message.content));
}

function configOf(publicKey: string) {
  const { discord } = parseChannelConfig({
    DISCORD_PUBLIC_KEY: publicKey,
    DISCORD_BOT_TOKEN: botToken,
    DISCORD_API_URL: url,
  });
  if (!discord) throw new Error('Discord is set up.');
  return discord;
}

function linesIn(text: string): string[] {
  return text.match(/word\d number \d+ is/g) ?? [];
}

const showId = customIdOf('show', '');
const stopId = customIdOf('stop', '');

function showsReflection(message: SeenMessage): boolean {
  return buttonsOf(message).some(({ customId }) => customId?.startsWith(showId));
}

function stops(message: SeenMessage): boolean {
  return buttonsOf(message).some(({ customId }) => customId?.startsWith(stopId));
}
