/** `npm run discord:register`: tells Discord of our commands; `-- --guild ID` for one server, where they are there at once. */
import { registerCommands } from './discord-registration.ts';
import { LaunchError } from './launch-error.ts';
import { ownVariables } from './own-variables.ts';

try {
  const environment = await ownVariables(process.env);
  console.log(await registerCommands(process.argv.slice(2), environment, fetch));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`edge-reflection: ${error.message}`);
  process.exitCode = error.exitCode;
}
