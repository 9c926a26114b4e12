/** `npm run deploy`: the Worker on Cloudflare, with what it needs; `-- --dry-run` shows the bundle without an account. */
import { deploy, dryRun, parseDeployFlags } from './deployment.ts';
import { LaunchError } from './launch-error.ts';
import { projectFolder, wranglerRunner } from './wrangler.ts';

const tools = { run: wranglerRunner(), folder: projectFolder, say: (line: string) => console.log(line) };

// An exit, unlike a signal's own end, takes the folder of secrets along.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => process.exit(130));

try {
  const flags = parseDeployFlags(process.argv.slice(2));
  await (flags.dryRun ? dryRun(tools) : deploy(tools));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`\nedge-reflection: ${error.message}`);
  process.exitCode = error.exitCode;
}
