/** `Server-Timing`: the time until the answer's head, and of the stages that a handler names. https://www.w3.org/TR/server-timing/ */
import type { MiddlewareHandler } from 'hono';
import type { HttpContext, HttpEnv, Stages } from '../http-env.ts';

/** On Workers the clock stands still between I/O, so a stage that only computes reads as 0. */
export function serverTiming(now: () => number): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const startedAt = now();
    const stages: Stages = new Map();
    context.set('stages', stages);
    await next();
    stages.set('total', now() - startedAt);
    const value = [...stages].map(([name, ms]) => `${name};dur=${ms}`).join(', ');
    context.res.headers.set('server-timing', value);
  };
}

/** Waits for `work` and notes its time under `stage`, a token of letters. */
export async function timed<T>(context: HttpContext, now: () => number, stage: string, work: Promise<T>): Promise<T> {
  const startedAt = now();
  try {
    return await work;
  } finally {
    context.var.stages.set(stage, now() - startedAt);
  }
}
