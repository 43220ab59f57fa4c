import os from 'node:os';
import path from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { withFileLock } from '../../scripts/lib/fileLock.ts';

/** The sizes in which every page is looked at. */
export const VIEWPORTS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 380, height: 800 },
} as const;

/**
 * Made for a function of a few seconds: one process, in which the second page ends the
 * browser, and without the rules that keep sites apart, which tests must not go without.
 */
const UNWANTED_ARGUMENTS = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
]);

const QUIET_ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the Chromium that came with the packages, without a window.
 *
 * @throws when it draws no text, because then every screenshot and every check of
 *   what is visible would be worthless
 */
export async function launchBrowser(): Promise<Browser> {
  const browser = await playwright.launch({
    executablePath: await unpackChromium(),
    args: [
      ...chromium.args.filter(argument => !UNWANTED_ARGUMENTS.has(argument)),
      ...QUIET_ARGUMENTS,
    ],
    headless: true,
  });
  try {
    await requireFonts(browser);
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The program is unpacked where it is first needed, and must not be started before that is done. */
async function unpackChromium(): Promise<string> {
  const lock = path.join(os.tmpdir(), 'millrace-chromium.lock');
  return await withFileLock(lock, () => chromium.executablePath());
}

async function requireFonts(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  await page.setContent('<span>Millrace</span>');
  const width = await page
    .locator('span')
    .evaluate(element => element.getBoundingClientRect().width);
  await page.close();
  if (width === 0) {
    throw new Error('The browser has no fonts: text is drawn without width');
  }
}
