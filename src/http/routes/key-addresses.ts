/** The addresses of `keys.ts`, whose code is loaded only when a key is administered. */
import type { Address } from '../routes-loaded-later.ts';

export const keyAddresses = [
  ['POST', '/v1/keys'],
  ['GET', '/v1/keys'],
  ['GET', '/v1/keys/:id'],
  ['PATCH', '/v1/keys/:id'],
  ['DELETE', '/v1/keys/:id'],
  ['POST', '/v1/keys/:id/rotate'],
] as const satisfies readonly Address[];
