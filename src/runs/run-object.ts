/** The Durable Object that runs live in. */
import { DurableObject } from 'cloudflare:workers';
import type { AccountId, Settlement } from '../accounts/accounts.ts';
import type { Reflection } from '../reflection/record.ts';
import { Run } from './run.ts';
import { runIdOf } from './run-address.ts';
import type { RunServices } from './run-services.ts';
import type { EndedBefore, Feedback } from './runs.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';

/**
 * Made to be extended by a class whose constructor makes the services from its `env`. Every method may be called twice without harm.
 * Requests and records cross as JSON: their types are recursive, which the platform's types for calls between objects cannot follow.
 */
export abstract class RunObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #run: Run;

  constructor(context: DurableObjectState, env: Bindings, services: RunServices) {
    super(context, env);
    this.#run = new Run(runIdOf(context.id.toString()), new SqliteRunStore(context), services);
  }

  prepare(): void {
    this.#run.prepare();
  }

  start(order: string): void {
    this.#run.start(JSON.parse(order));
  }

  read(account: AccountId): string | undefined {
    return asJson(this.#run.read(account));
  }

  async settled(account: AccountId, order?: string): Promise<string | undefined> {
    if (order !== undefined) this.start(order);
    return asJson(await this.#run.settled(account));
  }

  /** In a Response, since a reader's leaving is noticed through one some ten times sooner than through a bare stream. */
  follow(account: AccountId, after: number, order?: string): Response | EndedBefore | undefined {
    if (order !== undefined) this.start(order);
    const frames = this.#run.follow(account, after);
    return frames instanceof ReadableStream ? new Response(frames) : frames;
  }

  async cancel(account: AccountId): Promise<string | undefined> {
    return asJson(await this.#run.cancel(account));
  }

  rate(account: AccountId, feedback: Feedback): boolean {
    return this.#run.rate(account, feedback);
  }

  feedback(account: AccountId): Feedback | null | undefined {
    return this.#run.feedback(account);
  }

  delete(account: AccountId): Promise<boolean | 'unsettled'> {
    return this.#run.delete(account);
  }

  became(account: AccountId): string | undefined {
    return asJson(this.#run.became(account));
  }

  override alarm(): Promise<void> {
    return this.#run.alarm();
  }
}

function asJson(record: Reflection | Settlement | 'running' | undefined): string | undefined {
  return record && JSON.stringify(record);
}
