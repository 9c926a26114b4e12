/**
 * Hono with the smallest of its routers that knows all our paths. Its default holds three, which every Worker would load.
 * https://hono.dev/docs/concepts/routers
 */
import type { Env } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { LinearRouter } from 'hono/router/linear-router';

export class Hono<Environment extends Env> extends HonoBase<Environment> {
  constructor(options: { readonly strict?: boolean } = {}) {
    super(options);
    this.router = new LinearRouter();
  }
}
