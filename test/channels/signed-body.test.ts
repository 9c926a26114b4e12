/** A signed body is read as it came, and no more of it than is allowed. */
import { expect, test } from 'vitest';
import { readSignedBody } from '../../src/channels/signed-body.ts';

const url = 'https://reflection.example/channels/discord/interactions';
const sending = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request(url, { method: 'POST', headers, body, ...(body instanceof ReadableStream && { duplex: 'half' }) });

function stream(sizes: readonly number[]) {
  const given: number[] = [];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const size = sizes[given.length];
        if (size === undefined) return controller.close();
        given.push(size);
        controller.enqueue(new Uint8Array(size).fill(given.length));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, given };
}

test.each([[[]], [[0]], [[1, 2, 3]], [[4, 6]], [[10]]])('of pieces of %j bytes is whole', async (sizes) => {
  const read = await readSignedBody(sending(stream(sizes).body), 10);
  expect([...read]).toEqual(sizes.flatMap((size, index) => Array.from({ length: size }, () => index + 1)));
});

test('may be missing', async () => {
  expect(await readSignedBody(sending(null), 10)).toHaveLength(0);
});

test('that is too large is not read to its end', async () => {
  const { body, given } = stream([6, 6, 6, 6]);
  await expect(readSignedBody(sending(body), 10)).rejects.toMatchObject({ code: 'body_too_large' });
  expect(given).toEqual([6, 6]);
});

test('that says it is too large is not read at all', async () => {
  const { body, given } = stream([6]);
  const request = { body, headers: new Headers({ 'content-length': '11' }) };
  await expect(readSignedBody(request, 10)).rejects.toMatchObject({ code: 'body_too_large' });
  expect(given).toEqual([]);
});

test('that breaks off is at fault itself', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
  await expect(readSignedBody(sending(body), 10)).rejects.toMatchObject({ code: 'invalid_request' });
});
