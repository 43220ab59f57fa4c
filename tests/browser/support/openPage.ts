import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { VIEWPORTS } from '../../harness/index.ts';
import { watchPage } from './watchPage.ts';

const STEP_TIMEOUT_MS = 20_000;

/** A page of the portal with somebody signed in. */
export type PortalPage = Page;

/** Who looks at a page, and on what. */
export interface OpenPageOptions {
  /** A demo user such as `noor`; default: the first, who may do everything. */
  user?: string;
  /** Default: desktop. */
  viewport?: keyof typeof VIEWPORTS;
  /** Default: light; `auto` follows the colour scheme of the browser. */
  theme?: 'light' | 'dark' | 'auto';
  /** Errors in the console that belong to the test, such as the 404 of a page that must not be found. */
  expectedErrors?: RegExp[];
}

/**
 * Shows a page to `visit`, in a browser profile of its own, and closes it.
 *
 * @throws what `visit` throws, and an error that lists what the page did wrong:
 *   errors in the console, errors nobody caught, requests to other sites
 */
export async function openPage(
  place: { browser: Browser; url: string; path: string },
  options: OpenPageOptions,
  visit: (page: PortalPage) => Promise<void>,
): Promise<void> {
  const { theme = 'light', viewport = 'desktop', user } = options;
  const context = await place.browser.newContext({
    baseURL: place.url,
    viewport: VIEWPORTS[viewport],
    colorScheme: theme === 'auto' ? 'light' : theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    ([chosenTheme, chosenUser]) => {
      window.localStorage.setItem('theme', chosenTheme);
      if (chosenUser) {
        window.localStorage.setItem('millrace.demo.user', chosenUser);
      }
    },
    [theme, user ? `user:default/${user}` : ''] as const,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  const wrongs = watchPage(page, place.url, options.expectedErrors ?? []);
  try {
    await page.goto(place.path);
    await visit(page);
    assert.deepEqual(wrongs, [], 'the page did nothing wrong');
  } catch (error) {
    await takeScreenshot(page, `failed-${Date.now()}`);
    throw wrongs.length > 0
      ? new Error(`${error}\nThe page:\n${wrongs.join('\n')}`, { cause: error })
      : error;
  } finally {
    await context.close();
  }
}

/** Writes what the page shows into the folder `MILLRACE_SCREENSHOTS`, if there is one. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.MILLRACE_SCREENSHOTS;
  if (folder) {
    fs.mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}
