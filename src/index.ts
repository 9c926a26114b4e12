/** What the Worker exports: `fetch`, and the Durable Object classes and the entrypoint bound to their services. */

import { exports } from 'cloudflare:workers';
import { AccountObject } from './account-object.ts';
import { KeyDirectoryObject } from './accounts/key-directory-object.ts';
import { type App, createApp, createUnconfiguredApp } from './app.ts';
import { ModelCallsEntrypoint } from './model-calls.ts';
import { CapacityObject } from './models/capacity/capacity-object.ts';
import type { CallMaker } from './models/forwarded-calls.ts';
import { servicesOf } from './services.ts';

/** This Worker's own entrypoint, reached without a binding. https://developers.cloudflare.com/workers/runtime-apis/context/#exports */
const modelCalls: CallMaker = { fetch: (url, init) => exports.ModelCalls.fetch(url, init) };

export class Account extends AccountObject<Env> {
  constructor(context: DurableObjectState, env: Env) {
    super(context, env, servicesOf(env, modelCalls).account);
  }
}

export class Capacity extends CapacityObject<Env> {
  constructor(context: DurableObjectState, env: Env) {
    super(context, env, servicesOf(env, modelCalls).capacity);
  }
}

export class ModelCalls extends ModelCallsEntrypoint<Env> {
  constructor(context: ExecutionContext, env: Env) {
    super(context, env, servicesOf(env, modelCalls).makeModelCall);
  }
}

export class KeyDirectory extends KeyDirectoryObject<Env> {}

const apps = new WeakMap<Env, App>();

function appOf(env: Env): App {
  const app = apps.get(env) ?? makeApp(env);
  apps.set(env, app);
  return app;
}

function makeApp(env: Env): App {
  try {
    return createApp(servicesOf(env, modelCalls));
  } catch (error) {
    return createUnconfiguredApp(error);
  }
}

export default {
  fetch: (request, env, context) => appOf(env).fetch(request, env, context),
} satisfies ExportedHandler<Env>;
