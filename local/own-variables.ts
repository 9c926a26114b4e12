/** Variables that somebody set for the project: in `.dev.vars`, which Wrangler reads too, and in the environment, which goes before. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type ChannelConfig, channelVariables, parseChannelConfig } from '../src/channels/config.ts';
import { LaunchError, messageOf, systemCode } from './launch-error.ts';
import { projectFolder } from './wrangler.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** A missing `.dev.vars` says nothing. */
export async function ownVariables(environment: Variables): Promise<Variables> {
  try {
    return { ...parseEnv(await readFile(join(projectFolder, '.dev.vars'), 'utf8')), ...environment };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return environment;
    throw error;
  }
}

/** Those of channels that are set, and what they come to. Throws a `LaunchError` that names each wrong one. */
export function channelsIn(own: Variables): {
  readonly set: Readonly<Record<string, string>>;
  readonly config: ChannelConfig;
} {
  const set = Object.fromEntries(
    channelVariables.flatMap((name) => {
      const value = own[name];
      return value ? [[name, value] as const] : [];
    }),
  );
  try {
    return { set, config: parseChannelConfig(set) };
  } catch (error) {
    throw new LaunchError(messageOf(error), { cause: error });
  }
}
