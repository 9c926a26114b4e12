/** `GET /health`: whether the service can do its work, and how its models have been answering. */
import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { HttpEnv } from '../http-env.ts';

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
});

export function healthRoutes(_: unknown): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/health', (context) =>
    context.json({ status: 'ok' } satisfies z.output<typeof health>),
  );
}
