/** `GET /health`: the status of every model of every tier. */

import * as z from 'zod/mini';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';

const modelHealth = z.strictObject({
  model: z.string(),
  /** `resting`: failed too often and is not asked for a while; `trying`: about to be asked again; `gone` and `retired`: no longer available. */
  status: z.enum(['ok', 'resting', 'trying', 'gone', 'retired']),
  retires_on: z.nullable(z.string()),
});

export const health = z.strictObject({ status: z.enum(['ok', 'degraded']), models: z.array(modelHealth) });

export type ModelHealth = Readonly<z.output<typeof modelHealth>>;

interface HealthPorts {
  readonly models: { health(): Promise<readonly ModelHealth[]> };
}

/** Always a 200, because a degraded service still answers with its other models. */
export function healthRoutes({ models }: HealthPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/health', async (context) => {
    const rows = [...(await models.health())];
    const status = rows.every((row) => row.status === 'ok') ? 'ok' : 'degraded';
    return context.json({ status, models: rows } satisfies z.output<typeof health>);
  });
}
