/** `npm run test:browser`, and the last part of `npm test`: the browser suite, where there is a browser. With `--required` there must be one. */
import { spawnSync } from 'node:child_process';
import { executable } from './browser.ts';

if (executable === undefined) {
  console.log(
    'There is no chromium here, so the browser suite is left out. On Debian: apt-get install chromium fonts-noto-cjk',
  );
  process.exitCode = process.argv.includes('--required') ? 1 : 0;
} else {
  const { status } = spawnSync('vitest', ['run', '--project', 'browser'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
