/** A Python environment of its own for tools and clients that are written in Python, made in `.local/` when it is first needed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../local/wrangler.ts';

/** With what the file of requirements names; gives the folder of its programs. */
export function pythonEnvironment(name: string, requirements: string): string {
  const folder = join(projectFolder, '.local', name);
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  execFileSync(python, pip, { stdio: 'inherit' });
  return join(folder, 'bin');
}
