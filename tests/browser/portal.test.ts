import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  launchBrowser,
  startPortal,
  startPostgres,
  type TestPortal,
  type TestPostgres,
  VIEWPORTS,
} from '../harness/index.ts';

const FIRST_PAGE_MS = 60_000;

describe('the built portal', () => {
  let postgres: TestPostgres;
  let portal: TestPortal;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  before(async () => {
    postgres = await startPostgres();
    portal = await startPortal({ postgres });
    await portal.apiAs(); // The catalog knows the demo users from here on.
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: VIEWPORTS.desktop });
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') {
        errors.push(message.text());
      }
    });
  });

  after(async () => {
    await browser?.close();
    await portal?.stop();
    await postgres?.stop();
  });

  it('signs the first demo user in by itself', async () => {
    await page.goto(portal.url);
    await page
      .getByText('Ada', { exact: false })
      .first()
      .waitFor({ timeout: FIRST_PAGE_MS });
  });

  it('has the page of Millrace', async () => {
    await page.goto(`${portal.url}/pipelines`);
    await page
      .getByRole('tab', { name: 'Runs' })
      .or(page.getByRole('link', { name: 'Runs' }))
      .first()
      .waitFor({ timeout: FIRST_PAGE_MS });
  });

  it('loads them without an error in the console', () => {
    assert.deepEqual(errors, []);
  });
});
