import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { generateHistory } from '../../scripts/seed/history.ts';
import { until } from '../harness/index.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';

const HISTORY = {
  runs: 300,
  days: 20,
  pipelines: [
    { id: 'ingest-meetings', typicalSeconds: 20, successRate: 0.7 },
    { id: 'transcode', typicalSeconds: 60, successRate: 0.6 },
  ],
};
const PAGE_ROWS = 100;
const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const EXECUTED = 'extract(epoch from finished_at - started_at)';

/** Every filter as it is in the address, and what it means. */
const FILTERS: [query: string, where: string][] = [
  ['state=failed,lost', `state in ('failed', 'lost')`],
  [
    'state.not=succeeded,queued,running',
    `state not in ('succeeded', 'queued', 'running')`,
  ],
  ['pipeline=transcode', `pipeline_id = 'transcode'`],
  ['pipeline.not=transcode', `pipeline_id <> 'transcode'`],
  ['trigger=schedule', `trigger = 'schedule'`],
  ['trigger.not=schedule', `trigger <> 'schedule'`],
  ['submittedBy=user:default/noor', `submitted_by = 'user:default/noor'`],
  ['label.demo=generated', `labels @> '{"demo": "generated"}'`],
  ['q=longer+than', `error_message ilike '%longer than%'`],
  ['minDuration=60', `${EXECUTED} >= 60`],
  ['maxDuration=15', `${EXECUTED} <= 15`],
  ['from=-7d', `queued_at > now() - interval '7 days'`],
  [
    'state=failed&pipeline=transcode&minDuration=60&trigger=manual',
    `state = 'failed' and pipeline_id = 'transcode' and trigger = 'manual' and ${EXECUTED} >= 60`,
  ],
];

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

const views = (page: Page) => page.getByRole('button', { name: /^Saved view/ });

async function choose(page: Page, item: string): Promise<void> {
  await views(page).click();
  await page.getByRole('menuitem', { name: item }).click();
}

describe('views of the runs list', () => {
  const host = useBrowserPortal();
  before(() =>
    generateHistory({
      ...HISTORY,
      url: host.postgres.urlOf(PLUGIN_DATABASE),
    }),
  );

  /** The ids of a page of the runs that are meant, newest first. */
  async function idsWhere(where: string): Promise<string[]> {
    const rows = await host.postgres.query<{ id: string }>(
      `select id from runs where ${where} order by id desc limit ${PAGE_ROWS}`,
    );
    return rows.map(({ id }) => id);
  }

  async function untilListed(page: Page, where: string): Promise<void> {
    await until(
      async () => {
        const wanted = (await idsWhere(where)).join();
        return wanted !== '' && (await idsOf(page)).join() === wanted;
      },
      { what: `the runs with ${where}` },
    );
  }

  it('shows exactly what each filter of an address means, and goes back through them', async () => {
    const pathOf = (query: string) =>
      `/pipelines/runs?size=${PAGE_ROWS}&${query}`;
    await host.visit(pathOf(FILTERS[0][0]), async page => {
      for (const [query, where] of FILTERS) {
        await page.goto(pathOf(query));
        await untilListed(page, where);
      }
      for (const [, where] of FILTERS.slice(0, -1).reverse().slice(0, 3)) {
        await page.goBack();
        await untilListed(page, where);
      }
    });
  });

  it('shows a colleague a view that was saved for the team, in their list and by its link', async () => {
    const failed = `state = 'failed'`;
    let link = '';
    await host.visit('/pipelines/runs?size=100', async page => {
      await page
        .getByRole('toolbar', { name: 'Filter by state' })
        .getByRole('button', { name: /^Failed/ })
        .click();
      await untilListed(page, failed);
      await choose(page, 'Save as a new view…');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('What broke');
      await dialog.getByRole('button', { name: /^Me/ }).click();
      await page.getByRole('option', { name: 'Team data-platform' }).click();
      await dialog.getByRole('button', { name: 'Save view' }).click();
      await page.waitForURL(/view=[0-9a-f-]{36}/);
      link = `/pipelines/runs?view=${new URL(page.url()).searchParams.get(
        'view',
      )}`;

      await page.reload();
      await page
        .getByRole('button', { name: 'Saved view: What broke', exact: true })
        .waitFor();
    });

    const seen = `${failed} and pipeline_id = 'ingest-meetings'`;
    await host.visit(
      '/pipelines/runs?size=100',
      { user: 'noor' },
      async page => {
        await choose(page, 'What broke');
        await untilListed(page, seen);
        await page.waitForURL(/state=failed/);
        await page
          .getByRole('toolbar', { name: 'Filter by state' })
          .getByRole('button', { name: /^Succeeded/ })
          .click();
        await page
          .getByRole('button', { name: 'Saved view: What broke, changed' })
          .waitFor();
        await page.goBack();
        await untilListed(page, seen);
      },
    );
    // Of another team: it is in no list of theirs, and its link shows what they may see.
    await host.visit(link, { user: 'mateo' }, async page => {
      await page.waitForURL(/state=failed/);
      await views(page).click();
      await page.getByText(/Opened by a link/).waitFor();
      const save = page.getByRole('menuitem', { name: /Save changes/ });
      assert.equal(await save.getAttribute('aria-disabled'), 'true');
      await page.keyboard.press('Escape');
      const ids = await idsOf(page);
      const [{ count }] = await host.postgres.query<{ count: number }>(
        `select count(*)::integer as count from runs
          where id = any($1::uuid[]) and pipeline_id = 'transcode' and ${failed}`,
        [ids],
      );
      assert.ok(ids.length > 0);
      assert.equal(count, ids.length);
    });
  });

  it('keeps the columns that somebody has chosen, and shows those of an address', async () => {
    await host.visit('/pipelines/runs', async page => {
      const heads = page
        .getByRole('grid', { name: 'Runs' })
        .getByRole('columnheader');
      await heads.filter({ hasText: 'Attempt' }).waitFor();
      await page.keyboard.press('c');
      const drawer = page.getByRole('dialog', { name: 'Columns' });
      await drawer.getByRole('button', { name: 'Add Worker' }).click();
      await drawer.getByRole('button', { name: 'Remove Attempt' }).click();
      await page.keyboard.press('Escape');
      await heads.filter({ hasText: 'Worker' }).waitFor();

      await page.goto('/pipelines/runs');
      await heads.filter({ hasText: 'Worker' }).waitFor();
      assert.equal(await heads.filter({ hasText: 'Attempt' }).count(), 0);

      await page.goto('/pipelines/runs?cols=run,priority');
      await heads.filter({ hasText: 'Priority' }).waitFor();
      assert.equal(await heads.filter({ hasText: 'Worker' }).count(), 0);
    });
  });
});
