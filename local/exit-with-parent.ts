/**
 * Loaded into Wrangler's process before Wrangler: when the launcher ends in any way, the Worker ends too, instead of holding its port, and
 * the secrets that it was given go.
 */
import { rmSync } from 'node:fs';
import { isThere } from './process-identity.ts';

/** What Wrangler is given for its own orderly end; its runtime would outlive it if it were killed alone. */
const graceMs = 1500;

/** Between two looks whether a launcher that hung up has ended. */
const lookMs = 50;

function removeSecrets(): void {
  const folder = process.env['LAUNCH_FOLDER'];
  if (folder) rmSync(folder, { recursive: true, force: true });
}

function leave(): void {
  removeSecrets();
  process.on('exit', removeSecrets);
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => {
    removeSecrets();
    // It leads a group of its own: its runtime is in it.
    process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
  }, graceMs);
}

/** The launcher; another process, or on Windows none, when that has ended. */
const launcher = process.ppid;

function isLauncherGone(): boolean {
  return process.ppid !== launcher || !isThere(launcher);
}

// A Wrangler that fails closes the channel too, on its way out: the launcher, which is there then, needs the folder for the next one.
process.on('disconnect', () => {
  const looking = setInterval(() => {
    if (!isLauncherGone()) return;
    clearInterval(looking);
    leave();
  }, lookMs).unref();
});
process.channel?.unref();
