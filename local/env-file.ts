/** Variables for the Worker, written to a file that only this user can read: a command line is shown to everyone on the machine. */
import { writeFile } from 'node:fs/promises';

/** One `NAME='value'` line each, as Wrangler's reader (dotenv, then dotenv-expand) takes it. Throws on a value it cannot carry. */
export function toEnvFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join('');
}

export async function writeEnvFile(path: string, variables: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(path, toEnvFile(variables), { mode: 0o600 });
}

function quote(name: string, value: string): string {
  // Inside quotes nothing is special but the quote itself; a dollar sign is expanded afterwards unless it is escaped.
  const mark = ["'", '"', '`'].find((candidate) => !value.includes(candidate));
  if (mark === undefined || /[\r\n]/.test(value) || (mark === '"' && value.includes('\\'))) {
    throw new Error(`${name} cannot be written to an environment file.`);
  }
  return `${mark}${value.replaceAll('$', '\\$')}${mark}`;
}
