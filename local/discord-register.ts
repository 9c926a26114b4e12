/** `npm run discord:register`: tells Discord of our commands; `-- --guild ID` for one server, where they are there at once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { registerCommands } from './discord-registration.ts';
import { LaunchError, systemCode } from './launch-error.ts';
import { projectFolder } from './wrangler.ts';

/** Of the file that `npm start` and Wrangler read as well; a missing one says nothing. */
async function ownVariables(): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    return parseEnv(await readFile(join(projectFolder, '.dev.vars'), 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw error;
  }
}

try {
  const environment = { ...(await ownVariables()), ...process.env };
  console.log(await registerCommands(process.argv.slice(2), environment, fetch));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`edge-reflection: ${error.message}`);
  process.exitCode = error.exitCode;
}
