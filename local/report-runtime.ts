/**
 * Loaded into Wrangler's process before Wrangler: tells the launcher when Wrangler's runtime (`workerd`) ends and Wrangler did not end it.
 * Wrangler starts a new one by itself, but its proxy never hears of the Worker again, so every later request hangs.
 * https://nodejs.org/api/diagnostics_channel.html#child-process
 */
import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

function processIn(message: unknown): ChildProcess | undefined {
  if (typeof message !== 'object' || message === null || !('process' in message)) return undefined;
  return message.process instanceof ChildProcess ? message.process : undefined;
}

subscribe('child_process', (message) => {
  const child = processIn(message);
  child?.on('exit', (code, signal) => {
    if (child.killed || !/workerd/.test(child.spawnfile)) return;
    if (process.connected) process.send?.({ runtimeEnded: signal ?? `code ${code}` });
  });
});
