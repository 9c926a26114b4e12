/** How a request wants the cache used: what its body says, and what its `Cache-Control` header says. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1 */
import type { ReflectionRequest } from '../reflection/request.ts';

type CacheMode = ReflectionRequest['cache']['mode'];

export interface CachePolicy {
  readonly mode: CacheMode;
  /** An answer must be younger than this; null for any that is still kept. */
  readonly maxAgeSeconds: number | null;
}

/** A body's mode other than `default` wins over the header's; the header's `max-age` holds in either case. */
export function cachePolicy(asked: CacheMode, header: string | undefined): CachePolicy {
  const told = policyOf(directives(header ?? ''));
  return asked === 'default' ? told : { ...told, mode: asked };
}

/** Whether an answer stored then (epoch milliseconds) is one that the request takes. */
export function takesAnswerFrom({ maxAgeSeconds }: CachePolicy, storedAt: number, nowMs: number): boolean {
  return maxAgeSeconds === null || nowMs - storedAt < maxAgeSeconds * 1_000;
}

function policyOf(given: ReadonlyMap<string, string>): CachePolicy {
  const fresh = given.has('no-cache') || given.has('no-store');
  const value = given.get('max-age');
  const maxAgeSeconds = value === undefined ? null : secondsOf(value);
  // Whoever wants a kept answer or none wants nothing spent, whatever else is said: if no kept one will do, there is none.
  if (given.has('only-if-cached')) return { mode: 'only-if-cached', maxAgeSeconds: fresh ? 0 : maxAgeSeconds };
  if (given.has('no-store')) return { mode: 'no-store', maxAgeSeconds };
  if (given.has('no-cache') || maxAgeSeconds === 0) return { mode: 'reload', maxAgeSeconds };
  return { mode: 'default', maxAgeSeconds };
}

/** What is no number of seconds asks for an answer of no age, as the RFC advises: better one answer too fresh than one too old. */
function secondsOf(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : 0;
}

/** `name`, `name=token` or `name="quoted, text"`, divided by commas. */
const directive = /([\w!#$%&'*+.^`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;

/** Directives by their names in small letters; of several with one name, the first. */
function directives(header: string): ReadonlyMap<string, string> {
  const found = [...header.matchAll(directive)].map(([, name = '', quoted, token]): [string, string] => [
    name.toLowerCase(),
    quoted ?? token ?? '',
  ]);
  return new Map(found.reverse());
}
