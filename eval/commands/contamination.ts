/** `eval contamination`: which rows of training data hold a part of a benchmark. Nothing leaves this machine, and nothing is fetched. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { IndexedBenchmarks } from '../contamination/benchmark-index.ts';
import { lookAtRows } from '../contamination/contaminated-rows.ts';
import { type Overlap, phraseLength } from '../contamination/phrase-index.ts';

export interface ContaminationTools {
  /** A line for each row that is flagged. */
  readonly tell: (line: string) => void;
  /** What it comes to. */
  readonly say: (line: string) => void;
}

/** Items that are named of a row at most. */
const mostNamed = 3;

/** How many rows of a file of JSON lines, gzipped or not, are flagged. Throws an Error that names the line that cannot be read. */
export async function findContamination(
  file: string,
  { index, missing }: IndexedBenchmarks,
  { tell, say }: ContaminationTools,
): Promise<number> {
  let [rows, flagged] = [0, 0];
  for await (const { line, overlaps } of lookAtRows(linesOf(file), index)) {
    rows += 1;
    if (overlaps.length === 0) continue;
    flagged += 1;
    const more = overlaps.length > mostNamed ? `, and ${overlaps.length - mostNamed} more` : '';
    tell(`Line ${line}: ${overlaps.slice(0, mostNamed).map(told).join(', ')}${more}`);
  }
  say(`${flagged} of ${rows} rows have ${phraseLength} words in a row in common with an item.`);
  if (missing.length > 0) {
    say(
      `Not looked for, because the data is not on this machine: ${missing.join(', ')}. A run on a benchmark fetches it.`,
    );
  }
  return flagged;
}

/** The authors of GPQA ask that none of its text is put online, where a log may end. */
function told({ item, phrase }: Overlap): string {
  return item.startsWith('gpqa-') ? item : `${item} (“${phrase}”)`;
}

/** A file may be larger than what fits into memory. Throws where it cannot be read to its end. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of await textOf(path)) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function textOf(path: string): Promise<AsyncIterable<string>> {
  const handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  await handle.close();
  const isPacked = buffer[0] === 0x1f && buffer[1] === 0x8b;
  const bytes = createReadStream(path);
  if (!isPacked) return bytes.setEncoding('utf8');
  // Whoever reads gets the error.
  return pipeline(bytes, createGunzip(), () => undefined).setEncoding('utf8');
}
