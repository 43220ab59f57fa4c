import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../harness/index.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import {
  chooseFrom,
  confirm,
  EVERYTHING,
  fillField,
  pressAllowed,
  PUBLISHER,
  SCHEDULED,
  TICKER,
  WAITS_FOR_FILE,
} from './support/controlled.ts';
import { readTooltip } from './support/readTooltip.ts';
import {
  finishedRun,
  openTab,
  pathOf,
  submit,
  untilState,
} from './support/runs.ts';

const SECRET = 'tok-9f3c-never-shown';
const MASK = '••••';
const STOOD_STILL = /It has stood still for \d+\s?s/;
const MANY = 120; // More than are confirmed without typing how many.
const DAY_MS = 86_400_000;

const says = async (page: Page, text: string | RegExp) =>
  await page.getByText(text).filter({ visible: true }).first().waitFor();

const isState = async (page: Page, state: string) =>
  await page.getByText(state, { exact: true }).first().waitFor();

/** The id of the run whose page is shown. */
const shownRun = (page: Page) =>
  new URL(page.url()).pathname.split('/').at(-1)!;

/** Waits until another run's page is shown than that of this one. */
const untilOther = async (page: Page, runId: string) =>
  await page.waitForURL(
    url =>
      /\/runs\/[0-9a-f-]{36}$/.test(url.pathname) &&
      !url.pathname.endsWith(runId),
  );

