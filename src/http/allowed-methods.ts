/** Which methods an address answers to, asked only where there is no route: so a request that has one pays nothing for it. */
import { LinearRouter } from 'hono/router/linear-router';
import type { Hono } from './hono.ts';
import type { HttpEnv } from './http-env.ts';

/** By path, without a trailing slash. HEAD is answered wherever GET is. */
export type AllowedMethods = (path: string) => readonly string[];

/** Of the routes that `app` has when it is first asked. */
export function allowedMethodsOf(app: Hono<HttpEnv>): AllowedMethods {
  let router: LinearRouter<readonly string[]> | undefined;
  return (path) => {
    router ??= methodsByPath(app);
    const [found] = router.match('ALL', path);
    return [...new Set(found.flatMap(([methods]) => methods))];
  };
}

function methodsByPath({ routes }: Hono<HttpEnv>): LinearRouter<readonly string[]> {
  const router = new LinearRouter<readonly string[]>();
  // `ALL` stands for middleware.
  for (const { method, path } of routes) {
    if (method !== 'ALL') router.add('ALL', path, method === 'GET' ? ['GET', 'HEAD'] : [method]);
  }
  return router;
}
