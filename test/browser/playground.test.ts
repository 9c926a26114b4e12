/** The playground in a real browser, over the Worker as it is deployed. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { startBrowser } from './browser.ts';
import { draft, playReflection, question, revised } from './played-reflection.ts';
import { type ServedPage, servePage } from './served-page.ts';

let served: ServedPage;
let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  [served, browser] = await Promise.all([servePage('playground-test'), startBrowser()]);
  const { answers } = served.model;
  answers.set('in at most 6 words', { text: 'The bridge is red, and it is long, and old.', pauseMs: 30 });
  answers.set('Write your whole answer again', { text: 'The bridge is red.', pauseMs: 30 });
  answers.set('Think aloud.', { text: 'It is one and one, so two.\n### Answer\n2', pauseMs: 60 });
  playReflection(served.model, 15);
  answers.set('Take your time.', { text: 'It takes a long while until all of this has been said.', pauseMs: 120 });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await served.close();
});

afterEach(async () => {
  await context?.close();
});

async function open(options: Parameters<Browser['newContext']>[0] = {}, path = '/'): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) failures.push(message.text());
  });
  await page.goto(`${served.address}${path}`);
  expect(failures).toEqual([]);
  return page;
}

async function ask(page: Page, request: string, strategy = 'checks'): Promise<void> {
  await page.getByLabel('API key').fill(served.apiKey);
  await page.getByLabel('Request').fill(request);
  await page.getByLabel('Strategy').selectOption(strategy);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

async function completed(page: Page): Promise<void> {
  await expect.poll(() => page.locator('#status').textContent(), { timeout: 15_000 }).toBe('Completed');
}

const mended = 'Describe the bridge in at most 6 words.';

describe('a run', () => {
  test('is shown as it happens: the draft, its checks, what changed and why, and each pass', async () => {
    const page = await open();
    await ask(page, mended);
    const heading = page.locator('#answer-heading');
    await expect.poll(() => page.locator('#answer').textContent(), { timeout: 10_000 }).toMatch(/^The bridge is/);
    expect(await heading.textContent()).toBe('Draft');
    await completed(page);
    expect([await heading.textContent(), await page.locator('#answer').textContent()]).toEqual([
      'Answer',
      'The bridge is red.',
    ]);
    expect(await page.locator('#decision').textContent()).toBe('A failed check was mended.');
    expect(await page.locator('#draft-checks .is-bad').count()).toBe(1);
    expect(await page.locator('#answer-checks .is-good').count()).toBe(1);
    expect(await page.locator('#gate').textContent()).toContain('Mend what failed');
    expect(await page.locator('#gate').textContent()).toContain('A check failed');
    expect(await page.locator('#revision del').allInnerTexts()).not.toEqual([]);
    expect(await page.locator('#revision').textContent()).toContain('Taken');
    expect(await page.locator('#passes tbody tr').count()).toBe(2);
    expect(await page.locator('#steps li').allTextContents()).toContain('Checks: failed');
  });

  test('shows what the critic quotes in the draft, whether it was confirmed, and the words that changed', async () => {
    const page = await open();
    await ask(page, question, 'selective');
    await completed(page);
    expect(await page.locator('#answer').textContent()).toBe(revised);
    expect(await page.locator('#draft').textContent()).toBe(draft);
    expect(await page.locator('#draft mark').allTextContents()).toEqual([
      'the Golden Gate Bridge opened to the public in May 1936',
    ]);
    expect(await page.locator('#second').textContent()).toContain('The bridge opened on 27 May 1937.');
    expect(await page.locator('#second .chip').allTextContents()).toEqual(['Wrong fact · major', 'confirmed']);
    expect(await page.locator('#revision del').allTextContents()).toEqual(['1936']);
    expect(await page.locator('#revision ins').allTextContents()).toEqual(['1937']);
    expect(await page.locator('#gate .signals li').count()).toBeGreaterThan(1);
    expect(await page.locator('#passes tbody th').allTextContents()).toEqual([
      'Draft',
      'Critique',
      'Confirmation',
      'Revision',
      'Judge',
      'Judge',
    ]);
  });

  test('shows reasoning as reasoning, and only the answer as the answer', async () => {
    const page = await open();
    await ask(page, 'Think aloud.', 'cot');
    const heading = page.locator('#answer-heading');
    await expect.poll(() => heading.textContent(), { timeout: 10_000 }).toBe('Reasoning before the answer');
    await completed(page);
    expect(await page.locator('#answer').textContent()).toBe('2');
  });

  test('is told aloud pass by pass, and not word by word', async () => {
    const page = await open();
    await page.evaluate(() => {
      const place = document.querySelector('#announcement');
      const said: string[] = [];
      Object.assign(window, { said });
      const note = () => said.push(place?.textContent ?? '');
      if (place) new MutationObserver(note).observe(place, { childList: true, characterData: true, subtree: true });
    });
    await ask(page, `${question} `, 'selective');
    await completed(page);
    const said: unknown = await page.evaluate('said');
    const heard = z.array(z.string()).parse(said);
    expect(heard.length).toBeLessThan(12);
    expect(heard).toContain('Draft');
    expect(heard.at(-1)).toBe(`Completed. The revision was taken: there is evidence that it is better. ${revised}`);
  });

  test('is found again when the connection is lost in the middle', async () => {
    const page = await open();
    await ask(page, 'Take your time. Please.', 'direct');
    await expect.poll(() => page.locator('#answer').textContent(), { timeout: 10_000 }).toContain('It takes');
    served.dropConnections();
    await completed(page);
    expect(await page.locator('#answer').textContent()).toBe('It takes a long while until all of this has been said.');
    expect(await page.locator('#failure').textContent()).toBe('');
  });

  test('is cancelled by its button', async () => {
    const page = await open();
    await ask(page, 'Take your time.', 'direct');
    await expect.poll(() => page.locator('#answer').textContent(), { timeout: 10_000 }).toContain('It takes');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('#status').textContent(), { timeout: 10_000 }).toBe('Cancelled');
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isEnabled()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('run');
  });

  test('is cancelled by a button that is pressed before its first event has come', async () => {
    const page = await open({ viewport: { width: 360, height: 700 }, reducedMotion: 'reduce' });
    await page.route('**/v1/reflections', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue();
    });
    await ask(page, 'Take your time. At once.', 'direct');
    // A phone shows the run, not the form that it was asked in.
    expect(await page.locator('#status').evaluate((place) => place.getBoundingClientRect().bottom)).toBeLessThan(700);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('#status').textContent(), { timeout: 10_000 }).toBe('Cancelled');
  });

  test('goes on where the page is loaded anew, and has a link of its own', async () => {
    const page = await open();
    await ask(page, 'Take your time.', 'direct');
    await expect.poll(() => page.locator('#answer').textContent(), { timeout: 10_000 }).toContain('It takes');
    expect(page.url()).toMatch(/#refl_/);
    await page.reload();
    await completed(page);
    expect(await page.locator('#answer').textContent()).toBe('It takes a long while until all of this has been said.');
  });

  test('that is refused says so in a sentence', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    expect(await page.getByRole('alert').textContent()).toBe('Enter an API key first.');
    await page.getByLabel('API key').fill('er_live_nobody');
    await page.getByLabel('Request').fill('Hello?');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/^This key is not valid\./);
    await context?.setOffline(true);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/^The service cannot be reached\./);
  });

  test('is sent by keys alone', async () => {
    const page = await open();
    await page.getByLabel('API key').focus();
    await page.keyboard.type(served.apiKey);
    await page.keyboard.press('Tab');
    await page.keyboard.type(mended);
    await page.keyboard.press('Control+Enter');
    await completed(page);
    await page.getByLabel('Add a check').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.check-row').count()).toBe(1);
    await page.getByRole('textbox', { name: 'Words, at most' }).fill('many');
    await page.keyboard.press('Control+Enter');
    expect(await page.getByRole('alert').textContent()).toBe('This check needs a whole number above 0.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.check-row').count()).toBe(0);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('strategy');
  });
});

