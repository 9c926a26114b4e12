/** How a request wants the cache used, by its body and its `Cache-Control` header. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1 */
import type { ReflectionRequest } from '../reflection/request.ts';

type CacheMode = ReflectionRequest['cache']['mode'];

export interface CachePolicy {
  readonly mode: CacheMode;
  /** An answer must be younger than this; null for any age. */
  readonly maxAgeSeconds: number | null;
}

/** A body's mode other than `default` wins over the header's; the header's `max-age` holds in either case. */
export function cachePolicy(asked: CacheMode, header: string | undefined): CachePolicy {
  const told = policyOf(directives(header ?? ''));
  return asked === 'default' ? told : { ...told, mode: asked };
}

/** Whether the request accepts an answer stored at that time (epoch milliseconds). */
export function takesAnswerFrom({ maxAgeSeconds }: CachePolicy, storedAt: number, nowMs: number): boolean {
  return maxAgeSeconds === null || nowMs - storedAt < maxAgeSeconds * 1_000;
}

function policyOf(given: ReadonlyMap<string, string>): CachePolicy {
  const fresh = given.has('no-cache') || given.has('no-store');
  const value = given.get('max-age');
  const maxAgeSeconds = value === undefined ? null : secondsOf(value);
  // `only-if-cached` wins over the other directives: such a request must never cost a model call.
  if (given.has('only-if-cached')) return { mode: 'only-if-cached', maxAgeSeconds: fresh ? 0 : maxAgeSeconds };
  if (given.has('no-store')) return { mode: 'no-store', maxAgeSeconds };
  if (given.has('no-cache') || maxAgeSeconds === 0) return { mode: 'reload', maxAgeSeconds };
  return { mode: 'default', maxAgeSeconds };
}

/** An invalid number of seconds counts as 0, which the RFC advises: it treats the answer as stale. */
function secondsOf(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : 0;
}

/** `name`, `name=token` or `name="quoted, text"`, divided by commas. */
const directive = /([\w!#$%&'*+.^`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;

/** Directives by their lower-case names. Of several with one name the first counts. */
function directives(header: string): ReadonlyMap<string, string> {
  const found = [...header.matchAll(directive)].map(([, name = '', quoted, token]): [string, string] => [
    name.toLowerCase(),
    quoted ?? token ?? '',
  ]);
  return new Map(found.reverse());
}
