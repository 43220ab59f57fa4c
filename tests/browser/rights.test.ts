import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { IDLER } from './support/controlled.ts';
import { readTooltip } from './support/readTooltip.ts';
import { openRunDialog } from './support/runDialog.ts';
import { finishedRun, pathOf, submit, untilState } from './support/runs.ts';

describe('what each user may do', () => {
  const host = useBrowserPortal({
    configOverrides: { pipelines: { definitions: { idler: IDLER } } },
  });
  let idling: string;
  let ingest: string;
  before(async () => {
    const api = await host.portal.apiAs();
    idling = await submit(api, 'idler');
    await untilState(api, idling, 'running');
    ingest = await finishedRun(host.portal, 'ingest-meetings');
  });

  const countRuns = async () => {
    const [{ count }] = await host.postgres.query<{ count: number }>(
      'select count(*)::integer as count from runs',
    );
    return count;
  };

  it('shows every run to a reader, and says what is missing to cancel or submit', async () => {
    await host.visit(pathOf(idling), { user: 'kenji' }, async page => {
      const cancel = page.getByRole('button', { name: 'Cancel…' });
      await cancel.and(page.locator('[aria-disabled=true]')).waitFor();
      await readTooltip(
        page,
        cancel,
        'Needs pipelines.run.control on this pipeline',
      );
      await cancel.click({ force: true });
      assert.equal(await page.getByRole('dialog').count(), 0);

      await page.getByRole('tab', { name: 'Pipelines' }).click();
      const run = page.getByRole('button', {
        name: 'Run Ingest meeting summaries',
      });
      await run.and(page.locator('[aria-disabled=true]')).waitFor();
      await readTooltip(
        page,
        run,
        'Needs pipelines.pipeline.run on this pipeline',
      );
    });
  });

  it('shows a member of a team the runs and pipelines of that team alone', async () => {
    await host.visit('/pipelines/runs', { user: 'noor' }, async page => {
      const titles = page
        .getByRole('grid', { name: 'Runs' })
        .getByRole('rowheader');
      await titles.getByText(/^Ingest file:/).waitFor();
      assert.equal(await titles.count(), 1);
      assert.equal(await page.getByText(/idler/i).count(), 0);
      await page
        .getByRole('toolbar', { name: 'Filter by state' })
        .getByRole('button', { name: /^Succeeded: 1,/ })
        .waitFor();

      await page.getByRole('tab', { name: 'Pipelines' }).click();
      const pipelines = page.getByRole('list', { name: 'Pipelines' });
      await pipelines.getByText('Ingest meeting summaries').waitFor();
      assert.equal(
        await pipelines.getByRole('button', { name: /^Run/ }).count(),
        1,
      );
      assert.equal(await pipelines.getByText('Transcode a video').count(), 0);
      const idler = pipelines.getByText('Idler', { exact: true });
      assert.equal(await idler.count(), 0);
    });
  });

  it("hides a run of another team as if it did not exist, and opens one's own", async () => {
    const foreign = { user: 'noor', expectedErrors: [/40[34].*runs/] };
    await host.visit(pathOf(idling), foreign, async page => {
      await page.getByText('No such run').waitFor();
      assert.equal(await page.getByText('Idler').count(), 0);
    });
    await host.visit(pathOf(ingest), { user: 'noor' }, async page => {
      await page.getByText('records read').first().waitFor();
    });
  });

  describe('in the Run… dialog', () => {
    it('says in place which values are missing or wrong, and submits nothing', async () => {
      const known = await countRuns();
      await host.visit('/pipelines', async page => {
        const dialog = await openRunDialog(page, 'Ingest meeting summaries');
        const url = dialog.getByLabel('URL of the array');
        await url.fill('');
        await dialog.getByRole('button', { name: 'Run', exact: true }).click();
        await dialog.getByText('Some values are not right yet').waitFor();
        await dialog.getByText('Required', { exact: true }).first().waitFor();

        await url.fill('ftp://example.org/meetings.json');
        await dialog.getByText(/must match pattern/).waitFor();
        await page.keyboard.press('Control+Enter');
        await dialog.getByText('Some values are not right yet').waitFor();
      });
      assert.equal(await countRuns(), known);
    });

    it('submits with Ctrl+Enter and leads to the run', async () => {
      await host.visit('/pipelines', async page => {
        const dialog = await openRunDialog(page, 'Ingest meeting summaries');
        await dialog.getByLabel('URL of the array').focus();
        await page.keyboard.press('Control+Enter');
        await dialog.waitFor({ state: 'hidden' });
        await page.getByRole('link', { name: 'Open the run' }).click();
        await page.waitForURL(/\/pipelines\/runs\/[0-9a-f-]{36}/);
      });
    });

    it('keeps what the server refuses, with its reason', async () => {
      const known = await countRuns();
      const refused = { expectedErrors: [/409.*runs/] };
      await host.visit('/pipelines', refused, async page => {
        await page.route('**/api/pipelines/runs', async route =>
          route.request().method() === 'POST'
            ? await route.fulfill({
                status: 409,
                contentType: 'application/json',
                body: JSON.stringify({
                  error: {
                    name: 'ConflictError',
                    message: "Pipeline 'ingest-meetings' is paused",
                  },
                }),
              })
            : await route.continue(),
        );
        const dialog = await openRunDialog(page, 'Ingest meeting summaries');
        const url = dialog.getByLabel('URL of the array');
        const value = await url.inputValue();
        await dialog.getByRole('button', { name: 'Run', exact: true }).click();
        await dialog.getByText('The run was not submitted').waitFor();
        await dialog
          .getByText("Pipeline 'ingest-meetings' is paused")
          .waitFor();
        assert.equal(await url.inputValue(), value);
      });
      assert.equal(await countRuns(), known);
    });
  });
});
