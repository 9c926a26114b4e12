/** `npm run pictures`: screenshots of the playground for the README, at three widths, light and dark, during a run and after it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../local/wrangler.ts';
import { startBrowser } from './browser.ts';
import { playReflection, question } from './played-reflection.ts';
import { servePage } from './served-page.ts';

const folder = join(projectFolder, 'docs', 'playground');
const widths = [360, 820, 1280] as const;
const schemes = ['light', 'dark'] as const;

let asked = 0;
await mkdir(folder, { recursive: true });
const served = await servePage('pictures');
playReflection(served.model, 40);
const browser = await startBrowser();
try {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      const page = await browser.newPage({
        viewport: { width, height: width < 500 ? 780 : 900 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      await page.goto(served.address);
      await page.getByLabel('API key').fill(served.apiKey);
      // What was asked before would come from the cache.
      await page.getByLabel('Request').fill(`${question}${' '.repeat(asked)}`);
      asked += 1;
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('#status', { hasText: 'Running' }).waitFor();
      await page.waitForTimeout(900);
      const shot = async (name: string) => {
        if (width < 1_000) await page.locator('#results').evaluate((place) => place.scrollIntoView());
        await page.screenshot({ path: join(folder, `${width}-${colorScheme}-${name}.png`) });
      };
      await shot('during');
      await page.locator('#status', { hasText: 'Completed' }).waitFor();
      await shot('after');
      await page.close();
    }
  }
} finally {
  await browser.close();
  await served.close();
}
