/** The `Idempotency-Key` of a request: a retry with it is the same request, not another one. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
import { sha256 } from '../encoding.ts';
import { invalidFields } from '../errors.ts';
import type { ReflectionRequest } from '../reflection/request.ts';

const field = 'Idempotency-Key';
const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/** The key, bare or as a quoted string, and a hash of its request. Null without the header. Throws a 400 for an invalid key. */
export function idempotencyOf(
  header: string | undefined,
  request: ReflectionRequest,
): { readonly key: string; readonly bodyHash: string } | null {
  if (header === undefined) return null;
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (!visibleAscii.test(key)) {
    throw invalidFields([{ field, message: 'expected 1 to 255 visible ASCII characters' }]);
  }
  return { key, bodyHash: sha256(JSON.stringify(request)) };
}
