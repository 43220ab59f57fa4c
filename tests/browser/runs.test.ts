import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { generateHistory } from '../../scripts/seed/history.ts';
import { until } from '../harness/index.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { finishedRun, openTab, pathOf, submit } from './support/runs.ts';

const HISTORY = {
  runs: 400,
  days: 20,
  pipelines: [
    { id: 'nightly-report', typicalSeconds: 4, successRate: 0.9 },
    { id: 'transcode', typicalSeconds: 60, successRate: 0.6 },
  ],
};
const PAGE_ROWS = 25;
const PLUGIN_DATABASE = 'backstage_plugin_pipelines';

/** The rows of the runs list, without its head. */
const rowsOf = (page: Page) =>
  page
    .getByRole('grid', { name: 'Runs' })
    .getByRole('row')
    .filter({
      has: page.getByRole('rowheader'),
    });

const chip = (page: Page, name: string) =>
  page
    .getByRole('toolbar', { name: 'Filter by state' })
    .getByRole('button', { name: new RegExp(`^${name}`) });

function urlEnd(runId: string): RegExp {
  return new RegExp(`${runId}$`);
}

/** The texts of one column, read at once. */
async function cellsOf(page: Page, column: string): Promise<string[]> {
  const heads = await page
    .getByRole('grid', { name: 'Runs' })
    .getByRole('columnheader')
    .allInnerTexts();
  const index = heads.findIndex(head => head.startsWith(column));
  assert.notEqual(index, -1, `there is a column ${column} in ${heads}`);
  return await rowsOf(page).evaluateAll(
    (rows, at) => rows.map(row => (row.children[at] as HTMLElement).innerText),
    index,
  );
}

/** Waits until there are cells and each of them has this text. */
async function untilAll(
  read: () => Promise<string[]>,
  text: string,
): Promise<void> {
  await until(
    async () => {
      const cells = await read();
      return cells.length > 1 && cells.every(cell => cell === text);
    },
    { what: `all cells to be '${text}'` },
  );
}

const statesOf = (page: Page) => cellsOf(page, 'State');
const titlesOf = (page: Page) => cellsOf(page, 'Run');

/** The ids of the runs that are listed, from the links of their rows. */
async function idsOf(page: Page): Promise<string[]> {
  return await page
    .getByRole('grid', { name: 'Runs' })
    .getByRole('rowheader')
    .getByRole('link')
    .evaluateAll(links =>
      links.map(link => /([^/?]+)(\?|$)/.exec(link.getAttribute('href')!)![1]),
    );
}

