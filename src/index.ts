/** What the Worker exports: `fetch`, and the Durable Object classes bound to their services. */

import { AccountObject } from './account-object.ts';
import { KeyDirectoryObject } from './accounts/key-directory-object.ts';
import { type App, createApp, createUnconfiguredApp } from './app.ts';
import { CapacityObject } from './models/capacity/capacity-object.ts';
import { servicesOf } from './services.ts';

export class Account extends AccountObject<Env> {
  constructor(context: DurableObjectState, env: Env) {
    super(context, env, servicesOf(env).account);
  }
}

export class Capacity extends CapacityObject<Env> {
  constructor(context: DurableObjectState, env: Env) {
    super(context, env, servicesOf(env).capacity);
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
    return createApp(servicesOf(env));
  } catch (error) {
    return createUnconfiguredApp(error);
  }
}

export default {
  fetch: (request, env, context) => appOf(env).fetch(request, env, context),
} satisfies ExportedHandler<Env>;
