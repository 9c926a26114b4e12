/** Where models are called. */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { MakeCall } from './models/forwarded-calls.ts';

/**
 * Makes one model call in a context of its own, which is its whole state. An object that hosts runs has one context for all of them, in which six
 * requests at most wait for their heads. https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 *
 * Made to be extended by a class whose constructor makes the call from its `env`.
 */
export abstract class ModelCallsEntrypoint<Bindings = unknown> extends WorkerEntrypoint<Bindings> {
  readonly #make: MakeCall;

  constructor(context: ExecutionContext, env: Bindings, make: MakeCall) {
    super(context, env);
    this.#make = make;
  }

  override fetch(request: Request): Promise<Response> {
    return this.#make(request);
  }
}
