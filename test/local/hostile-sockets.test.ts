/**
 * Requests that no HTTP client sends, as bytes on a socket, to the Worker that is deployed. Much of it is answered by workerd's own server, in its own
 * words; on Cloudflare the edge stands there instead. What holds for both: our code gives no 5xx and tells nothing back, and all goes on.
 */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { errorKinds } from '../../src/errors.ts';
import { problemBody } from '../../src/http/problem.ts';
import { type BundledWorker, startBundledWorker } from './bundled-worker.ts';

let worker: BundledWorker;
let key: string;

beforeAll(async () => {
  worker = await startBundledWorker('hostile-test');
  ({ key } = await worker.makeKey());
}, 60_000);

afterAll(async () => {
  await worker?.close();
  // Of all that follows nothing is a defect, and nobody's key is told.
  expect(worker?.log.filter((line) => /request\.failed|er_live_[\w-]{20}/.test(line))).toEqual([]);
  expect(worker?.log.length).toBeGreaterThan(100);
});

afterEach(async () => {
  const health = await fetch(`${worker.address}/health`, { signal: AbortSignal.timeout(5_000) });
  expect([health.status, await health.json()]).toMatchObject([200, { status: 'ok' }]);
});

interface Answer {
  readonly status: number;
  /** Names in small letters, `name: value`. */
  readonly headers: readonly string[];
  readonly body: string;
  /** By our code; otherwise by the server before it. */
  readonly isOurs: boolean;
}

type Bytes = string | Uint8Array;

interface Line {
  readonly socket: Socket;
  /** What came back so far. */
  heard(): string;
  /** Settles when the server says no more. */
  readonly over: Promise<unknown>;
}

function dial(bytes: Bytes): Line {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(worker.address).port), allowHalfOpen: true });
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  const over = new Promise((resolve) => {
    socket.on('end', resolve).on('close', resolve).on('error', resolve);
  });
  socket.write(bytes);
  return { socket, heard: () => heard, over };
}

/** What is answered, once it is all there; undefined when the line was closed without a word. */
async function answerTo(bytes: Bytes, isLast = false): Promise<Answer | undefined> {
  const { socket, heard, over } = dial(bytes);
  if (isLast) socket.end();
  const whole = expect.poll(() => parse(heard()), { timeout: 5_000, interval: 5 }).toBeDefined();
  // The poll goes on where the line is closed without a word.
  whole.catch(() => undefined);
  await Promise.race([whole, over]);
  socket.destroy();
  return parse(heard());
}

