import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { generateHistory } from '../../scripts/seed/history.ts';
import { until } from '../harness/index.ts';
import { accessibilityIssues } from './support/accessibilityIssues.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { IDLER, PUBLISHER } from './support/controlled.ts';
import { finishedRun, submit, untilState } from './support/runs.ts';
import { untilNoSidewaysScroll } from './support/untilNoSidewaysScroll.ts';

const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const TIMELINE = '/pipelines/timeline';
const PHONE = { width: 380, height: 800 };

const pageOf = (pipeline: string, tab: string) =>
  `/pipelines/definitions/${pipeline}?tab=${tab}`;
const chartOf = (page: Page) =>
  page.getByRole('region', { name: 'Timeline of pipelines' });
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

describe('runs side by side in the browser', () => {
  const host = useBrowserPortal({
    configOverrides: {
      pipelines: { definitions: { idler: IDLER, publisher: PUBLISHER } },
    },
  });
  let failed = '';
  let running = '';
  before(async () => {
    await generateHistory({
      url: host.postgres.urlOf(PLUGIN_DATABASE),
      runs: 600,
      days: 20,
      pipelines: [
        { id: 'transcode', typicalSeconds: 90, successRate: 0.8 },
        { id: 'nightly-report', typicalSeconds: 4, successRate: 0.95 },
      ],
    });
    const ada = await host.portal.apiAs();
    running = await submit(ada, 'idler');
    failed = await finishedRun(host.portal, 'publisher', { state: 'failed' });
    await untilState(ada, running, 'running');
  });

  it('leads from a square of the run grid to the log of that step, by keys alone', async () => {
    await host.visit(pageOf('publisher', 'grid'), async page => {
      const grid = page.getByRole('grid', { name: /The newest run/ });
      const bar = grid.getByRole('link', { name: /^Failed, / });
      await bar.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.match(await focusedName(page), /^publish: Failed/);
      await page.keyboard.press('Enter');
      await page.waitForURL(
        url =>
          url.pathname.endsWith(failed) &&
          url.searchParams.get('tab') === 'log' &&
          url.searchParams.get('step') === 'publish',
      );
    });
  });

  it('draws a hundred runs of the grid in their own box, and ten on a phone', async () => {
    await host.visit(`${pageOf('transcode', 'grid')}&n=100`, async page => {
      await page.getByRole('grid', { name: /^The 100 newest runs/ }).waitFor();
      await untilNoSidewaysScroll(page);
      assert.deepEqual(await accessibilityIssues(page), []);
      await page.setViewportSize(PHONE);
      await page.goto(pageOf('transcode', 'grid'));
      await page.getByRole('grid', { name: /^The 10 newest runs/ }).waitFor();
      await untilNoSidewaysScroll(page);
    });
  });

  it('leads from a day of the calendar to its runs', async () => {
    await host.visit(pageOf('transcode', 'calendar'), async page => {
      const day = page
        .getByRole('grid', { name: 'Runs by day, weeks as columns' })
        .getByRole('link', { name: /: [1-9]\d* runs/ })
        .first();
      await day.click();
      await page.waitForURL(
        url =>
          url.pathname === '/pipelines/runs' &&
          url.searchParams.get('pipeline') === 'transcode',
      );
    });
  });

  it('shows on the timeline what goes on, and is moved by keys, buttons and the pointer', async () => {
    await host.visit(TIMELINE, async page => {
      const chart = chartOf(page);
      await chart.getByRole('link', { name: /^Running, / }).waitFor();
      assert.deepEqual(await accessibilityIssues(page), []);
      const at = () => new URL(page.url()).searchParams.get('at');
      assert.equal(at(), null);
      await page.getByRole('button', { name: 'Earlier' }).click();
      await until(() => at() !== null, { what: 'it to be moved' });
      await page.keyboard.press('0');
      await until(() => at() === null, { what: 'it to be back' });
      await page.keyboard.press('-');
      await page.waitForURL(/range=7d/);
      const box = (await chart.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + 20, { steps: 5 });
      await page.mouse.up();
      await until(() => at() !== null, { what: 'the drag to count' });
      assert.ok(Date.parse(at()!) < Date.now() - 86_400_000);
      await untilNoSidewaysScroll(page);
    });
  });

  it('opens a run of the timeline by keys alone, and fits on a phone', async () => {
    await host.visit(`${TIMELINE}?pipeline=idler`, async page => {
      const label = chartOf(page).getByRole('link', { name: /^Idler/ });
      await label.focus();
      await page.keyboard.press('Tab');
      assert.match(await focusedName(page), /^Running, /);
      await page.setViewportSize(PHONE);
      await untilNoSidewaysScroll(page);
      await chartOf(page)
        .getByRole('link', { name: /^Running, / })
        .focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(url => url.pathname.endsWith(running));
    });
  });
});
