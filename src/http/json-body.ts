/** A request's body as a JSON value. Checks type, coding, size, encoding and syntax, in that order, so that a wrong type is refused unread. */
import * as z from 'zod/mini';
import { AppError, invalidFields } from '../errors.ts';
import { fieldProblems } from '../reflection/field-problems.ts';
import { parseJson } from './json-text.ts';

/** The largest body that is read, in bytes. */
export const maxBodyBytes = 1_048_576;

/**
 * Reads a body of at most `maxBodyBytes`, counting while it reads: Content-Length is not trusted to be no more.
 * Throws `AppError` (`unsupported_media_type`, `body_too_large`, `invalid_request`).
 */
export async function readJson(request: Request): Promise<unknown> {
  assertJson(request.headers);
  return parseJson(decodeUtf8(await readBytes(request)));
}

/** For a call whose body is optional. A missing one counts as `{}`. Throws as `readJson` does. */
export async function readOptionalJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return {};
  assertJson(request.headers);
  return parseJson(decodeUtf8(bytes));
}

/** For a call that takes no body. Some clients send an empty object, which is allowed. Throws as `readJson` does. */
export async function readNoBody(request: Request): Promise<void> {
  const result = nothing.safeParse(await readOptionalJson(request));
  if (result.success) return;
  const fields = fieldProblems(result.error.issues);
  throw new AppError('invalid_request', 'This call takes no body.', { fields });
}

const nothing = z.strictObject({}, 'expected no body, or {}');

function assertJson(headers: Headers): void {
  assertJsonType(headers.get('content-type'));
  // https://www.rfc-editor.org/rfc/rfc9110#name-415-unsupported-media-type
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() === 'identity') return;
  throw new AppError(
    'unsupported_media_type',
    'Send the body as it is, without `content-encoding`: none is supported.',
  );
}

function assertJsonType(contentType: string | null): void {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (type.trim() === 'application/json' && isUtf8) return;
  throw new AppError('unsupported_media_type', 'Send the body as `content-type: application/json`, in UTF-8.');
}

export function bodyTooLarge(): AppError {
  return new AppError('body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);
}

/** Does not wait for the end of a body that has come in the length it says: each wait is a turn more. Any other body is read to its end. */
async function readBytes({ body, headers }: Request): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  const said = Number(headers.get('content-length') ?? Number.NaN);
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) return joined(chunks, size);
    size += value.byteLength;
    if (size > maxBodyBytes) {
      await reader.cancel();
      throw bodyTooLarge();
    }
    chunks.push(value);
    if (size === said) return joined(chunks, size);
  }
}

/** The client disconnected or declared a wrong length. Either is an error of the client. */
function brokenOff(cause: unknown): never {
  throw invalidFields([{ field: '', message: 'broke off before its end' }], { cause });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw invalidFields([{ field: '', message: 'not valid UTF-8' }]);
  }
}