/** The last answer of those that came, or undefined while it is not whole. */
function parse(text: string): Answer | undefined {
  const [head = '', ...rest] = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  const [line = '', ...headers] = head
    .split('\r\n')
    .map((header) => header.replace(/^[^:]*/, (name) => name.toLowerCase()));
  const status = Number(/^http\/1\.[01] (\d{3})/.exec(line)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const body = rest.join('\r\n\r\n');
  const length = headers.find((header) => header.startsWith('content-length: '))?.slice('content-length: '.length);
  if (length !== undefined && body.length < Number(length)) return undefined;
  if (headers.includes('transfer-encoding: chunked') && !body.endsWith('0\r\n\r\n')) return undefined;
  return { status, headers, body, isOurs: headers.some((header) => header.startsWith('x-request-id: ')) };
}

const question = JSON.stringify({ input: 'Which number?', strategy: 'direct' });

function request(line: string, ...headers: readonly string[]): string {
  return `${line} HTTP/1.1\r\nhost: localhost\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;
}

/** The head of a right question, but for how long its body is. */
function asking(...headers: readonly string[]): string {
  return request('POST /v1/reflections', `authorization: Bearer ${key}`, 'content-type: application/json', ...headers);
}

const sized = (text: string): string => `content-length: ${text.length}`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Refused by our code, in the words of the table. */
function expectProblem(answer: Answer | undefined, code: keyof typeof errorKinds): string {
  const problem = problemBody.parse(JSON.parse(/\{.*\}/s.exec(answer?.body ?? '')?.[0] ?? '{}'));
  expect([problem.error.code, answer?.status]).toEqual([code, errorKinds[code].status]);
  return problem.detail;
}

/** Refused by the server, before our code is asked. */
function expectRefusedBefore(answer: Answer | undefined, ...statuses: readonly number[]): void {
  expect(answer).toMatchObject({ isOurs: false });
  expect(statuses).toContain(answer?.status);
}

test('the right question is answered, so that what follows is refused for what is wrong with it', async () => {
  for (const text of [
    asking(sized(question)) + question,
    asking('transfer-encoding: chunked') + chunk(question) + chunk(''),
  ]) {
    const answer = await answerTo(text);
    expect(answer).toMatchObject({ status: 200, isOurs: true });
    expect(answer?.body).toContain('Call 555-0199.');
  }
});

describe('a length that is a lie', () => {
  test('too short, leaves a body that is no JSON', async () => {
    const answer = await answerTo(asking('content-length: 10') + question);
    expect(expectProblem(answer, 'invalid_request')).toContain('not valid JSON');
  });

  test('of nothing, before a body, makes a second request of the body, which is none', async () => {
    const { socket, heard, over } = dial(`${asking('content-length: 0')}${question}${request('GET /health')}`);
    await over;
    socket.destroy();
    // The server refuses what it takes for a first line, and closes.
    expect(heard().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 400']);
  });

  test('too long, is a body that broke off', async () => {
    const answer = await answerTo(asking('content-length: 500') + question, true);
    expect(expectProblem(answer, 'invalid_request')).toContain('broke off');
  });

  test('far too long, is refused before a byte of it has come', async () => {
    expectProblem(await answerTo(asking('content-length: 2000000')), 'body_too_large');
  });

  test.each([
    ['two different ones', ['content-length: 46', 'content-length: 5']],
    ['two in one', ['content-length: 46, 5']],
    ['negative', ['content-length: -1']],
    ['a word', ['content-length: abc']],
    ['a number and a word', ['content-length: 12abc']],
    ['with a sign', ['content-length: +46']],
    ['hexadecimal', ['content-length: 0x2e']],
    ['beyond all numbers', ['content-length: 99999999999999999999999']],
    ['empty', ['content-length: ']],
  ])('and is none: %s', async (_, headers) => {
    expectRefusedBefore(await answerTo(asking(...headers) + question), 400);
  });
});

describe('a transfer coding', () => {
  test('beside a length wins, and the line is closed: nothing is left over for a second request', async () => {
    const { socket, heard, over } = dial(
      `${asking('content-length: 3', 'transfer-encoding: chunked')}${chunk(question)}${chunk('')}${request('GET /health')}`,
    );
    await over;
    socket.destroy();
    expect(heard().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  });

  test.each(['xchunked', 'identity', 'chunked, gzip'])('that nobody knows is refused: %s', async (coding) => {
    expectRefusedBefore(await answerTo(asking(`transfer-encoding: ${coding}`, sized(question)) + question), 400, 501);
  });

  test('with a space before its colon is refused', async () => {
    expectRefusedBefore(await answerTo(asking('transfer-encoding : chunked', sized(question)) + question), 400);
  });

  test.each([
    ['no number', `zz\r\n${question}\r\n`],
    ['negative', `-1\r\n${question}\r\n`],
    ['beyond all numbers', `ffffffffffffffffffff\r\n${question}\r\n`],
    ['too small', `5\r\n${question}\r\n`],
    ['too large', `fff\r\n${question}\r\n`],
    ['right, and no end after it', chunk(question)],
    ['right, and half an end after it', `${chunk(question)}0\r\n`],
    ['nothing at all', ''],
  ])('with a size that is %s is a body that broke off', async (_, body) => {
    const answer = await answerTo(asking('transfer-encoding: chunked') + body, true);
    expect(expectProblem(answer, 'invalid_request')).toContain('broke off');
  });

  test('may hold extensions and trailers, which count for nothing', async () => {
    const body = `${question.length.toString(16)};a="b"\r\n${question}\r\n0\r\nx-request-id: from-the-trailer\r\n\r\n`;
    const answer = await answerTo(asking('transfer-encoding: chunked') + body);
    expect(answer?.status).toBe(200);
    expect(answer?.headers).not.toContain('x-request-id: from-the-trailer');
  });

  test('without an end is left after a megabyte', async () => {
    const { socket, heard, over } = dial(asking('transfer-encoding: chunked'));
    const more = chunk(' '.repeat(60_000));
    let isOver = false;
    void over.then(() => {
      isOver = true;
    });
    let sent = 0;
    while (parse(heard()) === undefined && !isOver && sent < 100_000_000) {
      if (!socket.write(more)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), over]);
      sent += 60_000;
      await new Promise(setImmediate);
    }
    socket.destroy();
    // What lies between is buffers of both systems.
    expect(sent).toBeLessThan(100_000_000);
    const answer = parse(heard());
    // A line that is closed over unread bytes may take the answer with it.
    if (!isOver || answer) expectProblem(answer, 'body_too_large');
  });
});

describe('a client that stops', () => {
  const started = [
    ['in a body of a length', () => asking('content-length: 500') + question],
    ['in a body of chunks', () => `${asking('transfer-encoding: chunked')}2e\r\n{"inp`],
    ['in the head', () => asking().slice(0, -20)],
    ['before the first word', () => ''],
  ] as const;

  test.each(started)('%s holds nobody else up, and may go', async (_, bytes) => {
    const stalled = Array.from({ length: 20 }, () => dial(bytes()));
    const answer = await answerTo(asking(sized(question)) + question);
    expect(answer?.status).toBe(200);
    expect(stalled.map(({ heard }) => heard()).join('')).toBe('');
    for (const { socket } of stalled) socket.destroy();
  });

  test('before its body, without a key, is refused at once', async () => {
    const head = request('POST /v1/reflections', 'content-type: application/json', 'content-length: 500');
    expectProblem(await answerTo(head), 'invalid_api_key');
  });

  test('and has closed its half of the line is answered all the same', async () => {
    expect(await answerTo(asking(sized(question)) + question, true)).toMatchObject({ status: 200, isOurs: true });
  });

  test('with half a head said is left without a word', async () => {
    expect(await answerTo(asking().slice(0, -20), true)).toBeUndefined();
  });
});

