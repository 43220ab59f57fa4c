import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { inRoot } from '../../scripts/lib/paths.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import type { PortalPage } from './support/openPage.ts';
import { openRunDialog } from './support/runDialog.ts';
import { openTab, pathOf, submit, untilState } from './support/runs.ts';

const PIPELINE = 'ingest-meetings';
const RUN_MS = 60_000;
const STEPS = ['download', 'validate', 'load', 'summarize'];
const SAMPLE = inRoot('examples/ingest-meetings/samples/meetings.json');

/** Tables of the archive by the name under which a run counts them. */
const TABLES = {
  workgroups: 'workgroups',
  meetings: 'meetings',
  agendaItems: 'agenda_items',
  actionItems: 'action_items',
  decisionItems: 'decision_items',
  discussionPoints: 'discussion_points',
};

interface Source {
  url: string;
  records: number;
}

function readSource(file: string): Source {
  return {
    url: pathToFileURL(file).href,
    records: JSON.parse(fs.readFileSync(file, 'utf8')).length,
  };
}

/** Real summaries of a year, where they are; else undefined. */
function realSource(year: string): Source | undefined {
  const file = inRoot(`../shared/data/meetings/${year}.json`);
  return fs.existsSync(file) ? readSource(file) : undefined;
}

describe('ingest-meetings in the browser', () => {
  const host = useBrowserPortal();
  const source = realSource('2025') ?? readSource(SAMPLE);

  async function countRows(): Promise<Record<string, number>> {
    const client = new pg.Client(host.postgres.urlOf('archive'));
    await client.connect();
    try {
      const counts: Record<string, number> = {};
      for (const [name, table] of Object.entries(TABLES)) {
        const { rows } = await client.query(
          `select count(*)::integer as count from ${table}`,
        );
        counts[name] = rows[0].count;
      }
      return counts;
    } finally {
      await client.end();
    }
  }

  async function ingestByDialog(page: PortalPage): Promise<void> {
    const dialog = await openRunDialog(page, 'Ingest meeting summaries');
    await dialog.getByLabel('URL of the array').fill(source.url);
    await dialog.getByRole('button', { name: 'Run and open' }).click();
    await page.waitForURL(/\/pipelines\/runs\/[0-9a-f-]{36}/);
  }

  it('is submitted in the dialog, watched to its end without a reload, and counts what is in the archive', async () => {
    await host.visit('/pipelines', async page => {
      await ingestByDialog(page);
      await page
        .getByRole('list', { name: 'Life of the run' })
        .getByText('Succeeded')
        .waitFor({ timeout: RUN_MS });

      await openTab(page, 'Log');
      await page.getByText(`${source.records} records`).first().waitFor();

      await openTab(page, 'Summary');
      const steps = page.getByRole('list', { name: 'Steps of the attempt' });
      for (const step of STEPS) {
        await steps
          .getByRole('button', { name: new RegExp(`^${step}: Succeeded`) })
          .first()
          .waitFor();
      }
      await page
        .getByText(`${source.records} records read: ${source.records} loaded`)
        .first()
        .waitFor();

      await openTab(page, 'Outputs');
      assert.deepEqual(await readCounts(page), await countRows());
    });
  });

  it('avoids every record as a duplicate the second time, and says so on screen', async () => {
    const before = await countRows();
    await host.visit('/pipelines/definitions', async page => {
      await ingestByDialog(page);
      await page
        .getByText(
          `${source.records} records read: 0 loaded, 0 updated, ${source.records} duplicates avoided, 0 refused`,
        )
        .first()
        .waitFor({ timeout: RUN_MS });
    });
    assert.deepEqual(await countRows(), before);
  });

  for (const year of ['2022', '2023']) {
    const earlier = realSource(year);
    it(`loads or refuses every record of ${year}, whose shape is another`, async () => {
      const { url, records } = earlier ?? readSource(SAMPLE);
      const api = await host.portal.apiAs();
      const runId = await submit(api, PIPELINE, { url });
      await untilState(api, runId, 'succeeded');
      await host.visit(pathOf(runId), async page => {
        await page.getByText(`${records} records read`).first().waitFor();
        await openTab(page, 'Outputs');
        assert.deepEqual(await readCounts(page), await countRows());
      });
    });
  }
});

/** The numbers of rows that the part `archive` of the output `summary` shows. */
async function readCounts(page: PortalPage): Promise<Record<string, number>> {
  const archive = page.getByRole('region', { name: 'archive' });
  await archive.waitFor();
  const text = await archive.innerText();
  return Object.fromEntries(
    Object.keys(TABLES).map(name => {
      const [, count] = text.match(new RegExp(`\\b${name}\\s+([\\d,]+)`)) ?? [];
      return [name, Number(count?.replaceAll(',', ''))];
    }),
  );
}
