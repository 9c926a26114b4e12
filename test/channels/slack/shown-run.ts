/** A run that is shown in Slack from its first event to its answer, by a service that may be lost at any call and at any note. */

import { newAccountId } from '../../../src/accounts/ids.ts';
import { type SlackAddress, writeAddress } from '../../../src/channels/slack/address.ts';
import { SlackApi } from '../../../src/channels/slack/api.ts';
import { slackDelivery } from '../../../src/channels/slack/delivery.ts';
import type { LogEntry } from '../../../src/errors.ts';
import type { ReflectionEvent } from '../../../src/reflection/events.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import type { ReflectionRequest } from '../../../src/reflection/request.ts';
import type { ChannelDelivery, ChannelRun, Delivery } from '../../../src/runs/deliver.ts';
import { request, run as told, tools } from '../../support/reflections.ts';
import { type Scenario, scenarios } from '../../support/scenarios.ts';
import { scriptedModel } from '../../support/scripted-model.ts';
import { type SlackWorld, slackApi } from './slack-app.ts';
import { channel, team, user } from './slack-world.ts';

export interface RunLog {
  readonly request: ReflectionRequest;
  readonly log: readonly ReflectionEvent[];
  readonly record: Reflection;
}

export async function runLog({ body, script, tools: part }: Scenario = scenarios.revised): Promise<RunLog> {
  const asked = request({ include: ['draft', 'diff'], ...body });
  const { log, record } = await told(asked, tools(scriptedModel(script), part));
  return { request: asked, log, record };
}

/** The n-th call or note, and whether it was done before the service was lost. */
export interface Loss {
  readonly at: 'call' | 'note';
  readonly nth: number;
  readonly isDone: boolean;
}

interface ShownSetup {
  readonly address?: Partial<SlackAddress>;
  readonly loss?: Loss;
  /** Called before the lot of events with this index, from 0. */
  readonly beforeLot?: (index: number) => void;
  /** How long there is nothing new between two lots. */
  readonly lotMs?: number;
  /** What stands in the notes at first. */
  readonly notes?: string;
  /** How many notes storage refuses at first. */
  readonly refusedNotes?: number;
  /** In place of a whole address. */
  readonly addressText?: string;
  /** Before the run's end is delivered. */
  readonly beforeDelivery?: () => void;
}

const never = new Promise<never>(() => undefined);

export class ShownRun {
  readonly #world: SlackWorld;
  readonly #run: RunLog;
  readonly #setup: ShownSetup;
  readonly #startedAt: number;
  readonly #address: string;
  #notes: string | null;
  #counts = { call: 0, note: 0 };
  #lose: () => void = () => undefined;
  progress: 'over' | 'abandoned' | null = null;
  readonly deliveries: Delivery[] = [];
  readonly logged: LogEntry[] = [];
  isLost = false;

  constructor(world: SlackWorld, run: RunLog, setup: ShownSetup = {}) {
    this.#world = world;
    this.#run = run;
    this.#setup = setup;
    this.#startedAt = world.clock.now;
    this.#notes = setup.notes ?? null;
    const asked = setup.address?.thread === undefined && setup.addressText === undefined ? this.#asked() : null;
    this.#address =
      setup.addressText ??
      writeAddress({
        team,
        channel,
        thread: asked,
        user,
        responseUrl: null,
        askedAt: world.clock.now,
        ...setup.address,
      });
  }

  /** The same question in the same thread, by a service that knows nothing of this one. */
  again(setup: ShownSetup, run = this.#run): ShownRun {
    return new ShownRun(this.#world, run, { ...setup, addressText: this.#address });
  }

  #asked(): string {
    return this.#world.double.write(team, { channel, user, text: '<@UBOT> What colour is the sky?' }).ts;
  }

  /** Shown until its end, and delivered until there is nothing more to try. */
  async toItsEnd(): Promise<Delivery> {
    await this.progressOnly();
    this.#setup.beforeDelivery?.();
    return this.delivered();
  }

  async progressOnly(): Promise<void> {
    this.progress = await this.#lasting((delivery) =>
      delivery.showProgress({ ...this.#shown(), events: () => this.#lots() }),
    );
  }

  async delivered(): Promise<Delivery> {
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      const ended = { record: this.#run.record, endedAt: this.#world.clock.now };
      const outcome = await this.#lasting((delivery) => delivery.deliver({ ...this.#shown(), ...ended }));
      this.deliveries.push(outcome);
      if (outcome.type !== 'failed') return outcome;
      this.#world.clock.now += outcome.retryAfterMs ?? 30_000;
    }
    return { type: 'failed', retryAfterMs: null };
  }

  #shown(): ChannelRun {
    return {
      id: this.#run.record.id,
      account: newAccountId((size) => new Uint8Array(size)),
      request: this.#run.request,
      address: { channel: 'slack', workspace: team, address: this.#address },
      startedAt: this.#startedAt,
      notes: this.#notes,
      note: (notes) =>
        this.#losing('note', async () => {
          if (this.#counts.note <= (this.#setup.refusedNotes ?? 0)) throw new Error('storage is gone');
          this.#notes = notes;
        }),
    };
  }

  async *#lots(): AsyncGenerator<readonly ReflectionEvent[]> {
    const { beforeLot, lotMs = 2_000 } = this.#setup;
    const lots = Array.from({ length: Math.ceil(this.#run.log.length / 3) }, (_, index) =>
      this.#run.log.slice(3 * index, 3 * index + 3),
    );
    for (const [index, lot] of lots.entries()) {
      beforeLot?.(index);
      yield lot;
      this.#world.clock.now += lotMs;
    }
  }

  /** Does it again with a new service and what was noted, where the service was lost meanwhile. */
  async #lasting<Outcome>(work: (delivery: ChannelDelivery) => Promise<Outcome>): Promise<Outcome> {
    for (;;) {
      const lost = new Promise<'lost'>((resolve) => {
        this.#lose = () => resolve('lost');
      });
      const outcome = await Promise.race([work(this.#service()).then((done) => ({ done })), lost]);
      if (outcome !== 'lost') return outcome.done;
      this.isLost = true;
      this.#world.clock.now += 20_000;
    }
  }

  #service(): ChannelDelivery {
    const { clock } = this.#world;
    const { tools } = slackApi(this.#world);
    return slackDelivery({
      api: new SlackApi({ ...tools, fetch: (url, init) => this.#losing('call', () => tools.fetch(url, init)) }),
      now: () => clock.now,
      pause: async (milliseconds) => {
        clock.now += milliseconds;
      },
      log: (entry) => this.logged.push(entry),
    });
  }

  async #losing<Answer>(what: 'call' | 'note', work: () => Promise<Answer>): Promise<Answer> {
    this.#counts[what] += 1;
    const { loss } = this.#setup;
    if (loss?.at !== what || loss.nth !== this.#counts[what]) return work();
    if (loss.isDone) await work();
    this.#lose();
    return never;
  }
}

/** What people see of the bot in the channel. */
export function standing({ messages }: SlackWorld) {
  return messages.inChannel(channel).filter(({ bot, tombstone }) => bot !== null && !tombstone);
}

/** The messages that show the text, whether as text or in blocks. */
export function showing(world: SlackWorld, text: string) {
  return standing(world).filter((message) => JSON.stringify(message.blocks).includes(text));
}

/** Whether a message says that something goes on. */
export function goesOn(world: SlackWorld): boolean {
  return standing(world).some(
    (message) =>
      world.messages.isStreaming(message) ||
      message.metadata?.event_payload['is_answer'] !== true ||
      JSON.stringify(message.blocks).includes('reflection_stop'),
  );
}
