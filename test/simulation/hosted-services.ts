/** What an account's object works with in a world: the real engine and adapters, and around them the world's time, chance and faults. */
import { mayBeCached } from '../../src/cache/cacheable.ts';
import { kvReflectionCache } from '../../src/cache/kv-reflection-cache.ts';
import type { HostedAccountServices } from '../../src/hosted-account.ts';
import { attemptLimits } from '../../src/models/attempt.ts';
import { seatedAgain } from '../../src/models/catalog.ts';
import type { Provider } from '../../src/models/provider.ts';
import { createModel } from '../../src/models/resilient.ts';
import { createWorkersAi } from '../../src/models/workers-ai.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { type RunModels, type RunServices, retentionOf } from '../../src/runs/run-services.ts';
import { webhookDelivery } from '../../src/runs/webhook.ts';
import { noChannels, noWorkspace } from '../support/no-channels.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { Machine } from './plan.ts';
import { receiverSeenFrom } from './receiver.ts';
import { catalog, roster } from './roster.ts';
import type { Surroundings } from './surroundings.ts';

export const retention = retentionOf(30);

type AccountMachine = Extract<Machine, 'account 0' | 'account 1'>;

interface HostedAs {
  readonly id: string;
  readonly machine: AccountMachine;
  /** Told of the nonce of the run that is being begun. */
  readonly created: (nonce: string) => void;
}

export function hostedServices(
  world: Surroundings,
  { id, machine, created }: HostedAs,
  instance: ObjectInstance,
): HostedAccountServices {
  const { chance, clocks, store, log, witness, timeline, story, weather } = world;
  const { now } = clocks[machine];
  const fetch = receiverSeenFrom(instance, { timeline, chance, story, witness, failures: weather.receiverFailures });
  return {
    account: { now, log, storedMs: retention.storedMs },
    workspace: noWorkspace,
    runsOf: (account) => ({
      ...engineFor(world, { id, machine }, instance),
      now,
      nonce: () => {
        const nonce = `nonce-${chance.integer(0, 2 ** 40)}`;
        created(nonce);
        return nonce;
      },
      chance: chance.next,
      log,
      retention,
      account,
      cache: kvReflectionCache({ store: store.seenFrom(machine, instance), now, log }),
      cacheable: mayBeCached,
      channels: noChannels,
      deliver: webhookDelivery({
        allowPrivate: true,
        account,
        fetch,
        now,
        timeout: (milliseconds) => {
          const late = new AbortController();
          instance.after(milliseconds, () => late.abort(new Error('Too late.')));
          return late.signal;
        },
        log,
      }),
    }),
  };
}

/** The models, and the engine: what it asks for is held against the run whose nonce it was given. */
function engineFor(
  { chance, clocks, witness, upstream, breakers }: Surroundings,
  { id, machine }: { readonly id: string; readonly machine: AccountMachine },
  instance: ObjectInstance,
): Pick<RunServices, 'models' | 'reflect'> {
  // An execution connects, and begins its engine in the same step.
  let connected: { nonce: string } | undefined;
  const connect: RunModels['connect'] = (seated, signal, _, watched) => {
    const execution = { nonce: '' };
    connected = execution;
    const provider: Provider = {
      stream: (model, call, aborts) => {
        const leaves = (): void => witness.asked(id, execution.nonce, call.pass, clocks[machine].now());
        return createWorkersAi(upstream.bindingFor(instance, call, leaves)).stream(model, call, aborts);
      },
    };
    return createModel(seatedAgain(catalog, seated), signal, {
      provider,
      breakers,
      clock: { now: clocks[machine].now, after: (milliseconds, work) => instance.after(milliseconds, work) },
      random: chance.next,
      limits: attemptLimits,
      warn: () => {},
      watched,
    });
  };
  return {
    models: { roster: () => roster, connect },
    reflect: (request, tools) => {
      if (connected) connected.nonce = tools.nonce;
      return reflect(request, tools);
    },
  };
}
