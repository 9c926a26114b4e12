/** Starts the local model's process and waits until it answers. */
import { fileURLToPath } from 'node:url';
import { type Child, firstMessage, startChild } from './child.ts';
import { LaunchError } from './launch-error.ts';
import { llamaReportSchema } from './llama-report.ts';

export interface RunningModel {
  readonly child: Child;
  /** The base of its OpenAI-compatible API. */
  readonly url: string;
  readonly contextTokens: number;
}

/** Throws a `LaunchError` when the model cannot be loaded. `onStart` gets the process at once, so that it can be stopped meanwhile. */
export async function startLlama(path: string, name: string, onStart: (child: Child) => void): Promise<RunningModel> {
  const child = startChild({
    name: 'the local model',
    words: [fileURLToPath(new URL('llama-process.ts', import.meta.url)), path, name],
    cwd: process.cwd(),
  });
  onStart(child);
  const report = await firstMessage(child, (value) => llamaReportSchema.safeParse(value).data);
  if (report?.type === 'ready') {
    return { child, url: `http://127.0.0.1:${report.port}/v1`, contextTokens: report.contextTokens };
  }
  const reason = (report?.message ?? (child.lastWords().split('\n').at(-1) || 'its process ended')).replace(/\.$/, '');
  throw new LaunchError(
    `${name} could not be loaded from ${path}: ${reason}. If the file is damaged, remove it and start again; if memory is short, give a smaller --model.`,
  );
}
