import { describe, expect, test } from 'vitest';
import { maxBodyBytes, readJson } from '../../src/http/json-body.ts';

function request(
  chunks: readonly Uint8Array[],
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Request('http://localhost/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('readJson', () => {
  test('reads a body cut into two chunks at any byte', async () => {
    const whole = bytes('{"input": "é 漢 😀", "n": [1, 2]}');
    for (let cut = 0; cut <= whole.length; cut++) {
      const value = await readJson(request([whole.slice(0, cut), whole.slice(cut)]));
      expect(value).toEqual({ input: 'é 漢 😀', n: [1, 2] });
    }
  });

  test('refuses a body that breaks off, wherever it does', async () => {
    const whole = bytes('{"input": "é"}');
    for (let cut = 0; cut <= whole.length; cut++) {
      const left = [whole.slice(0, cut)];
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = left.shift();
          if (chunk) controller.enqueue(chunk);
          else controller.error(new TypeError('Network connection lost.'));
        },
      });
      const headers = { 'content-type': 'application/json' };
      const broken = new Request('http://localhost/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
      await expect(readJson(broken)).rejects.toMatchObject({
        code: 'invalid_request',
        message: 'body: broke off before its end',
        fields: [{ field: '' }],
      });
    }
  });

  test.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/json; profile=x',
  ])('takes %s', async (type) => {
    expect(await readJson(request([bytes('{}')], { 'content-type': type }))).toEqual({});
  });

  test.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=latin1',
  ])('refuses content type %j', async (type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    await expect(readJson(request([bytes('{}')], headers))).rejects.toMatchObject({ code: 'unsupported_media_type' });
  });

  test.each(['gzip', 'br', 'Deflate', 'identity, gzip', 'x'])('refuses a body encoded as %s', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    await expect(readJson(request([bytes('{}')], headers))).rejects.toMatchObject({
      code: 'unsupported_media_type',
      message: expect.stringContaining('content-encoding'),
    });
  });

  test('takes a body that is said to be encoded as nothing', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    expect(await readJson(request([bytes('{}')], headers))).toEqual({});
  });

  test('counts what comes, whatever Content-Length says, and stops reading at the limit', async () => {
    const chunk = new Uint8Array(65_536).fill(0x20);
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(chunk);
      },
      cancel() {
        cancelled = true;
      },
    });
    const lying = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    await expect(readJson(lying)).rejects.toMatchObject({ code: 'body_too_large' });
    expect(pulled).toBeLessThan(maxBodyBytes / chunk.length + 4);
    expect(cancelled).toBe(true);
  });

  test('does not wait for the end of a body that has come as long as it says', async () => {
    const parts = ['{"a"', ':1}'].map((part) => new TextEncoder().encode(part));
    const unended = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        return part ? undefined : new Promise(() => undefined);
      },
    });
    const whole = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '7' },
      body: unended,
      duplex: 'half',
    } as RequestInit);
    expect(await readJson(whole)).toEqual({ a: 1 });
  });

  test('reads a body of exactly the limit', async () => {
    const text = JSON.stringify('x'.repeat(maxBodyBytes - 2));
    expect(await readJson(request([bytes(text)]))).toHaveLength(maxBodyBytes - 2);
    await expect(readJson(request([bytes(`${text} `)]))).rejects.toMatchObject({ code: 'body_too_large' });
  });

  test.each([[[0xff]], [[0x22, 0xc3, 0x22]], [[0x22, 0xed, 0xa0, 0x80, 0x22]], [[0x22, 0xe2, 0x82]]])(
    'refuses bytes that are not UTF-8: %j',
    async (raw) => {
      await expect(readJson(request([new Uint8Array(raw)]))).rejects.toMatchObject({
        code: 'invalid_request',
        message: 'body: not valid UTF-8',
      });
    },
  );

  test('says that an empty body is empty', async () => {
    await expect(readJson(request([]))).rejects.toThrow('the body is empty');
    await expect(
      readJson(new Request('http://localhost/', { method: 'POST', headers: { 'content-type': 'application/json' } })),
    ).rejects.toThrow('the body is empty');
  });
});
