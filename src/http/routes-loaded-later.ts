/** Routes that few requests need: their addresses are known at once, and their code is loaded by the first request that needs it. */
import { Hono } from './hono.ts';
import type { HttpEnv } from './http-env.ts';

export type Address = readonly [method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string];

/** `load` gives routes with one handler for each of the addresses. */
export function routesLoadedLater(addresses: readonly Address[], load: () => Promise<Hono<HttpEnv>>): Hono<HttpEnv> {
  let loaded: Hono<HttpEnv> | undefined;
  const routes = new Hono<HttpEnv>();
  for (const [method, path] of addresses) {
    routes.on(method, path, async (context, next) => {
      loaded ??= await load();
      const route = loaded.routes.find((each) => each.method === method && each.path === path);
      if (!route) throw new Error(`The loaded code has no handler for ${method} ${path}.`);
      return route.handler(context, next);
    });
  }
  return routes;
}