describe('a header', () => {
  const planted = 'set-cookie: planted=1';

  /** The three headers whose values we read, or say back. */
  const headers = [
    ['authorization', () => `Bearer ${key}`],
    ['idempotency-key', () => 'abc'],
    ['x-request-id', () => 'abc'],
  ] as const;

  function usage(name: string, value: string): string {
    const rest = { authorization: `Bearer ${key}` };
    return request('GET /v1/usage', ...Object.entries({ ...rest, [name]: value }).map((pair) => pair.join(': ')));
  }

  test.each(headers)('%s with a NUL, a lone CR or a folded line in it is refused', async (name, value) => {
    for (const between of ['\0', '\r', '\r\n ', '\0\r\n ']) {
      expectRefusedBefore(await answerTo(usage(name, `${value()}${between}${planted}`)), 400);
    }
  });

  test.each(headers)('%s with a line’s end in it is two headers, and neither is said back', async (name, value) => {
    // A lone LF is a line's end to a lenient server, as RFC 9112 allows.
    for (const between of ['\r\n', '\n']) {
      const answer = await answerTo(usage(name, `${value()}${between}${planted}`));
      expect(answer).toMatchObject({ status: 200, isOurs: true });
      expect(answer?.headers.join('\n')).not.toContain('planted');
    }
  });

  test.each([
    ['of bytes that are no letters', '\xff\xfe'],
    ['of Latin letters', 'abc\xe9'],
    ['with an escape sequence', 'abc\x1b[31m'],
    ['with a tab', 'abc\tdef'],
    ['with what would begin markup', '<script>'],
    ['of 129 letters', 'a'.repeat(129)],
    ['empty', ''],
  ])('x-request-id %s is replaced', async (_, value) => {
    const bytes = Buffer.from(request('GET /health', `x-request-id: ${value}`), 'latin1');
    const answer = await answerTo(bytes);
    // Some of it the server itself refuses.
    if (answer?.isOurs === false) return expectRefusedBefore(answer, 400);
    expect(answer?.status).toBe(200);
    expect(answer?.headers.join('\n')).toMatch(/^x-request-id: req_[0-9a-f-]{36}$/m);
  });

  test('x-request-id given twice is replaced', async () => {
    const answer = await answerTo(request('GET /health', 'x-request-id: abc', 'x-request-id: def'));
    expect(answer?.headers.join('\n')).toMatch(/^x-request-id: req_[0-9a-f-]{36}$/m);
  });

  test('idempotency-key of bytes that are no ASCII is refused in our words, without those bytes', async () => {
    const bytes = Buffer.from(`${asking('idempotency-key: abc\xe9', sized(question))}${question}`, 'latin1');
    const answer = await answerTo(bytes);
    expect(expectProblem(answer, 'invalid_request')).toContain('visible ASCII');
    expect(answer?.body).not.toContain('\xe9');
  });

  test('of ten or a hundred thousand letters counts for nothing, and of two million is refused', async () => {
    for (const length of [10_000, 100_000]) {
      expect((await answerTo(request('GET /health', `x-large: ${'a'.repeat(length)}`)))?.status).toBe(200);
    }
    expectRefusedBefore(await answerTo(request('GET /health', `x-large: ${'a'.repeat(2_000_000)}`)), 400, 431);
    expectRefusedBefore(
      await answerTo(request('GET /health', ...Array.from({ length: 20_000 }, () => 'x-a: b'))),
      400,
      431,
    );
  });

  test('of a key of a hundred thousand letters is no key', async () => {
    expectProblem(await answerTo(usage('authorization', `Bearer ${key}${'A'.repeat(100_000)}`)), 'invalid_api_key');
  });
});

