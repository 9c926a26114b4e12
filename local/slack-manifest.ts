/** `npm run -s slack:manifest -- --url https://…`: prints the manifest of the Slack app, for “Create an app from a manifest”. */
import { LaunchError } from './launch-error.ts';
import { manifestText } from './slack-manifest-text.ts';

try {
  console.log(manifestText(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`edge-reflection: ${error.message}`);
  process.exitCode = error.exitCode;
}
