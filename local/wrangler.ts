/** Wrangler as a program: where it is, and how it is run to its end. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/** Its entry behind the `wrangler` command: that command only starts this in a second process. */
export const wranglerScript = fileURLToPath(new URL('../node_modules/wrangler/wrangler-dist/cli.js', import.meta.url));

export const wranglerEnvironment = { WRANGLER_SEND_METRICS: 'false' } as const;

export interface WranglerOutcome {
  readonly code: number;
  readonly output: string;
}

/** Runs one Wrangler command in the project's folder. */
export type RunWrangler = (words: readonly string[], way?: WranglerWay) => Promise<WranglerOutcome>;

export interface WranglerWay {
  /** Shown to the person as it comes, with their keyboard behind it; otherwise kept silent. */
  readonly shown?: boolean;
}

/** Makes the runner over a script, Wrangler's own unless a test gives another. */
export function wranglerRunner(script: string = wranglerScript, cwd: string = projectFolder): RunWrangler {
  return (words, { shown = false } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script, ...words], {
        cwd,
        env: { ...process.env, ...wranglerEnvironment },
        stdio: [shown ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      });
      let output = '';
      const keep = (stream: NodeJS.WriteStream) => (text: string) => {
        output = `${output}${text}`.slice(-100_000);
        if (shown) stream.write(text);
      };
      child.stdout?.setEncoding('utf8').on('data', keep(process.stdout));
      child.stderr?.setEncoding('utf8').on('data', keep(process.stderr));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? 1, output }));
    });
}

/** Whether Wrangler has an account to work with: by a login or by `CLOUDFLARE_API_TOKEN`. */
export async function loggedIn(run: RunWrangler): Promise<boolean> {
  const { code } = await run(['whoami', '--json']);
  return code === 0;
}
