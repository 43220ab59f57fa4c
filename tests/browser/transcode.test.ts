import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { processesTagged, until } from '../harness/index.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { IDLER } from './support/controlled.ts';
import { openRunDialog } from './support/runDialog.ts';
import { finishedRun, openTab, pathOf, submit } from './support/runs.ts';

const CANCEL_MS = 12_000; // Its grace of ten seconds, one for us, and some for a busy machine.
const CLIP_SECONDS = 6;

describe('transcode in the browser', () => {
  const host = useBrowserPortal({
    configOverrides: { pipelines: { definitions: { idler: IDLER } } },
  });

  /** Video files in the data directory that are not kept as artifacts. */
  const partialFiles = () =>
    fs
      .readdirSync(host.portal.dataDirectory, {
        recursive: true,
        encoding: 'utf8',
      })
      .filter(name => name.endsWith('.mp4'));

  it('moves its progress before the eyes, and a cancel ends ffmpeg and takes the partial file away', async () => {
    await host.visit('/pipelines', async page => {
      const dialog = await openRunDialog(page, 'Transcode a video');
      await dialog.getByRole('button', { name: /Profile/ }).click();
      await page.getByRole('option', { name: 'archive' }).click();
      await dialog
        .getByRole('textbox', { name: 'Length of the test clip' })
        .fill('600');
      await dialog.getByRole('button', { name: 'Run and open' }).click();
      await page.waitForURL(/\/pipelines\/runs\/[0-9a-f-]{36}/);
      const runId = page.url().match(/[0-9a-f-]{36}/)![0];

      await untilTwoValues(page.getByRole('progressbar').first());
      await page.getByText(/^encode · /).waitFor();
      const commands = (await processesTagged(runId)).map(
        ({ command }) => command,
      );
      assert.match(commands.join('\n'), /ffmpeg/);
      assert.notDeepEqual(partialFiles(), []);

      await page.getByRole('button', { name: 'Cancel…' }).click();
      const question = page.getByRole('dialog');
      await question.getByLabel('Reason (optional)').fill('Wrong profile');
      await question.getByRole('button', { name: 'Cancel run' }).click();
      await page
        .getByRole('list', { name: 'Life of the run' })
        .getByText('Cancelled')
        .waitFor({ timeout: CANCEL_MS });
      await page.getByText('Wrong profile').first().waitFor();
      assert.deepEqual(await processesTagged(runId), []);
      assert.deepEqual(partialFiles(), []);

      await openTab(page, 'Events');
      await page.getByText('Wrong profile').last().waitFor();
    });
  });

  it('shows its video and thumbnail in the page, and downloads the very bytes', async () => {
    const runId = await finishedRun(host.portal, 'transcode', {
      parameters: { profile: 'preview', durationSeconds: CLIP_SECONDS },
    });
    await host.visit(pathOf(runId, 'artifacts'), async page => {
      await page
        .getByRole('button', { name: 'Preview test-clip-preview.jpg' })
        .click();
      const image = page.getByAltText('Preview of test-clip-preview.jpg');
      await until(
        () =>
          image.evaluate(
            element => (element as HTMLImageElement).naturalWidth > 0,
          ),
        { what: 'the thumbnail to be drawn' },
      );

      await page
        .getByRole('button', { name: 'Preview test-clip-preview.mp4' })
        .click();
      const video = page.getByLabel('Preview of test-clip-preview.mp4');
      await play(video);
      const { duration, width } = await video.evaluate(element => ({
        duration: (element as HTMLVideoElement).duration,
        width: (element as HTMLVideoElement).videoWidth,
      }));
      assert.ok(Math.abs(duration - CLIP_SECONDS) < 0.5, `${duration} s long`);
      assert.equal(width, 640);

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download' }).last().click(),
      ]);
      assert.equal(download.suggestedFilename(), 'test-clip-preview.mp4');
      assert.equal(
        sha256(await download.path()),
        await sha256OnPage(page.getByRole('listitem').last()),
      );
    });
  });

  it('keeps the place of a queued run while the workers are busy, and starts it when one is free', async () => {
    const api = await host.portal.apiAs();
    const busy = await Promise.all([1, 2, 3].map(() => submit(api, 'idler')));
    const waiting = await submit(api, 'transcode', {
      profile: 'preview',
      durationSeconds: 1,
    });
    await host.visit(pathOf(waiting), async page => {
      const life = page.getByRole('list', { name: 'Life of the run' });
      await life.getByText('Queued').waitFor();
      await page.getByText('The run has not started').first().waitFor();
      for (const runId of busy) {
        await api.post(`/api/pipelines/runs/${runId}/cancel`, {});
      }
      await life.getByText('Succeeded').waitFor({ timeout: 2 * CANCEL_MS });
    });
  });
});

/** Waits until two different shares were seen on a progress bar. */
async function untilTwoValues(bar: Locator): Promise<void> {
  const seen = new Set<string>();
  await until(
    async () => {
      const text = await bar.getAttribute('aria-valuetext');
      if (text?.includes('%')) {
        seen.add(text);
      }
      return seen.size > 1;
    },
    { what: 'the progress to move' },
  );
}

/** Plays a video until it has moved on. */
async function play(video: Locator): Promise<void> {
  await video.evaluate(async element => {
    const player = element as HTMLVideoElement;
    player.muted = true;
    await player.play();
  });
  await until(
    () =>
      video.evaluate(element => {
        const { readyState, currentTime } = element as HTMLVideoElement;
        return readyState >= 2 && currentTime > 0.2;
      }),
    { what: 'the video to play' },
  );
}

function sha256(file: string): string {
  return createHash('sha256')
    .update(fs.readFileSync(path.resolve(file)))
    .digest('hex');
}

async function sha256OnPage(item: Locator): Promise<string | null> {
  return await item.locator('code').getAttribute('title');
}
