/** That a launch notices when npm, or the shell between, has gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProcessTable, startersGone } from '../../local/starters.ts';

const script = 'node local/start.ts';

/** Process 3 is the launch. */
function table(rows: Record<number, { parent: number; command: string }>): ProcessTable {
  return {
    own: 3,
    parentOf: (pid) => rows[pid]?.parent,
    commandOf: (pid) => rows[pid]?.command,
  };
}

describe('the starters of a launch', () => {
  const shell = { parent: 1, command: `sh\0-c\0${script} --port 0\0` };
  const npm = { parent: 50, command: 'npm start --port 0' };

  test('are all there while nothing changes', () => {
    expect(startersGone(script, table({ 1: npm, 2: shell, 3: { parent: 2, command: '' } }))()).toBe(false);
  });

  test('are missed when the shell has gone', () => {
    const rows = { 1: npm, 2: shell, 3: { parent: 2, command: '' } };
    const gone = startersGone(script, table(rows));
    rows[3] = { parent: 50, command: '' };
    expect(gone()).toBe(true);
  });

  test('are missed when npm has gone from behind the shell', () => {
    const rows = { 1: npm, 2: shell, 3: { parent: 2, command: '' } };
    const gone = startersGone(script, table(rows));
    rows[2] = { ...shell, parent: 50 };
    expect(gone()).toBe(true);
  });

  test('end at npm: a terminal that closes behind it is no matter', () => {
    const rows = { 1: npm, 3: { parent: 1, command: '' } };
    const gone = startersGone(script, table(rows));
    rows[1] = { ...npm, parent: 99 };
    expect(gone()).toBe(false);
  });
});

describe('a real shell between', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starters-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  // Elsewhere `sh` gives its place to the one command it is told, and npm itself is the parent.
  test.each(process.platform === 'linux' ? ['npm', 'shell'] : ['shell'])(
    'shows that the %s was killed',
    async (victim) => {
      const watcher = join(folder, 'watcher.mjs');
      const line = `${process.execPath} ${watcher}`;
      await writeFile(
        watcher,
        `import { writeFileSync } from 'node:fs';
       import { startersGone } from ${JSON.stringify(new URL('../../local/starters.ts', import.meta.url).href)};
       const gone = startersGone(${JSON.stringify(line)});
       const say = (text) => writeFileSync(${JSON.stringify(join(folder, 'said'))}, text);
       say('watching ' + process.ppid + '.');
       setInterval(() => { if (gone()) { say('gone'); process.exit(); } }, 20);
       setTimeout(() => process.exit(), 20_000);`,
      );
      const npm = join(folder, 'npm.mjs');
      await writeFile(
        npm,
        `import { spawn } from 'node:child_process';
       spawn('sh', ['-c', ${JSON.stringify(`${line}; true`)}], { stdio: 'ignore' });`,
      );
      const said = () => readFile(join(folder, 'said'), 'utf8').catch(() => '');
      const starter = spawn(process.execPath, [npm], { stdio: 'ignore' });
      await expect.poll(said, { timeout: 10_000 }).toMatch(/^watching \d+\.$/);
      if (victim === 'npm') starter.kill('SIGKILL');
      else process.kill(Number((await said()).replace(/\D/g, '')), 'SIGKILL');
      await expect.poll(said, { timeout: 10_000 }).toBe('gone');
      if (starter.exitCode === null && starter.signalCode === null) await once(starter, 'exit');
    },
  );
});
