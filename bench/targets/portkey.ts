/** Portkey's open gateway, as its README starts it. Fetched on demand: nothing else of this project needs it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startProgram } from '../processes.ts';
import { chatBody, type Target } from './target.ts';

const packageName = '@portkey-ai/gateway';
const version = '1.15.2';

export const portkeyName = `Portkey ${version}`;

/**
 * Where the package is: in `PORTKEY_DIR` (a folder with a `node_modules`), in this project's, or in `peersFolder`, into which npm is asked
 * to put it when it is nowhere.
 */
export function findPortkey(peersFolder: string, environment = process.env): string {
  const { PORTKEY_DIR } = environment;
  const places = [
    ...(PORTKEY_DIR ? [join(PORTKEY_DIR, 'noname.js')] : []),
    import.meta.url,
    join(peersFolder, 'noname.js'),
  ];
  const found = places.flatMap((place) => scriptFrom(place) ?? [])[0];
  if (found !== undefined) return found;
  mkdirSync(peersFolder, { recursive: true });
  execFileSync('npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefix',
    peersFolder,
    `${packageName}@${version}`,
  ]);
  const fetched = scriptFrom(join(peersFolder, 'noname.js'));
  if (fetched === undefined) throw new Error(`npm did not bring ${packageName}@${version}.`);
  return fetched;
}

/** The gateway's start script as a module at `place` would find it. */
function scriptFrom(place: string): string | undefined {
  for (const folder of createRequire(place).resolve.paths(packageName) ?? []) {
    const script = join(folder, packageName, 'build', 'start-server.js');
    if (existsSync(script)) return script;
  }
  return undefined;
}

export async function startPortkey(script: string, port: number, upstream: string): Promise<Target> {
  const address = `http://127.0.0.1:${port}`;
  const program = await startProgram({
    name: portkeyName,
    command: process.execPath,
    words: [script, '--headless', `--port=${port}`],
    environment: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1', NODE_ENV: 'production', HOME: dirname(script) },
    readyUrl: `${address}/`,
  });
  const url = `${address}/v1/chat/completions`;
  const headers = {
    authorization: 'Bearer bench',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
  };
  return {
    name: portkeyName,
    address,
    program,
    blocking: { url, headers, body: chatBody(false) },
    streaming: { url, headers, body: chatBody(true) },
    stop: program.stop,
  };
}
