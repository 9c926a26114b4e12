/** `GET /health`: whether every model of every tier lets itself be asked, as far as the service knows. */
import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { HttpEnv } from '../http-env.ts';

const modelHealth = z.strictObject({
  model: z.string(),
  /** `resting`: it failed too often and is left alone; `trying`: about to be taken up again; `gone` and `retired`: no longer to be had. */
  status: z.enum(['ok', 'resting', 'trying', 'gone', 'retired']),
  retires_on: z.nullable(z.string()),
});

export const health = z.strictObject({ status: z.enum(['ok', 'degraded']), models: z.array(modelHealth) });

export type ModelHealth = Readonly<z.output<typeof modelHealth>>;

interface HealthPorts {
  readonly models: { health(): Promise<readonly ModelHealth[]> };
}

/** Always a 200: a degraded service still answers, with the models that are left. */
export function healthRoutes({ models }: HealthPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/health', async (context) => {
    const rows = [...(await models.health())];
    const status = rows.every((row) => row.status === 'ok') ? 'ok' : 'degraded';
    return context.json({ status, models: rows } satisfies z.output<typeof health>);
  });
}
