/** The body of a signed request, as it came: its signature is over the bytes. */
import { AppError, invalidFields } from '../errors.ts';

/** Throws `body_too_large` for more than so many bytes, before more is read, and `invalid_request` for a body that breaks off. */
export async function readSignedBody(
  { body, headers }: Pick<Request, 'body' | 'headers'>,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new AppError('body_too_large', `The body is larger than ${mostBytes} bytes.`);
  if (Number(headers.get('content-length')) > mostBytes) throw tooLarge();
  // Anybody may call and then say nothing, so no room is kept for what may still come.
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read().catch(brokenOff)) ?? { done: true };
    if (done || !value) return joined(pieces, size);
    if (size + value.byteLength > mostBytes) {
      await reader?.cancel();
      throw tooLarge();
    }
    pieces.push(value);
    size += value.byteLength;
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

function brokenOff(cause: unknown): never {
  throw invalidFields([{ field: '', message: 'broke off before its end' }], { cause });
}