describe('the runs list', () => {
  const host = useBrowserPortal();
  let failed: string;
  before(async () => {
    await generateHistory({
      ...HISTORY,
      url: host.postgres.urlOf(PLUGIN_DATABASE),
    });
    failed = await finishedRun(host.portal, 'nightly-report-fail', {
      state: 'failed',
    });
  });

  it('opens a failed run on what went wrong, with what it wrote to stderr in its log', async () => {
    await host.visit(pathOf(failed), async page => {
      const banner = page.getByText('Failed', { exact: true });
      await banner.first().waitFor();
      await page.getByText('Exit code 1').first().waitFor();
      await page.getByText('This run reports no steps').waitFor();

      await openTab(page, 'Log');
      // The banner says the same words after its own.
      const line = page.getByText(
        'warning: a check failed because --fail was given',
        { exact: true },
      );
      await line.waitFor();
      const row = page
        .getByRole('group', { name: 'Lines' })
        .locator('div')
        .filter({ has: line });
      await row.last().getByTitle('stderr').waitFor();
    });
  });

  it('leads from the overview and from the chip Failed to a failed run', async () => {
    await host.visit('/pipelines', async page => {
      const failures = page.getByRole('region', { name: 'Latest failures' });
      const link = failures.getByRole('link', {
        name: 'Nightly report that fails',
      });
      await link.first().waitFor();
      assert.match((await link.first().getAttribute('href'))!, urlEnd(failed));

      await page.getByRole('tab', { name: 'Runs' }).click();
      await chip(page, 'Failed').click();
      await page.waitForURL(/state=failed/);
      await untilAll(() => statesOf(page), 'Failed');
      const shown = await titlesOf(page);

      await page.reload();
      await rowsOf(page).first().waitFor();
      assert.equal(
        await chip(page, 'Failed').getAttribute('aria-pressed'),
        'true',
      );
      assert.deepEqual(await titlesOf(page), shown);
    });
  });

  it('filters by pipeline, counts what it filters, and keeps the filter on the way back', async () => {
    await host.visit('/pipelines/runs?size=25', async page => {
      await page.getByRole('button', { name: /Pipeline$/ }).click();
      await page.getByRole('option', { name: 'Transcode a video' }).click();
      await page.keyboard.press('Escape');
      await page.waitForURL(/pipeline=transcode/);
      await untilAll(() => pipelinesOf(page), 'transcode');
      await countShown(page, 'Succeeded', 'transcode', 'succeeded');

      await rowsOf(page).nth(3).getByRole('link').first().click();
      await page.waitForURL(/\/pipelines\/runs\/[0-9a-f-]{36}\?list=pipeline/);
      await page.getByRole('list', { name: 'Life of the run' }).waitFor();
      await page.goBack();
      await page.waitForURL(/size=25.*pipeline=transcode/);
      await rowsOf(page).first().waitFor();
      await untilAll(() => pipelinesOf(page), 'transcode');
    });
  });

  it('goes through all pages and back, with every run on exactly one of them', async () => {
    const filter = 'state=failed,timed_out,lost,cancelled&size=25';
    await host.visit(`/pipelines/runs?${filter}`, async page => {
      const next = page.getByRole('button', { name: 'Next' });
      const seen: string[] = [];
      for (;;) {
        await rowsOf(page).first().waitFor();
        const ids = await idsOf(page);
        seen.push(...ids);
        if (await next.isDisabled()) {
          break;
        }
        assert.equal(ids.length, PAGE_ROWS);
        await next.click();
        await until(async () => (await idsOf(page))[0] !== ids[0], {
          what: 'the next page',
        });
      }
      const [{ count }] = await host.postgres.query<{ count: number }>(
        `select count(*)::integer as count from runs
          where state in ('failed', 'timed_out', 'lost', 'cancelled')`,
      );
      assert.ok(count > 2 * PAGE_ROWS, 'there are more than two pages');
      assert.equal(seen.length, count);
      assert.equal(new Set(seen).size, count);

      await page.getByRole('button', { name: 'Previous' }).click();
      await until(async () => (await idsOf(page)).length === PAGE_ROWS, {
        what: 'the page before the last',
      });
    });
  });

  it('holds new runs back behind a button that says how many, and lets them in', async () => {
    const api = await host.portal.apiAs();
    await host.visit('/pipelines/runs', async page => {
      await rowsOf(page).first().waitFor();
      const [newest] = await idsOf(page);
      const submitted = [
        await submit(api, 'nightly-report'),
        await submit(api, 'nightly-report'),
      ];
      const button = page.getByRole('status').getByText('2 new runs');
      await button.waitFor();
      assert.equal((await idsOf(page))[0], newest);
      await button.click();
      await until(async () => (await idsOf(page))[0] === submitted[1], {
        what: 'the new runs to be on top',
      });
      assert.equal((await idsOf(page))[2], newest);
    });
  });

  it('names a value of the address that means nothing, and shows the rest', async () => {
    await host.visit('/pipelines/runs?state=failed,burnt', async page => {
      await page.getByText('Not understood and ignored: state=burnt').waitFor();
      await rowsOf(page).first().waitFor();
      assert.deepEqual(new Set(await statesOf(page)), new Set(['Failed']));
    });
  });

  it('says that there is no such run, and leads back to the list', async () => {
    const unknown = '00000000-0000-7000-8000-000000000000';
    await host.visit(
      pathOf(unknown),
      { expectedErrors: [new RegExp(`404.*${unknown}`)] },
      async page => {
        await page.getByText('No such run').waitFor();
        await page.getByRole('link', { name: 'All runs' }).click();
        await rowsOf(page).first().waitFor();
      },
    );
  });

  /** The pipelines of the runs that are listed. */
  async function pipelinesOf(page: Page): Promise<string[]> {
    const rows = await host.postgres.query<{ pipeline_id: string }>(
      'select pipeline_id from runs where id = any($1::uuid[])',
      [await idsOf(page)],
    );
    return rows.map(row => row.pipeline_id);
  }

  /** Waits until a chip shows the very count of the database. */
  async function countShown(
    page: Page,
    name: string,
    pipeline: string,
    state: string,
  ): Promise<void> {
    const [{ count }] = await host.postgres.query<{ count: number }>(
      `select count(*)::integer as count from runs
        where pipeline_id = $1 and state = $2`,
      [pipeline, state],
    );
    await page
      .getByRole('button', { name: new RegExp(`^${name}: ${count},`) })
      .waitFor();
  }
});
