import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { generateHistory } from '../../scripts/seed/history.ts';
import { accessibilityIssues } from './support/accessibilityIssues.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { until, VIEWPORTS } from '../harness/index.ts';
import { IDLER, pressAllowed } from './support/controlled.ts';
import { takeScreenshot } from './support/openPage.ts';
import { finishedRun, pathOf, submit, untilState } from './support/runs.ts';
import { untilNoSidewaysScroll } from './support/untilNoSidewaysScroll.ts';

const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const ENTITY_RUNS = '/catalog/default/component/meeting-archive/runs';

/** What a page is looked at in; it follows the window and the system while it is open. */
const LOOKS = [
  { theme: 'light', viewport: 'desktop' },
  { theme: 'light', viewport: 'phone' },
  { theme: 'dark', viewport: 'phone' },
  { theme: 'dark', viewport: 'desktop' },
] as const;

/** A page, and what is seen on it when it is there. */
interface ShownPage {
  name: string;
  path: () => string;
  sign: (page: Page) => Promise<void>;
}

const text = (wanted: string | RegExp) => async (page: Page) =>
  await page.getByText(wanted).filter({ visible: true }).first().waitFor();

/** The form may scroll, but what submits it is in sight. */
async function dialogWithItsButtons(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Length of the test clip').waitFor();
  await until(
    async () => {
      const run = dialog.getByRole('button', { name: 'Run', exact: true });
      const [button, frame] = [
        await run.boundingBox(),
        await dialog.boundingBox(),
      ];
      return button!.y + button!.height <= frame!.y + frame!.height;
    },
    { what: 'the buttons of the dialog to be in sight' },
  );
}

