/** A run as it is shown in the channel in which it was asked for: what happens while it goes on, and its answer afterwards. */
import { whereFrom } from '../errors.ts';
import { isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import type { ChannelAddress, ChannelRun, Delivery, EndedRun } from './deliver.ts';
import type { EventLog } from './event-log.ts';
import type { RunServices } from './run-services.ts';
import type { RunHost, RunMeta, RunSpec, RunStore } from './run-store.ts';

/** The run, as far as showing it goes. */
export interface ShownRunOwner {
  readonly spec: RunSpec;
  readonly log: EventLog;
  readonly meta: RunMeta;
  /** Nothing is stored for it any more. */
  readonly left: boolean;
  updateMeta(change: Pick<RunMeta, 'notes'>): void;
}

export class ShownRun {
  readonly #owner: ShownRunOwner;
  readonly #address: ChannelAddress;
  readonly #store: Pick<RunStore, 'flush'>;
  readonly #host: Pick<RunHost, 'confirmed'>;
  readonly #services: Pick<RunServices, 'channels' | 'log'>;
  /** Settles when nothing is being shown. One call shows at a time, so that none works with notes that another is about to change. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    owner: ShownRunOwner,
    address: ChannelAddress,
    store: Pick<RunStore, 'flush'>,
    host: Pick<RunHost, 'confirmed'>,
    services: Pick<RunServices, 'channels' | 'log'>,
  ) {
    this.#owner = owner;
    this.#address = address;
    this.#store = store;
    this.#host = host;
    this.#services = services;
  }

  /** Shows it until it ends. True where nobody can see the answer any more. Never rejects. */
  async showProgress(): Promise<boolean> {
    try {
      const events = (): AsyncIterable<readonly ReflectionEvent[]> => lotsOf(this.#owner.log);
      const seen = await this.#inTurn(() => this.#services.channels.showProgress({ ...this.#run(), events }));
      return seen === 'abandoned';
    } catch (error) {
      this.#services.log({
        level: 'error',
        event: 'channel.broken',
        reflection_id: this.#owner.log.record.id,
        ...whereFrom(error),
      });
      return false;
    }
  }

  /** Shows the answer, once nothing else is being shown. */
  deliver({ record, endedAt }: Pick<EndedRun, 'record' | 'endedAt'>): Promise<Delivery> {
    return this.#inTurn(() => this.#services.channels.deliver({ ...this.#run(), record, endedAt }));
  }

  #inTurn<Result>(show: () => Promise<Result>): Promise<Result> {
    const shown = this.#turn.then(show);
    this.#turn = shown.catch(() => undefined);
    return shown;
  }

  #run(): ChannelRun {
    const { log, spec, meta } = this.#owner;
    const { request, account } = spec.order;
    return {
      id: log.record.id,
      account,
      request,
      address: this.#address,
      startedAt: spec.startedAt,
      notes: meta.notes,
      note: (notes) => this.#note(notes),
    };
  }

  async #note(notes: string): Promise<void> {
    if (this.#owner.left) throw new Error('The run is not here any more.');
    this.#owner.updateMeta({ notes });
    this.#store.flush();
    await this.#host.confirmed();
  }
}

/** Whatever is shown of the log and was not taken yet, again and again until its end. */
async function* lotsOf(log: EventLog): AsyncGenerator<readonly ReflectionEvent[]> {
  let seen = 0;
  for (;;) {
    const events = log.readAfter(seen);
    const last = events.at(-1);
    if (last) {
      seen = last.id;
      yield events;
      if (isTerminal(last.type)) return;
    } else {
      if (log.closed) return;
      await new Promise<void>((resolve) => log.readers.onChange(resolve));
    }
  }
}
