/** Where downloaded models are kept: the user's cache folder, as each system names it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

interface Machine {
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const thisMachine: Machine = { platform: process.platform, home: homedir(), environment: process.env };

/** `$XDG_CACHE_HOME/edge-reflection`, or what stands for it on macOS and Windows. An explicit `XDG_CACHE_HOME` wins everywhere. */
export function cacheFolder({ platform, home, environment }: Machine = thisMachine): string {
  const explicit = environment['XDG_CACHE_HOME'];
  if (explicit) return join(explicit, 'edge-reflection');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'edge-reflection');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'edge-reflection', 'Cache');
  return join(home, '.cache', 'edge-reflection');
}
