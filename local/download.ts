/** Downloads one pinned file: resumable through a `.part` file, checked against its size and sha256 before it takes its name. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { FetchFailure } from './fetch-failure.ts';
import { messageOf, systemCode } from './launch-error.ts';
import { openWeb } from './web-request.ts';

/** A file whose every byte is known before it is fetched. */
export interface PinnedFile {
  readonly bytes: number;
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (receivedBytes: number, totalBytes: number) => void;
  /** Default 10 s. */
  readonly silenceMs?: number;
  /** The wait before the first new try after a cut; it doubles each time. Default 500 ms. */
  readonly retryMs?: number;
}

/** Tries in a row that bring no new byte before the download is given up. */
const fruitlessTries = 5;

/** Fetches `url` to `path`. Throws `FetchFailure`; what had arrived before a cut is kept in `path.part` for the next time. */
export async function download(url: string, path: string, pinned: PinnedFile, options: DownloadOptions): Promise<void> {
  const part = `${path}.part`;
  const left = await sizeOf(part);
  await complete(url, part, pinned, options);
  try {
    await place(part, path, pinned, options.signal);
  } catch (error) {
    // What an earlier start left may be torn, as after a power cut. It is removed by now: all of it is fetched anew, once.
    if (left === 0 || !(error instanceof FetchFailure) || error.kind !== 'corrupt') throw error;
    await complete(url, part, pinned, options);
    await place(part, path, pinned, options.signal);
  }
}

/** Fetches until `part` has all bytes, whatever they are. */
async function complete(url: string, part: string, pinned: PinnedFile, options: DownloadOptions): Promise<void> {
  let fruitless = 0;
  let answered = false;
  const onAnswer = () => {
    answered = true;
  };
  for (;;) {
    const before = await sizeOf(part);
    if (before === pinned.bytes) return;
    const failure = await fetchRest(url, part, before, pinned, options, onAnswer);
    options.signal.throwIfAborted();
    const after = await sizeOf(part);
    if (!failure && after === pinned.bytes) return;
    fruitless = after > before ? 0 : fruitless + 1;
    // A server that never answered is not there: say so at once. One that broke off is tried again.
    if (failure && (failure.kind !== 'unreachable' || !answered || fruitless >= fruitlessTries)) throw failure;
    if (fruitless >= fruitlessTries) throw new FetchFailure('unreachable', `${new URL(url).host} keeps breaking off`);
    await pause((options.retryMs ?? 500) * 2 ** fruitless, undefined, { signal: options.signal });
  }
}

/** Gives `file` the name `path` when it is what was pinned; removes it and throws `FetchFailure('corrupt')` when it is not. */
export async function place(file: string, path: string, pinned: PinnedFile, signal: AbortSignal): Promise<void> {
  const bytes = await sizeOf(file);
  const sha256 = bytes === pinned.bytes ? await sha256Of(file, signal) : '';
  if (sha256 !== pinned.sha256) {
    await rm(file, { force: true });
    const found =
      bytes === pinned.bytes ? `its sha256 is ${sha256}` : `it has ${bytes} bytes instead of ${pinned.bytes}`;
    throw new FetchFailure('corrupt', `the file that came is not the one expected: ${found}; it was removed`);
  }
  await flush(file);
  await rename(file, path);
}

/** Size in bytes, 0 when there is no such file. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Waits until the bytes are on the disk: later starts trust the name, also after a power cut. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** One try: appends what is missing to `part`. Returns why it ended early, or undefined. */
async function fetchRest(
  url: string,
  part: string,
  have: number,
  pinned: PinnedFile,
  { signal, onProgress, silenceMs = 10_000 }: DownloadOptions,
  onAnswer: () => void,
): Promise<FetchFailure | undefined> {
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : {};
    const response = await openWeb({ url, headers: { 'accept-encoding': 'identity', ...headers }, signal, silenceMs });
    const start = startOf(response, have);
    if (start instanceof FetchFailure || start === 'again') {
      response.destroy();
      if (start !== 'again') return start;
      await rm(part, { force: true });
      return undefined;
    }
    const offered = Number(response.headers['content-length'] ?? Number.NaN);
    if (offered + start > pinned.bytes || (offered + start < pinned.bytes && start === 0)) {
      response.destroy();
      return new FetchFailure(
        'corrupt',
        `${new URL(url).host} offers a file of ${offered} bytes instead of ${pinned.bytes}`,
      );
    }
    onAnswer();
    await pipeline(
      response,
      meter(start, pinned.bytes, onProgress),
      createWriteStream(part, { flags: start > 0 ? 'a' : 'w' }),
      { signal },
    );
    return undefined;
  } catch (error) {
    return asFailure(error, url);
  }
}

/** Where this response goes on: its first byte's place in the file, `again` to begin anew, or why there is nothing. */
function startOf(response: IncomingMessage, have: number): number | 'again' | FetchFailure {
  const status = response.statusCode ?? 0;
  if (status === 200) return 0;
  if (status === 206) {
    const start = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
    return start !== undefined && Number(start) === have ? have : 'again';
  }
  if (status === 416) return 'again';
  const kind = status === 408 || status === 429 || status >= 500 ? 'unreachable' : 'refused';
  return new FetchFailure(kind, `the server answered ${status} ${response.statusMessage ?? ''}`.trim());
}

/** Counts what passes, and refuses more than the file has. */
function meter(start: number, total: number, onProgress: DownloadOptions['onProgress']): Transform {
  let received = start;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > total) {
        done(new FetchFailure('corrupt', `the server sent more than the ${total} bytes expected`));
        return;
      }
      onProgress(received, total);
      done(null, chunk);
    },
  });
}

function asFailure(error: unknown, url: string): FetchFailure {
  if (error instanceof FetchFailure) return error;
  if (systemCode(error) === 'ENOSPC') return new FetchFailure('no-space', 'the disk is full', error);
  return new FetchFailure('unreachable', `${new URL(url).host} broke off (${messageOf(error)})`, error);
}
