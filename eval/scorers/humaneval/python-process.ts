/**
 * The process in which one Python program runs, and which then ends. `run-python.ts` starts it, with flags that keep it from files, processes, threads and
 * add-ons. Here is the inner half of the sandbox: Python gets no way to JavaScript, and JavaScript keeps nothing worth reaching.
 *
 * Arguments: Pyodide's folder and the size of a snapshot in bytes. Where the size is 0 it writes a snapshot to standard output. Otherwise it reads that
 * snapshot from standard input, says `ready`, reads a program as JSON until the input ends, and writes what became of it as a line of JSON.
 */
import { constants, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { loadPyodide } from 'pyodide';
import { closeHost } from './close-host.ts';
import { closedPython } from './closed-python.ts';
import { limitFiles } from './limit-files.ts';

type Load = typeof loadPyodide;
type Python = Awaited<ReturnType<Load>>;

/** Where Python keeps files: in memory, but outside of what V8 counts. */
const mostFileBytes = 64 * 1024 * 1024;

/** Imported before the snapshot is made, because solutions ask for them. */
const preloaded =
  'import bisect, collections, copy, datetime, decimal, fractions, functools, hashlib, heapq, itertools, math, operator, random, re, statistics, string, sys, typing';

async function openPython(folder: string, given: Parameters<Load>[0]): Promise<Python> {
  // Pyodide's file system asks for these numbers in a way that --permission forbids.
  Reflect.set(process, 'binding', (name: string) => {
    if (name === 'constants') return { fs: constants, os: {}, crypto: {}, zlib: {}, trace: {} };
    throw new Error(`There is no ${name} here.`);
  });
  const load: Load = (await import(pathToFileURL(join(folder, 'pyodide.mjs')).href)).loadPyodide;
  const python = await load({ indexURL: folder, jsglobals: {}, env: { HOME: '/home/pyodide', _: 'python' }, ...given });
  python.setStdin({ error: true });
  python.setStdout({ write: ({ length }) => length, isatty: false });
  python.setStderr({ write: ({ length }) => length, isatty: false });
  return python;
}

/** So many bytes of an input, or all that is left of it. */
async function readBytes(input: AsyncIterator<Buffer>, size = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let read = 0; read < size; ) {
    const next = await input.next();
    if (next.done) break;
    chunks.push(next.value);
    read += next.value.length;
  }
  return Buffer.concat(chunks);
}

async function makeSnapshot(folder: string): Promise<void> {
  const python = await openPython(folder, { _makeSnapshot: true });
  python.runPython(preloaded);
  const make: unknown = Reflect.get(python, 'makeMemorySnapshot');
  const snapshot: unknown = typeof make === 'function' ? make.call(python) : undefined;
  if (!(snapshot instanceof Uint8Array)) throw new Error('This Pyodide makes no snapshots.');
  await new Promise((resolve) => process.stdout.write(snapshot, resolve));
}

/** What is run, part by part, in one namespace: as its reference does it, but each part must be a whole of its own. */
function runParts(python: Python, parts: readonly string[]): { outcome: string; message: string } {
  const builtins = python.runPython('__import__("builtins")');
  const [compile, exec, dict] = [builtins.compile, builtins.exec, builtins.dict];
  const names = dict();
  try {
    const compiled = parts.map((part) => compile(part, '<program>', 'exec'));
    const untouched = compiled.map(() => dict(builtins.__dict__));
    for (const [index, code] of compiled.entries()) {
      // What an earlier part did to the builtins does not reach the functions of a later one.
      names.set('__builtins__', untouched[index]);
      exec(code, names);
    }
    return { outcome: 'passed', message: '' };
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): { outcome: string; message: string } {
  const type: unknown = Reflect.get(Object(error), 'type');
  const lines = String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n');
  if (typeof type !== 'string') return { outcome: 'failed', message: shortened(`The interpreter ended: ${lines[0]}`) };
  // Notes may follow.
  const line = lines.findLast((each) => each.split(/[:.]/).includes(type)) ?? type;
  return { outcome: type === 'MemoryError' ? 'out of memory' : 'failed', message: shortened(line) };
}

function shortened(message: string): string {
  return message.slice(0, 300);
}

const [folder = '', size = '0'] = process.argv.slice(2);
if (size === '0') {
  await makeSnapshot(folder);
} else {
  const input: AsyncIterator<Buffer> = process.stdin[Symbol.asyncIterator]();
  const python = await openPython(folder, { _loadSnapshot: await readBytes(input, Number(size)) });
  limitFiles(python.FS, mostFileBytes);
  python.runPython(closedPython);
  writeSync(1, 'ready\n');
  const parts: string[] = JSON.parse((await readBytes(input)).toString('utf8'));
  registerHooks({
    resolve(specifier) {
      throw new Error(`There is no ${specifier} here.`);
    },
  });
  closeHost();
  const verdict = runParts(python, parts);
  writeSync(1, `${JSON.stringify(verdict)}\n`);
}
