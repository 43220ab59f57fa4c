import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import {
  confirm,
  pressAllowed,
  SCHEDULED,
  TICKER,
} from './support/controlled.ts';
import { pathOf, submit, untilState } from './support/runs.ts';

const QUEUE = '/pipelines/queue';
const RUNS_OF = (pipeline: string) => `/api/pipelines/pipelines/${pipeline}`;
const STARTS_SHOWN = 5;

const says = async (place: Page | Locator, text: string | RegExp) =>
  await place.getByText(text).filter({ visible: true }).first().waitFor();

/** The row of a run in the list of queued ones. */
const queuedRow = (page: Page, runId: string) =>
  page
    .getByRole('grid', { name: 'Queued runs' })
    .getByRole('row')
    .filter({ has: page.locator(`a[href$="${runId}"]`) });

/** Types a time, such as `010920260000`, into the parts of a field. */
async function typeTime(
  page: Page,
  label: string,
  digits: string,
): Promise<void> {
  await page
    .getByRole('group', { name: label, exact: true })
    .getByRole('spinbutton')
    .first()
    .click();
  await page.keyboard.type(digits);
}

const limitField = (page: Page) =>
  page.getByRole('textbox', { name: 'Runs at once', exact: true });

/** Drafts how many runs at once a pipeline may have. */
async function chooseLimit(page: Page, limit: number): Promise<void> {
  await limitField(page).fill(String(limit));
  await limitField(page).blur();
}