describe('control of runs in the browser', () => {
  const host = useBrowserPortal({
    configOverrides: {
      pipelines: {
        definitions: {
          ticker: TICKER,
          publisher: PUBLISHER,
          'waits-for-file': WAITS_FOR_FILE,
          everything: EVERYTHING,
          scheduled: SCHEDULED,
        },
      },
    },
  });

  it('lets a run stand still and go on, and ends it without its grace', async () => {
    const ada = await host.portal.apiAs();
    const run = await submit(ada, 'ticker');
    await untilState(ada, run, 'running');
    await host.visit(pathOf(run), async page => {
      await confirm(page, {
        press: 'Pause…',
        fill: { 'Reason (optional)': 'the disk is full' },
        confirm: 'Pause',
      });
      await says(page, STOOD_STILL);
      await says(page, 'Reason: the disk is full');
      const ticks = await countLines(run);
      const pause = page.getByText(STOOD_STILL);
      const soFar = await pause.first().innerText();
      await until(async () => (await pause.first().innerText()) !== soFar, {
        what: 'the time of the pause to go on',
      });
      assert.equal(await countLines(run), ticks);

      await confirm(page, { press: 'Resume…', confirm: 'Resume' });
      await isState(page, 'Running');
      await until(async () => (await countLines(run)) > ticks, {
        what: 'the ticks to go on',
      });

      await confirm(page, { press: 'Cancel…', confirm: 'Cancel run' });
      await says(page, /of grace left/);
      await confirm(page, { press: 'Kill now…', confirm: 'Kill now' });
      await isState(page, 'Cancelled');
    });
  });

  it('retries from the step that failed, and again with edits that it shows', async () => {
    const failed = await finishedRun(host.portal, 'publisher', {
      state: 'failed',
    });
    await host.visit(pathOf(failed), async page => {
      await confirm(page, {
        press: 'Retry…',
        tick: ["From the failed step 'publish'"],
        confirm: 'Retry',
      });
      await page.getByRole('link', { name: 'Open the new run' }).click();
      await untilOther(page, failed);
      await says(page, "which began at its step 'publish'");
      await isState(page, 'Succeeded');
      const retried = shownRun(page);

      await pressAllowed(page, 'Run again with edits…');
      const dialog = page.getByRole('dialog');
      await fillField(dialog, 'Copies', '3');
      const changes = dialog.getByRole('region', { name: 'What you changed' });
      await changes.getByText('Copies').waitFor();
      await dialog.getByText('Changed; it was 1').waitFor();
      assert.equal(await changes.getByText('Shelf').count(), 0);
      await pressAllowed(
        page,
        dialog.getByRole('button', { name: 'Run and open' }),
      );
      await untilOther(page, retried);
      await isState(page, 'Failed');
      const { parameters } = await api(`/runs/${shownRun(page)}`);
      assert.deepEqual(parameters, { shelf: 'north', copies: 3 });
    });
  });

  it('holds a queued run, moves it to the top, and gives it a priority, a note and labels', async () => {
    const ada = await host.portal.apiAs();
    await ada.post('/api/pipelines/pipelines/publisher/pause', {});
    await submit(ada, 'publisher');
    const run = await submit(ada, 'publisher');
    await host.visit(pathOf(run), async page => {
      await says(page, 'Not started yet');
      await confirm(page, { press: 'Pause…', confirm: 'Hold' });
      await says(page, 'It does not start until somebody resumes it.');

      await chooseFrom(page, 'More actions', 'Move to top');
      await says(page, 'Publisher is the next of its pipeline');
      await chooseFrom(page, 'More actions', 'Set priority…');
      await confirm(page, { fill: { Priority: '7' }, confirm: 'Set priority' });
      await says(page, 'Publisher has priority 7');
      await chooseFrom(page, 'More actions', 'Edit note and labels…');
      await confirm(page, {
        fill: { Note: 'for the auditors', Labels: 'quarter=3' },
        confirm: 'Save',
      });
      await says(page, 'for the auditors');
      await says(page, 'quarter=3');

      await ada.post('/api/pipelines/pipelines/publisher/resume', {});
      await confirm(page, { press: 'Resume…', confirm: 'Resume' });
      await isState(page, 'Failed');
    });
  });

  it('lets one of two people win, who cancels or retries the same run, and tells the other', async () => {
    const ada = await host.portal.apiAs();
    const file = path.join(host.portal.dataDirectory, 'end');
    const run = await submit(ada, 'waits-for-file', { file });
    await untilState(ada, run, 'running');
    const late = { expectedErrors: [/409.*cancel/] };
    await host.visit(pathOf(run), late, async adas => {
      await pressAllowed(adas, 'Cancel…');
      const dialog = adas.getByRole('dialog');
      const cancel = dialog.getByRole('button', { name: 'Cancel run' });
      await cancel.waitFor();

      fs.writeFileSync(file, '');
      await host.visit(pathOf(run), { user: 'noor' }, async noors => {
        await isState(noors, 'Failed');
        await confirm(noors, { press: 'Retry…', confirm: 'Retry' });
        await noors.getByRole('link', { name: 'Open the new run' }).click();
        await untilOther(noors, run);
      });

      await cancel.click();
      await dialog.getByText('Somebody or something was faster').waitFor();
      await dialog.getByText('Failed', { exact: true }).waitFor();
      await dialog.getByText(/by.*Noor/i).waitFor();
      await dialog.getByRole('button', { name: 'Reload' }).click();
      await says(adas, /^Retried as/);
    });
    await host.visit(pathOf(run), { user: 'kenji' }, async page => {
      const retry = page.getByRole('button', { name: 'Retry…' });
      await retry.and(page.locator('[aria-disabled=true]')).waitFor();
      await readTooltip(page, retry, 'Needs pipelines.run.control');
    });
  });

  it('asks for nested, listed, chosen, dated, secret and attached values, and shows no secret', async () => {
    await host.visit('/pipelines/definitions/everything', async page => {
      await pressAllowed(page, 'Run Everything');
      const dialog = page.getByRole('dialog');
      const run = dialog.getByRole('button', { name: 'Run and open' });
      await pressAllowed(page, run);
      await dialog.getByText('Some values are not right yet').waitFor();
      await dialog.getByText('Required', { exact: true }).first().waitFor();

      const source = dialog.getByRole('group', { name: 'Source' });
      await fillField(source, 'Host', 'NOT A HOST');
      await dialog.getByText(/must match pattern/).waitFor();
      await fillField(source, 'Host', 'media.example.org');
      await fillField(source, 'Port', '8443');
      await dialog.getByRole('button', { name: 'Add to Names' }).click();
      await fillField(dialog, 'Names 1', 'first');
      await dialog.getByRole('button', { name: 'Add to Names' }).click();
      await fillField(dialog, 'Names 2', 'second');
      await dialog.getByRole('button', { name: /Quality/ }).click();
      await page.getByRole('option', { name: 'high' }).click();
      await dialog
        .getByRole('group', { name: 'Day' })
        .getByRole('spinbutton')
        .first()
        .click();
      await page.keyboard.type('24122026');
      await dialog.getByLabel('Token').first().fill(SECRET);
      await dialog.getByLabel('Notes').setInputFiles({
        name: 'notes.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('as agreed'),
      });
      await dialog.getByText('notes.txt').waitFor();
      await pressAllowed(page, run);
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      await isState(page, 'Succeeded');

      const { parameters } = await api(`/runs/${shownRun(page)}`);
      const { notes, ...rest } = parameters;
      assert.deepEqual(rest, {
        source: { host: 'media.example.org', port: 8443 },
        names: ['first', 'second'],
        quality: 'high',
        day: '2026-12-24',
        token: MASK,
      });
      assert.match(notes, /^data:text\/plain;.*base64,/);

      await openTab(page, 'Parameters');
      await says(page, MASK);
      await hidesSecret(page);
      await openTab(page, 'Log');
      await says(page, /media\.example\.org/);
      await hidesSecret(page);
      await pressAllowed(page, 'Run again with edits…');
      await says(page, /Secret values are not among them/);
      assert.equal(await dialog.getByLabel('Token').first().inputValue(), '');
      await hidesSecret(page);
    });
    assert.equal(host.portal.log().includes(SECRET), false);
  });

  it('acts on all that match the filter, after a count, and shows what became of each', async () => {
    const ada = await host.portal.apiAs();
    await ada.post('/api/pipelines/pipelines/scheduled/pause', {});
    const to = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    await ada.post('/api/pipelines/pipelines/scheduled/backfill', {
      from: new Date(to - MANY * DAY_MS).toISOString(),
      to: new Date(to).toISOString(),
    });
    const cancelled = await submit(ada, 'scheduled');
    await ada.post(`/api/pipelines/runs/${cancelled}/cancel`, {});
    await host.visit('/pipelines/runs?pipeline=scheduled', async page => {
      await page
        .getByRole('grid', { name: 'Runs' })
        .getByRole('rowheader')
        .first()
        .waitFor();
      await page.getByRole('checkbox').nth(1).click({ force: true });
      await pressAllowed(page, 'Select all matching…');
      const drawer = page.getByRole('dialog', { name: 'Act on many runs' });
      await drawer.getByText('Say first what to do.').waitFor();
      await drawer.getByText(/^Queued ones never start/).click();
      await drawer
        .getByText(`Of ${MANY + 1} runs, ${MANY} will be done.`)
        .waitFor();
      await drawer.getByText(/^1 is left out: /).waitFor();
      const begin = drawer.getByRole('button', {
        name: `Cancel ${MANY} runs`,
      });
      assert.ok(await begin.isDisabled());
      await drawer.getByLabel(`Type ${MANY} to confirm`).fill(String(MANY));
      await begin.click();

      await page.waitForURL(/\/bulk\//);
      await says(page, `Done: ${MANY}`);
      await isState(page, 'Succeeded');
    });
    const [{ count }] = await host.postgres.query<{ count: number }>(
      `select count(*)::integer as count from runs
        where pipeline_id = 'scheduled' and state = 'cancelled'`,
    );
    assert.equal(count, MANY + 1);
  });

  /** What the API tells of something, to the user who may see everything. */
  async function api(what: string) {
    const ada = await host.portal.apiAs();
    return await ada.json<{ parameters: Record<string, any> }>(
      `/api/pipelines${what}`,
    );
  }

  /** How many lines of a run's log there are. */
  async function countLines(runId: string): Promise<number> {
    const ada = await host.portal.apiAs();
    const { totalLines } = await ada.json<{ totalLines: number }>(
      `/api/pipelines/runs/${runId}/logs`,
    );
    return totalLines;
  }
});

async function hidesSecret(page: Page): Promise<void> {
  assert.equal((await page.content()).includes(SECRET), false);
}
