/** A running service, over HTTP. */
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Reflection } from '../../src/reflection/record.ts';
import type { Subject } from './subject.ts';

const reflection = z.custom<Reflection>(
  (value) => typeof value === 'object' && value !== null && 'object' in value && value.object === 'reflection',
);

/** Tries of a request that a limit refuses, or that fails for a reason that passes. */
const mostTries = 8;
const longestPauseS = 60;

export interface EndpointTools {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly key: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export function endpointSubject({ url, key, fetch }: EndpointTools): Subject {
  const address = `${url.replace(/\/(?:v1\/?)?$/, '')}/v1/reflections`;
  return {
    name: new URL(url).host,
    stop: () => Promise.resolve(),
    async answer(body, signal) {
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(address, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ ...body, cache: { mode: 'no-store' } }),
          signal,
        });
        const text = await response.text();
        if (response.ok) return reflection.parse(JSON.parse(text));
        const mayPass = response.status === 429 || response.status >= 500;
        if (!mayPass || attempt === mostTries) {
          throw new Error(`${address} answered ${response.status}: ${text.slice(0, 300)}`);
        }
        const asked = Number(response.headers.get('retry-after') ?? 0);
        await pause(1_000 * Math.min(longestPauseS, Math.max(asked, 2 ** attempt)), undefined, { signal });
      }
    },
  };
}