describe('the queue, schedules and settings in the browser', () => {
  const host = useBrowserPortal({
    configOverrides: {
      pipelines: {
        definitions: {
          'one-at-a-time': {
            ...TICKER,
            title: 'One at a time',
            stopGrace: { seconds: 1 },
            concurrency: 1,
          },
          scheduled: {
            ...SCHEDULED,
            schedule: { cron: '30 2 * * *', timezone: 'UTC' },
          },
        },
      },
    },
  });
  before(async () => {
    const ada = await host.portal.apiAs();
    await ada.post(`${RUNS_OF('scheduled')}/pause`, {});
  });

  it('says why a run waits, and lets nothing start while the queue is paused', async () => {
    const ada = await host.portal.apiAs();
    const first = await submit(ada, 'one-at-a-time');
    await untilState(ada, first, 'running');
    const second = await submit(ada, 'one-at-a-time');
    await host.visit(QUEUE, async page => {
      await says(
        queuedRow(page, second),
        'The limit of its pipeline: 1 of 1 run',
      );
      await confirm(page, {
        press: 'Pause queue…',
        fill: { 'Reason (optional)': 'moving the database' },
        confirm: 'Pause',
      });
      await says(page, 'The queue is paused: nothing new starts');
      await says(page, 'Reason: moving the database');
      await says(queuedRow(page, second), 'The queue is paused by Ada Brandt');
      await says(queuedRow(page, second), 'moving the database');
      await host.visit(pathOf(second), { user: 'noor' }, async noors => {
        await says(noors, 'Not started yet');
        await noors
          .getByRole('row', { name: /^Queue takes runs paused/ })
          .waitFor();
      });

      await ada.post(`/api/pipelines/runs/${first}/cancel`, {});
      await untilState(ada, first, 'cancelled');
      await confirm(page, { press: 'Resume queue…', confirm: 'Resume' });
      await untilState(ada, second, 'running');
      await queuedRow(page, second).waitFor({ state: 'hidden' });
    });
    await ada.post(`/api/pipelines/runs/${second}/cancel`, {});
  });

  it('clears as many queued runs as it said', async () => {
    const ada = await host.portal.apiAs();
    const runs = [
      await submit(ada, 'scheduled'),
      await submit(ada, 'scheduled'),
      await submit(ada, 'scheduled'),
    ];
    await host.visit(`${QUEUE}?pipeline=scheduled`, async page => {
      await says(
        queuedRow(page, runs[2]),
        'Its pipeline is paused by Ada Brandt',
      );
      await pressAllowed(page, 'Clear queue…');
      await page
        .getByRole('heading', { name: 'Clear 3 queued runs' })
        .waitFor();
      await confirm(page, { confirm: 'Clear' });
      await says(page, '3 runs were cancelled');
      await says(page, 'No run of these pipelines waits.');
    });
    for (const run of runs) {
      await untilState(ada, run, 'cancelled');
    }
  });

  it('drains a worker, and lets it claim again', async () => {
    const ada = await host.portal.apiAs();
    await host.visit(QUEUE, async page => {
      const worker = page.getByRole('grid', { name: 'Workers' });
      await confirm(page, {
        press: worker.getByRole('button', { name: /^Drain / }),
        confirm: 'Drain',
      });
      await worker.getByText('Draining').waitFor();
      const run = await submit(ada, 'nightly-report');
      await says(queuedRow(page, run), 'A worker that knows its pipeline');
      await confirm(page, {
        press: worker.getByRole('button', { name: /^Undrain / }),
        confirm: 'Undrain',
      });
      await worker.getByText('Active').waitFor();
      await untilState(ada, run, 'succeeded');
    });
  });

  it('shows when a pipeline starts next, and makes up for starts that are over', async () => {
    const ada = await host.portal.apiAs();
    await host.visit(
      '/pipelines/definitions/scheduled?tab=schedule',
      async page => {
        const next = page.getByRole('list', { name: 'Next starts' });
        await next.getByText(/02:30/).first().waitFor();
        assert.equal(await next.getByRole('listitem').count(), STARTS_SHOWN);

        await pressAllowed(page, 'Backfill…');
        await says(page, 'Choose a range to see its starts.');
        await typeTime(page, 'From', '010920260000');
        await typeTime(page, 'To', '040920260000');
        const starts = page.getByRole('table', { name: 'Starts of the range' });
        await starts.getByText('new', { exact: true }).nth(2).waitFor();
        await confirm(page, { confirm: 'Submit 3 runs' });
        await says(page, '3 runs were submitted');
      },
    );
    const { items } = await ada.json<{ items: { labels: object }[] }>(
      '/api/pipelines/runs?pipeline=scheduled&state=queued',
    );
    assert.equal(items.length, 3);
  });

  it('saves settings with what they change, restores them, and brings two drafts together', async () => {
    const settings = '/pipelines/definitions/one-at-a-time?tab=settings';
    const refused = { expectedErrors: [/409.*settings/] };
    await host.visit(settings, refused, async page => {
      await chooseLimit(page, 2);
      await says(page, /At most 2 runs at once, was 1/);
      assert.equal(await page.getByText('changed, not saved').count(), 1);
      await confirm(page, {
        press: 'Save…',
        fill: { 'Note (optional)': 'two disks now' },
        confirm: 'Save',
      });
      await says(page, 'rev 1 was saved');

      // The other window began with the same revision, and is faster.
      await host.visit(settings, async other => {
        await chooseLimit(page, 4);
        await chooseLimit(other, 3);
        await confirm(other, { press: 'Save…', confirm: 'Save' });
        await says(other, 'rev 2 was saved');
      });
      await says(page, /rev 2 was saved by/);
      await page.getByRole('button', { name: 'Compare' }).click();
      await says(page, 'Somebody else has saved meanwhile');
      const conflict = page
        .getByRole('row')
        .filter({ hasText: 'Runs at once' });
      for (const value of ['2 runs', '3 runs', '4 runs']) {
        await conflict.getByText(value).first().waitFor();
      }
      await conflict.getByText('Keep yours').click();
      await page.getByRole('button', { name: 'Go on with rev 2' }).click();
      await confirm(page, { confirm: 'Save' });
      await says(page, 'rev 3 was saved');

      await page.getByRole('button', { name: 'Revisions' }).click();
      const drawer = page.getByRole('dialog', { name: 'Revisions' });
      await says(drawer, 'two disks now');
      await drawer.getByRole('button', { name: 'Restore rev 1' }).click();
      await confirm(page, { confirm: 'Restore' });
      await says(page, 'rev 1 was restored as rev 4');
      assert.equal(await limitField(page).inputValue(), '2');
    });
    const ada = await host.portal.apiAs();
    const { concurrency } = await ada.json<{ concurrency: unknown }>(
      RUNS_OF('one-at-a-time'),
    );
    assert.equal(JSON.stringify(concurrency).includes('2'), true);
  });
});