describe('every page, wide and narrow, light and dark', () => {
  const host = useBrowserPortal({
    configOverrides: { pipelines: { definitions: { idler: IDLER } } },
  });
  const runs = { ingest: '', transcode: '', failed: '', running: '' };
  let failure = '';

  it('signs the first demo user in by itself, and offers the page of Millrace', async () => {
    await host.visit('/', async page => {
      await page.getByText('Ada').first().waitFor();
      await page.getByRole('link', { name: 'Pipelines' }).first().click();
      await page.getByRole('tab', { name: 'Runs' }).waitFor();
    });
  });

  it('is empty in words before anything has run', async () => {
    await eachLook([
      {
        name: 'empty-overview',
        path: () => '/pipelines',
        sign: text('No runs yet'),
      },
      {
        name: 'empty-runs',
        path: () => '/pipelines/runs',
        sign: text('No runs yet'),
      },
    ]);
  });

  describe('with runs', () => {
    before(async () => {
      await generateHistory({
        url: host.postgres.urlOf(PLUGIN_DATABASE),
        runs: 300,
        days: 25,
        pipelines: [
          { id: 'ingest-meetings', typicalSeconds: 30, successRate: 0.9 },
          { id: 'nightly-report', typicalSeconds: 4, successRate: 0.95 },
          { id: 'transcode', typicalSeconds: 90, successRate: 0.8 },
        ],
      });
      const api = await host.portal.apiAs();
      runs.running = await submit(api, 'idler');
      [runs.ingest, runs.transcode, runs.failed] = await Promise.all([
        finishedRun(host.portal, 'ingest-meetings'),
        finishedRun(host.portal, 'transcode', {
          parameters: { profile: 'preview', durationSeconds: 2 },
        }),
        finishedRun(host.portal, 'nightly-report-fail', { state: 'failed' }),
      ]);
      await untilState(api, runs.running, 'running');
      failure = await until(
        async () => {
          const { items } = await api.json<{
            items: { fingerprint: string; template: string }[];
          }>('/api/pipelines/failures');
          return items.find(({ template }) => template.includes('a check'))
            ?.fingerprint;
        },
        { what: 'the failure to be put with its like' },
      );
    });

    it('shows the overview, the lists and the dialog without scrolling sideways', async () => {
      await eachLook([
        {
          name: 'overview',
          path: () => '/pipelines',
          sign: text('encode · half of it'),
        },
        {
          name: 'runs',
          path: () => '/pipelines/runs',
          sign: text('50 runs, more follow'),
        },
        {
          name: 'runs-none',
          path: () => '/pipelines/runs?state=paused',
          sign: text('No run matches the chosen filters'),
        },
        {
          name: 'runs-filtered',
          path: () =>
            '/pipelines/runs?q=exit%20code&state.not=cancelled&trigger.not=outside&minDuration=1',
          sign: text('Nightly report that fails'),
        },
        {
          name: 'failures',
          path: () => '/pipelines/failures',
          sign: text(/a check failed because/),
        },
        {
          name: 'failure',
          path: () => `/pipelines/failures/${failure}`,
          sign: text('Latest run'),
        },
        {
          name: 'timeline',
          path: () => '/pipelines/timeline',
          sign: text('Transcode a video'),
        },
        ...['grid', 'calendar', 'trends'].map(tab => ({
          name: `pipeline-${tab}`,
          path: () => `/pipelines/definitions/transcode?tab=${tab}`,
          sign: text(/^as of/),
        })),
        {
          name: 'definitions',
          path: () => '/pipelines/definitions',
          sign: text('Transcode a video'),
        },
        {
          name: 'dialog',
          path: () => '/pipelines/overview?run=transcode',
          sign: dialogWithItsButtons,
        },
        {
          name: 'entity',
          path: () => ENTITY_RUNS,
          sign: text(/^Ingest file:/),
        },
      ]);
    });

    it('shows every part of the run page without scrolling sideways', async () => {
      await eachLook([
        {
          name: 'run-running',
          path: () => pathOf(runs.running),
          sign: text('Running'),
        },
        {
          name: 'run-failed',
          path: () => pathOf(runs.failed),
          sign: text('Exit code 1'),
        },
        {
          name: 'run-summary',
          path: () => pathOf(runs.ingest),
          sign: text(/records read/),
        },
        {
          name: 'run-log',
          path: () => pathOf(runs.failed, 'log'),
          sign: text('one check failed'),
        },
        {
          name: 'run-outputs',
          path: () => pathOf(runs.ingest, 'outputs'),
          sign: text('archive'),
        },
        {
          name: 'run-artifacts',
          path: () => pathOf(runs.transcode, 'artifacts'),
          sign: text('video/mp4'),
        },
        {
          name: 'run-parameters',
          path: () => pathOf(runs.ingest, 'parameters'),
          sign: text('url'),
        },
        {
          name: 'run-events',
          path: () => pathOf(runs.ingest, 'events'),
          sign: text(/^by /),
        },
        {
          name: 'run-attempts',
          path: () => pathOf(runs.ingest, 'attempts'),
          sign: text(/^\d+ lines?$/),
        },
        {
          name: 'compare',
          path: () => `/pipelines/runs/compare?b=${runs.ingest}`,
          sign: text('What was done'),
        },
      ]);
    });

    it('says what cannot be loaded, and tries again when it is asked to', async () => {
      const failing = { expectedErrors: [/50\d/] };
      await host.visit('/pipelines/definitions', failing, async page => {
        let isBroken = true;
        await page.route(/\/api\/pipelines\/(runs|stats)/, async route =>
          isBroken
            ? await route.fulfill({ status: 503, body: 'no database' })
            : await route.continue(),
        );
        await page.getByRole('tab', { name: 'Runs' }).click();
        await page.getByText('This could not be loaded').first().waitFor();
        await takeScreenshot(page, 'error-runs');
        // Healed only after the click: the page also tries again by itself.
        const asked = page.waitForRequest(/\/api\/pipelines\/(runs|stats)/);
        await pressAllowed(page, 'Try again');
        await asked;
        isBroken = false;
        await page.getByRole('grid', { name: 'Runs' }).waitFor();
      });
    });

    it('shows on the page of an entity the runs of its pipelines alone', async () => {
      await host.visit(ENTITY_RUNS, async page => {
        const titles = page
          .getByRole('grid', { name: 'Runs' })
          .getByRole('rowheader');
        await titles.first().waitFor();
        const shown = await titles.allInnerTexts();
        assert.ok(shown.length > 1);
        for (const title of shown) {
          assert.match(title, /ingest-meetings/);
        }
      });
    });
  });

  /**
   * Looks at pages in every look, each opened in another one than the page before, and lets axe
   * look at them where there is room for everything.
   */
  async function eachLook(pages: ShownPage[]): Promise<void> {
    const issues: object[] = [];
    await host.visit('/', { theme: 'auto' }, async page => {
      for (const [index, { name, path, sign }] of pages.entries()) {
        const first = index % LOOKS.length;
        const looks = [...LOOKS.slice(first), ...LOOKS.slice(0, first)];
        for (const [turn, { theme, viewport }] of looks.entries()) {
          await page.setViewportSize(VIEWPORTS[viewport]);
          await page.emulateMedia({ colorScheme: theme });
          if (turn === 0) {
            await page.goto(path());
          }
          await page.locator(`[data-theme-mode=${theme}]`).waitFor();
          await sign(page);
          await untilNoSidewaysScroll(page);
          await takeScreenshot(page, `${name}-${viewport}-${theme}`);
          if (viewport === 'desktop') {
            const found = await accessibilityIssues(page);
            issues.push(...found.map(issue => ({ name, theme, ...issue })));
          }
        }
      }
    });
    assert.deepEqual(issues, [], 'axe finds no serious issue');
  }
});
