import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { until } from '../harness/index.ts';
import { accessibilityIssues } from './support/accessibilityIssues.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { takeScreenshot } from './support/openPage.ts';
import { finishedRun, pathOf } from './support/runs.ts';
import { untilNoSidewaysScroll } from './support/untilNoSidewaysScroll.ts';

/** A pipeline whose runs fail, for one of the teams of the demo. */
function failing(options: { title: string; owner: string; entity: string }) {
  return {
    ...options,
    engine: 'process',
    command: ['sh', '-c', 'echo "The moon answered 502" >&2; exit 3'],
  };
}

const INDEX_TIMEOUT_MS = 60_000;

describe('runs in the rest of the portal', () => {
  const host = useBrowserPortal({
    configOverrides: {
      search: {
        collators: {
          pipelines: {
            schedule: {
              frequency: { seconds: 3 },
              initialDelay: { seconds: 1 },
              timeout: { minutes: 1 },
            },
          },
        },
      },
      pipelines: {
        definitions: {
          'lunar-eclipse': failing({
            title: 'Eclipse of the moon',
            owner: 'group:default/data-platform',
            entity: 'component:default/meeting-archive',
          }),
          'solar-eclipse': failing({
            title: 'Eclipse of the sun',
            owner: 'group:default/media',
            entity: 'component:default/video-studio',
          }),
        },
      },
    },
  });
  const runs: Record<'lunar' | 'solar', string> = { lunar: '', solar: '' };

  before(async () => {
    runs.lunar = await finishedRun(host.portal, 'lunar-eclipse', {
      state: 'failed',
    });
    runs.solar = await finishedRun(host.portal, 'solar-eclipse', {
      state: 'failed',
    });
    const api = await host.portal.apiAs();
    await until(
      async () => {
        const { results } = await api.json<{ results: { type: string }[] }>(
          '/api/search/query?term=eclipse&types[0]=pipeline-run',
        );
        return results.length === 2;
      },
      { what: 'both runs to be in the search', timeoutMs: INDEX_TIMEOUT_MS },
    );
  });

  it('finds a failed run by search and opens it', async () => {
    await host.visit('/search?query=eclipse', async page => {
      await page.getByText('Eclipse of the sun').first().waitFor();
      await page.getByText('Failed runs').waitFor();
      await page.locator(`a[href="${pathOf(runs.lunar)}"]`).click();
      await page.waitForURL(`**${pathOf(runs.lunar)}`);
      await page
        .getByRole('heading', { name: 'Eclipse of the moon' })
        .waitFor();
    });
  });

  for (const { user, own, foreign } of [
    { user: 'noor', own: 'lunar', foreign: 'solar' },
    { user: 'mateo', own: 'solar', foreign: 'lunar' },
  ] as const) {
    it(`shows ${user} the hits, numbers and failures of their own team`, async () => {
      await host.visit('/search?query=eclipse', { user }, async page => {
        await page.locator(`a[href="${pathOf(runs[own])}"]`).waitFor();
        assert.equal(
          await page.locator(`a[href="${pathOf(runs[foreign])}"]`).count(),
          0,
        );
        const pipeline = (name: string) =>
          page.locator(`li a[href="/pipelines/definitions/${name}-eclipse"]`);
        assert.ok((await pipeline(own).count()) > 0);
        assert.equal(await pipeline(foreign).count(), 0);
      });
      await host.visit('/', { user }, async page => {
        await page.getByRole('link', { name: '1 failed: show them' }).waitFor();
        const failures = page.getByRole('region', { name: 'Latest failures' });
        await failures.getByRole('link', { name: /^Eclipse/ }).waitFor();
        assert.equal(
          await failures.getByRole('link').getAttribute('href'),
          pathOf(runs[own]),
        );
      });
    });
  }

  it('shows on the page of an entity how its pipelines do, and leads to the run', async () => {
    const path = '/catalog/default/component/meeting-archive';
    await host.visit(path, { user: 'noor' }, async page => {
      const card = page.getByRole('region', { name: 'Pipeline runs' });
      const item = card
        .getByRole('listitem')
        .filter({ hasText: 'Eclipse of the moon' });
      await item.getByText(/exit code 3|502/).waitFor();
      await item.getByText('0 of the last 1 succeeded').waitFor();
      await item.getByRole('link', { name: 'Failed', exact: true }).click();
      await page.waitForURL(`**${pathOf(runs.lunar)}`);
    });
  });

  it('shows on the page of a group what the group owns', async () => {
    await host.visit(
      '/catalog/default/group/media',
      { user: 'mateo' },
      async page => {
        const card = page.getByRole('region', { name: 'Pipeline runs' });
        await card.getByText('Eclipse of the sun').waitFor();
        await card.getByText('Transcode a video').waitFor();
      },
    );
  });

  for (const [name, path, sign] of [
    ['portal-home', '/', 'Latest failures'],
    [
      'portal-entity',
      '/catalog/default/component/meeting-archive',
      'Pipeline runs',
    ],
  ] as const) {
    it(`has nothing seriously wrong with it on ${path}, wide and narrow, light and dark`, async () => {
      for (const look of [
        { theme: 'light', viewport: 'desktop' },
        { theme: 'dark', viewport: 'phone' },
      ] as const) {
        await host.visit(path, { user: 'noor', ...look }, async page => {
          const region = page.getByRole('region', { name: sign });
          await region.getByText('Eclipse of the moon').first().waitFor();
          await region.scrollIntoViewIfNeeded();
          await untilNoSidewaysScroll(page);
          await takeScreenshot(page, `${name}-${look.viewport}-${look.theme}`);
          assert.deepEqual(await accessibilityIssues(page), []);
        });
      }
    });
  }

  it('has each pipeline as a resource of the catalog', async () => {
    const api = await host.portal.apiAs();
    await until(
      async () => {
        const items = await api.json<{ metadata: { name: string } }[]>(
          '/api/catalog/entities?filter=kind=resource,spec.type=pipeline',
        );
        return items.some(({ metadata }) => metadata.name === 'lunar-eclipse');
      },
      { what: 'the resource', timeoutMs: INDEX_TIMEOUT_MS },
    );
    await host.visit('/catalog/default/resource/lunar-eclipse', async page => {
      const card = page.getByRole('region', { name: 'Pipeline runs' });
      await card.getByText('Eclipse of the moon').waitFor();
    });
  });
});