describe('a first line', () => {
  test('of HTTP/1.0 is answered', async () => {
    const answer = await answerTo('GET /health HTTP/1.0\r\nhost: localhost\r\n\r\n');
    expect(answer).toMatchObject({ status: 200, isOurs: true });
    const asked = asking(sized(question)).replace('HTTP/1.1', 'HTTP/1.0');
    expect(await answerTo(asked + question)).toMatchObject({ status: 200, isOurs: true });
  });

  test.each([
    ['of another version', 'GET /health HTTP/9.9\r\nhost: localhost\r\n\r\n'],
    ['without a version', 'GET /health\r\n\r\n'],
    ['without a host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['of another protocol', '\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03\r\n\r\n'],
  ])('%s is refused', async (_, bytes) => {
    expectRefusedBefore(await answerTo(Buffer.from(bytes, 'latin1')), 400);
  });

  test.each([
    ['with two hosts', 'GET /health HTTP/1.1\r\nhost: one\r\nhost: other\r\n\r\n'],
    ['with a host that is none', 'GET /health HTTP/1.1\r\nhost: a b\r\n\r\n'],
    ['that wants a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n'],
    ['with a method in small letters', 'get /health HTTP/1.1\r\nhost: localhost\r\n\r\n'],
  ])('%s does not come as far as our code', async (_, bytes) => {
    // Here the local server in front of the Worker says 500 or 501 by itself.
    expectRefusedBefore(await answerTo(bytes), 400, 500, 501);
  });

  test('with a method that the address does not have is refused in our words', async () => {
    for (const method of ['TRACE', 'PUT', 'PROPFIND']) {
      expectProblem(await answerTo(request(`${method} /health`)), 'method_not_allowed');
    }
  });

  test('with another service’s address is of this one', async () => {
    const answer = await answerTo(request('GET http://evil.example/health'));
    expect(answer).toMatchObject({ status: 200, isOurs: true });
    expect(`${answer?.headers.join('\n')}${answer?.body}`).not.toContain('evil.example');
  });

  test('of an endless path is refused', async () => {
    const path = (length: number) => `GET /v1/reflections/${'a'.repeat(length)}`;
    const answer = await answerTo(request(path(10_000), `authorization: Bearer ${key}`));
    expectProblem(answer, 'not_found');
    expect(answer?.body.length).toBeLessThan(2_000);
    expectRefusedBefore(await answerTo(request(path(1_000_000))), 400, 414, 431);
  });

  test('that asks for another protocol is answered in this one', async () => {
    const answer = await answerTo(
      request(
        'GET /health',
        ...['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'],
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      ),
    );
    expect(answer).toMatchObject({ status: 200, isOurs: true });
  });
});

test('a hundred clients that go in the middle of their bodies leave nothing behind that hurts', async () => {
  const lines = Array.from({ length: 100 }, () => dial(asking('content-length: 500') + question));
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const { socket } of lines) socket.resetAndDestroy();
  expect(await answerTo(asking(sized(question)) + question)).toMatchObject({ status: 200, isOurs: true });
});
