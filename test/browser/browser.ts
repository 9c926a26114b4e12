/** Debian's chromium, where there is one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const executable = places.find((place) => place !== undefined && existsSync(place));

export async function startBrowser(): Promise<Browser> {
  if (executable === undefined)
    throw new Error('There is no chromium. On Debian: apt-get install chromium fonts-noto-cjk');
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
}