describe('the page', () => {
  test('is read before its script has come', async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.getByLabel('Request').isVisible()).toBe(true);
    expect(await page.getByRole('heading', { name: 'A second look' }).isVisible()).toBe(true);
  });

  test('weighs 120 kB at most, compressed', async () => {
    const page = await open();
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    const paths = [
      '/index.html',
      ...loaded.filter((name) => name.startsWith(served.address)).map((name) => new URL(name).pathname),
    ];
    const sizes = await Promise.all(
      paths.map(async (path) => gzipSync(await readFile(new URL(`../../public${path}`, import.meta.url))).length),
    );
    expect(paths).toContain('/playground.js');
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120_000);
  });

  test('works over a slow network', async () => {
    const page = await open();
    const session = await context?.newCDPSession(page);
    await session?.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 20_000,
      uploadThroughput: 20_000,
    });
    await ask(page, mended);
    await expect.poll(() => page.locator('#status').textContent(), { timeout: 20_000 }).toBe('Completed');
  });

  test('paints before its script has come, and moves nothing for whoever wants no motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    await page.route('**/playground.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue();
    });
    await page.reload({ waitUntil: 'load' });
    const [painted, loaded] = await page.evaluate(() => [
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY,
      performance.getEntriesByType('resource').find(({ name }) => name.endsWith('.js'))?.duration ?? 0,
    ]);
    expect(loaded).toBeGreaterThan(1_000);
    expect(painted).toBeLessThan(loaded ?? 0);
    await ask(page, 'Take your time. Really.', 'direct');
    await expect.poll(() => page.locator('#answer').textContent(), { timeout: 10_000 }).toContain('It takes');
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test('knows what this tab asked, what the account stored, and what it used', async () => {
    const page = await open();
    await page.getByLabel('Store for 30 days').check();
    await ask(page, 'Keep this one.', 'direct');
    await completed(page);
    await expect.poll(() => page.locator('#recent a').allTextContents()).toContain('Keep this one.');
    await expect.poll(() => page.locator('#usage').textContent()).toMatch(/\d+ runs?/);
    expect(await page.locator('#limits svg').count()).toBe(2);
    const other = await open();
    await other.getByLabel('API key').fill(served.apiKey);
    await other.getByLabel('API key').press('Tab');
    await other.getByRole('link', { name: 'Keep this one.' }).click();
    await completed(other);
    expect(await other.locator('#answer').textContent()).toBe('It is so.');
  });

  test('speaks Korean to whoever has a Korean browser', async () => {
    const page = await open({ locale: 'ko-KR' });
    expect(await page.getByRole('button', { name: '실행', exact: true }).isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isVisible()).toBe(true);
  });

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [820, 'dark'],
    [1280, 'light'],
  ] as const)('has no fault of access at %i pixels in the %s, and fits them', async (width, colorScheme) => {
    const page = await open({ viewport: { width, height: 800 }, colorScheme });
    expect(await faultsOf(page)).toEqual([]);
    await (width === 820 ? ask(page, question, 'selective') : ask(page, mended));
    await completed(page);
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  test('of the reference has none either', async () => {
    const page = await open({ viewport: { width: 360, height: 800 }, colorScheme: 'dark' }, '/docs');
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/** What axe finds: each rule that is broken, with a place. */
async function faultsOf(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found: unknown = await page.evaluate('axe.run().then(({ violations }) => violations)');
  return violations.parse(found).map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
