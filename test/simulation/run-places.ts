/** The namespace that the runs of a world live in: each with its own storage, the real run over it, and the real adapters around that. */
import { durableAccounts } from '../../src/accounts/durable-accounts.ts';
import { mayBeCached } from '../../src/cache/cacheable.ts';
import { kvReflectionCache } from '../../src/cache/kv-reflection-cache.ts';
import { attemptLimits } from '../../src/models/attempt.ts';
import { Breakers } from '../../src/models/breaker.ts';
import { seatedAgain } from '../../src/models/catalog.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createModel } from '../../src/models/resilient.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import type { Roster } from '../../src/reflection/model.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { RunNamespace, RunStub } from '../../src/runs/durable-runs.ts';
import { Run } from '../../src/runs/run.ts';
import { runIdOf } from '../../src/runs/run-address.ts';
import { type RunServices, retentionOf } from '../../src/runs/run-services.ts';
import type { RunOrder } from '../../src/runs/runs.ts';
import { webhookDelivery } from '../../src/runs/webhook.ts';
import { type Life, refusedWrite } from './life.ts';
import { Place } from './place.ts';
import { lossesOf } from './plan.ts';
import { receiverSeenFrom } from './receiver.ts';
import { catalog, roster } from './roster.ts';
import { LifeRunStore, RunStorage } from './run-storage.ts';
import type { Surroundings } from './surroundings.ts';

export const retention = retentionOf(30);

export class RunPlaces {
  readonly #world: Surroundings;
  readonly #places = new Map<string, Place<Run>>();
  /** One for the isolate that all objects here share. */
  readonly #breakers = new Breakers();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** As it is seen from an object, or from a Worker. */
  seenFrom(life: Life | undefined): RunNamespace<string> {
    const { chance } = this.#world;
    return {
      newUniqueId: () => Array.from(chance.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join(''),
      idFromString: (address) => address,
      get: (address) => this.#stub(runIdOf(address), this.#placeOf(address), life),
    };
  }

  windAlarms(): void {
    for (const place of this.#places.values()) place.windAlarm();
  }

  #stub(id: string, place: Place<Run>, from: Life | undefined): RunStub {
    const { network, witness, story } = this.#world;
    const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
    return {
      prepare: () =>
        network.call(from, place, (run) => {
          story.count('run made ready');
          run.prepare();
        }),
      start: (text) => {
        const order: RunOrder = JSON.parse(text);
        const start = (run: Run): void => {
          witness.ordered(id, order.account);
          run.start(order);
        };
        return network.call(from, place, start);
      },
      read: (account) => network.call(from, place, (run) => json(run.read(account))),
      settled: (account) => network.call(from, place, async (run) => json(await run.settled(account))),
      follow: (account, after) =>
        network.call(from, place, (run, life) => {
          const frames = run.follow(account, after);
          return frames instanceof ReadableStream ? { body: brokenOffWith(life, frames) } : frames;
        }),
      cancel: (account) => network.call(from, place, async (run) => json(await run.cancel(account))),
      rate: (account, feedback) => network.call(from, place, (run) => run.rate(account, feedback)),
      feedback: (account) => network.call(from, place, (run) => run.feedback(account)),
      delete: (account) => network.call(from, place, (run) => run.delete(account)),
      became: (account) => network.call(from, place, (run) => json(run.became(account))),
    };
  }

  #placeOf(address: string): Place<Run> {
    const known = this.#places.get(address);
    if (known) return known;
    const { timeline, chance, clocks, weather, story, witness } = this.#world;
    const id = runIdOf(address);
    const name = id.slice(0, 12);
    const storage = new RunStorage({
      stored: (events) => {
        witness.stored(id, events);
        for (const event of events) {
          story.tell(name, `stored ${event.id} ${event.type}`);
          story.countEvent(event);
        }
      },
      mayWrite: () => {
        if (!chance.happens(weather.refusedWrites)) return;
        story.count('write refused');
        throw new Error(refusedWrite);
      },
      alarm: (epochMs) => place.setAlarm(epochMs),
    });
    const place: Place<Run> = new Place<Run>({
      timeline,
      chance,
      clock: clocks.runs,
      commitMs: chance.integer(1, 8),
      losses: lossesOf(chance, chance.happens(weather.runLosses) ? chance.integer(1, 3) : 0, 60),
      alarmsTwice: weather.alarmsTwice,
      open: (life) => {
        const run = new Run(id, new LifeRunStore(storage, life), this.#services(id, life));
        return { thing: run, alarm: () => run.alarm() };
      },
      told: (what, how) => {
        story.tell(name, `${what} ${how}`);
        if (what === 'lost') story.count('run object lost');
        if (what === 'alarm' || what === 'alarm again') story.count(what);
      },
    });
    this.#places.set(address, place);
    return place;
  }

  #services(id: string, life: Life): RunServices {
    const { chance, clocks, store, log, witness, timeline, story, weather, accountStub } = this.#world;
    const { now } = clocks.runs;
    const accounts = durableAccounts({ accounts: { getByName: (name) => accountStub(name, life) }, now, log });
    const fetch = receiverSeenFrom(life, id, { timeline, chance, story, witness, failures: weather.receiverFailures });
    return {
      models: { roster: () => roster, connect: (seated, signal) => this.#connect(id, life, seated, signal) },
      reflect,
      now,
      nonce: () => `nonce-${chance.integer(0, 1_000_000)}`,
      chance: chance.next,
      log,
      retention,
      accounts,
      cache: kvReflectionCache({ store: store.seenFrom('runs', life), now, log }),
      cacheable: mayBeCached,
      deliver: webhookDelivery({
        allowPrivate: true,
        accounts,
        fetch,
        now,
        timeout: (milliseconds) => {
          const late = new AbortController();
          life.after(milliseconds, () => late.abort(new Error('Too late.')));
          return late.signal;
        },
        log,
      }),
    };
  }

  #connect(id: string, life: Life, seated: Roster, signal: AbortSignal) {
    const { chance, clocks, witness, upstream } = this.#world;
    const provider: Provider = {
      stream: (model, call, aborts) => {
        witness.asked(id, call.pass);
        return createWorkersAi(upstream.bindingFor(life, call)).stream(model, call, aborts);
      },
    };
    return createModel(seatedAgain(catalog, seated), signal, {
      provider,
      breakers: this.#breakers,
      clock: { now: clocks.runs.now, sleep: (milliseconds, over) => life.sleep(milliseconds, over) },
      random: chance.next,
      limits: attemptLimits,
      warn: () => {},
    });
  }
}

/** A stream ends with an error when the object that it comes from is lost. */
function brokenOffWith(life: Life, frames: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = frames.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await Promise.race([reader.read(), life.lost]);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
