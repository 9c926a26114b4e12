/** The Durable Object that a run lives in. */
import { DurableObject } from 'cloudflare:workers';
import type { Reflection } from '../reflection/reflection.ts';
import { Run } from './run.ts';
import { runIdOf } from './run-address.ts';
import type { RunServices } from './run-services.ts';
import type { EndedBefore } from './runs.ts';
import { SqliteShelf } from './sqlite-shelf.ts';

/**
 * Made to be extended by a class whose constructor makes the services from its `env`. Every method may be called twice without harm.
 * Requests and records cross as JSON: their types are recursive, which the platform's types for calls between objects cannot follow.
 */
export abstract class RunObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #run: Run;

  constructor(context: DurableObjectState, env: Bindings, services: RunServices) {
    super(context, env);
    this.#run = new Run(runIdOf(context.id.toString()), new SqliteShelf(context), services);
  }

  start(request: string): void {
    this.#run.start(JSON.parse(request));
  }

  read(): string | undefined {
    return asJson(this.#run.read());
  }

  async settled(): Promise<string | undefined> {
    return asJson(await this.#run.settled());
  }

  /** In a Response, since a reader's leaving is noticed through one some ten times sooner than through a bare stream. */
  follow(after: number): Response | EndedBefore | undefined {
    const frames = this.#run.follow(after);
    return frames instanceof ReadableStream ? new Response(frames) : frames;
  }

  async cancel(): Promise<string | undefined> {
    return asJson(await this.#run.cancel());
  }

  delete(): Promise<boolean> {
    return this.#run.delete();
  }

  override alarm(): Promise<void> {
    return this.#run.alarm();
  }
}

function asJson(record: Reflection | undefined): string | undefined {
  return record && JSON.stringify(record);
}
