import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  launchBrowser,
  startPortal,
  startPostgres,
  type TestPortal,
  until,
  VIEWPORTS,
} from '../../tests/harness/index.ts';
import { generateHistory } from '../seed/history.ts';
import { distributionOf, printGoal, printRow } from './lib/measure.ts';

export const description =
  'In Chromium: the first load of Runs, and a log of a million lines';

const PLUGIN_DATABASE = 'backstage_plugin_pipelines';
const RUNS = 5_000;
const LOADS = 7;
const JUMPS = 20;
const LINES = 1_000_000;
const LINE_LENGTH = 119; // With its line feed, a million have 120 MB.
const SCROLL_MS = 4_000;
const SCROLL_PX_PER_FRAME = 400;
const PATIENCE_MS = 120_000;
const RUN_ROW = '[role=row] a[href*="/runs/"]';

const CODE_GOAL_BYTES = 350_000;
const INTERACTIVE_GOAL_MS = 700;
const OPEN_GOAL_MS = 500;
const JUMP_GOAL_MS = 200;
const FRAMES_GOAL = 50;
const HEAP_GOAL_BYTES = 80_000_000;

/** Every thousandth line is an error, and each has its number in front. */
const LONG_LOG = `
const fs = require('node:fs');
for (let first = 1; first <= ${LINES}; first += 1000) {
  const lines = Array.from({ length: 1000 }, (_, index) => {
    const number = first + index;
    const level = number % 1000 === 0 ? 'ERROR' : 'INFO ';
    return (number + ' ' + level + ' record stored after ' + (number % 97) + ' ms ').padEnd(${LINE_LENGTH}, '.');
  });
  const block = Buffer.from(lines.join('\\n') + '\\n');
  for (let at = 0; at < block.length;) at += fs.writeSync(1, block, at);
}
`;

/** Takes no arguments. */
export async function run(): Promise<void> {
  const postgres = await startPostgres();
  const portal = await startPortal({
    postgres,
    configOverrides: {
      pipelines: {
        definitions: {
          'long-log': {
            command: ['node', '-e', LONG_LOG],
            owner: 'group:default/data-platform',
          },
        },
      },
    },
  });
  const browser = await launchBrowser();
  try {
    const runId = await writeLongLog(portal);
    await generateHistory({
      url: postgres.urlOf(PLUGIN_DATABASE),
      runs: RUNS,
      days: 30,
      pipelines: [
        { id: 'ingest-meetings', typicalSeconds: 30, successRate: 0.9 },
        { id: 'transcode', typicalSeconds: 90, successRate: 0.8 },
      ],
    });
    await measureCode(browser, portal);
    await measureFirstLoad(browser, portal);
    await measureLog(browser, portal, runId);
  } finally {
    await browser.close();
    await portal.stop();
    await postgres.stop();
  }
}

async function writeLongLog(portal: TestPortal): Promise<string> {
  const api = await portal.apiAs();
  const { id } = await api.post<{ id: string }>('/api/pipelines/runs', {
    pipelineId: 'long-log',
  });
  await until(
    async () => {
      const { state } = await api.json<{ state: string }>(
        `/api/pipelines/runs/${id}`,
      );
      return state === 'succeeded';
    },
    { what: 'the long log to be written', timeoutMs: PATIENCE_MS },
  );
  return id;
}

/** What is loaded for Runs over what any page of the portal loads. */
async function measureCode(
  browser: Browser,
  portal: TestPortal,
): Promise<void> {
  const shell = await scriptsOf(browser, portal, '/settings', '[role=tab]');
  const runs = await scriptsOf(browser, portal, '/pipelines/runs', RUN_ROW);
  const added = [...runs].filter(([url]) => !shell.has(url));
  const bytes = added.reduce((sum, [, size]) => sum + size, 0);
  const kilobytes = (size: number) => `${Math.round(size / 1_000)} kB`;
  console.log('\nScripts and styles, compressed with gzip');
  console.log(
    `  ${
      added.length
    } files for Runs that Settings does not load; with the shell ${
      runs.size
    } files, ${kilobytes([...runs.values()].reduce((a, b) => a + b, 0))}`,
  );
  printGoal(
    `at most ${kilobytes(CODE_GOAL_BYTES)} for Runs`,
    kilobytes(bytes),
    bytes <= CODE_GOAL_BYTES,
  );
}

async function scriptsOf(
  browser: Browser,
  portal: TestPortal,
  path: string,
  sign: string,
): Promise<Map<string, number>> {
  return await onPage(browser, portal, async page => {
    const reads: Promise<[string, number]>[] = [];
    page.on('response', response => {
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) {
        reads.push(
          response.body().then(body => [response.url(), gzipSync(body).length]),
        );
      }
    });
    await page.goto(path);
    await page.locator(sign).first().waitFor();
    await page.waitForLoadState('networkidle');
    return new Map(await Promise.all(reads));
  });
}

async function measureFirstLoad(
  browser: Browser,
  portal: TestPortal,
): Promise<void> {
  const times: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    times.push(await onPage(browser, portal, timeFirstLoad));
  }
  const afterWarmUp = times.slice(1);
  console.log('\nFirst load of Runs in a new browser profile');
  printRow('shell to rows', afterWarmUp);
  const { p50 } = distributionOf(afterWarmUp);
  printGoal(
    `p50 at most ${INTERACTIVE_GOAL_MS} ms`,
    `${p50.toFixed(0)} ms`,
    p50 <= INTERACTIVE_GOAL_MS,
  );
}

/** Ms from the tabs, which the portal draws, to rows that can be clicked. */
async function timeFirstLoad(page: Page): Promise<number> {
  await page.addInitScript(rowSelector => {
    const seen: { shell?: number; rows?: number } = {};
    const look = () => {
      if (document.querySelector('[role=tab]')) {
        seen.shell ??= performance.now();
      }
      if (document.querySelector(rowSelector)) {
        seen.rows ??= performance.now();
      }
      if (seen.rows === undefined) {
        requestAnimationFrame(look);
      }
    };
    Object.assign(window, { seen });
    requestAnimationFrame(look);
  }, RUN_ROW);
  await page.goto('/pipelines/runs');
  const { shell, rows } = await until(
    () =>
      page.evaluate(() => {
        const { seen } = window as unknown as {
          seen: { shell: number; rows?: number };
        };
        return seen.rows !== undefined && { ...seen, rows: seen.rows };
      }),
    { what: 'the rows of Runs', timeoutMs: PATIENCE_MS },
  );
  return rows - shell;
}

async function measureLog(
  browser: Browser,
  portal: TestPortal,
  runId: string,
): Promise<void> {
  await onPage(browser, portal, async page => {
    await page.goto(`/pipelines/runs/${runId}`);
    const tab = page
      .getByRole('navigation', { name: 'Content navigation' })
      .getByRole('link', { name: 'Log', exact: true });
    await tab.waitFor();
    await page.waitForLoadState('networkidle');
    const heapBefore = await heapBytes(page);
    console.log(`\nA log of ${LINES.toLocaleString('en')} lines`);

    const open = await timeUntilLine(page, LINES, () => tab.click());
    printGoal(
      `opens at its end in ${OPEN_GOAL_MS} ms`,
      `${open.toFixed(0)} ms`,
      open <= OPEN_GOAL_MS,
    );

    const jumps: number[] = [];
    const goTo = page.getByRole('textbox', { name: 'Go to line' });
    for (let jump = 1; jump <= JUMPS; jump++) {
      const line = 1 + ((jump * 618_033) % LINES);
      await goTo.fill(String(line));
      jumps.push(await timeUntilLine(page, line, () => goTo.press('Enter')));
    }
    printRow('jump to a line', jumps);
    const { p95 } = distributionOf(jumps);
    printGoal(
      `jump p95 at most ${JUMP_GOAL_MS} ms`,
      `${p95.toFixed(0)} ms`,
      p95 <= JUMP_GOAL_MS,
    );

    const frames = await framesWhileScrolling(page);
    printGoal(
      `scrolls at ${FRAMES_GOAL} frames per second`,
      `${frames.toFixed(0)}`,
      frames >= FRAMES_GOAL,
    );
    const growth = (await heapBytes(page)) - heapBefore;
    printGoal(
      `heap grows by at most ${HEAP_GOAL_BYTES / 1e6} MB`,
      `${(growth / 1e6).toFixed(1)} MB`,
      growth <= HEAP_GOAL_BYTES,
    );
  });
}

/** Ms from an action to the frame in which a line of the log is there. */
async function timeUntilLine(
  page: Page,
  line: number,
  action: () => Promise<void>,
): Promise<number> {
  await page.evaluate(number => {
    const timing: { from?: number; until?: number } = {};
    const start = () => {
      timing.from ??= performance.now();
    };
    // What the visitor does is the beginning, not what it takes to tell the browser.
    document.addEventListener('click', start, { capture: true, once: true });
    document.addEventListener('keydown', start, { capture: true, once: true });
    const look = () => {
      const rows = [...document.querySelectorAll('[data-index]')];
      const isThere = rows.some(
        row =>
          row.textContent?.includes(`${number} INFO`) ||
          row.textContent?.includes(`${number} ERROR`),
      );
      if (timing.from !== undefined && isThere) {
        timing.until = performance.now();
      } else {
        requestAnimationFrame(look);
      }
    };
    Object.assign(window, { timing });
    requestAnimationFrame(look);
  }, line);
  await action();
  return await until(
    () =>
      page.evaluate(() => {
        const { timing } = window as unknown as {
          timing: { from: number; until?: number };
        };
        return timing.until !== undefined && timing.until - timing.from;
      }),
    { what: `line ${line}`, timeoutMs: PATIENCE_MS },
  );
}

/** Frames per second while the log is scrolled up without pause. */
async function framesWhileScrolling(page: Page): Promise<number> {
  return await page
    .getByRole('region', { name: /^Log of attempt/ })
    .getByRole('group', { name: 'Lines' })
    .evaluate(
      (box, [duration, step]) =>
        new Promise<number>(resolve => {
          const from = performance.now();
          let frames = 0;
          const draw = (now: number) => {
            if (now - from >= duration) {
              resolve((frames * 1_000) / (now - from));
              return;
            }
            frames += 1;
            box.scrollTop -= step;
            requestAnimationFrame(draw);
          };
          requestAnimationFrame(draw);
        }),
      [SCROLL_MS, SCROLL_PX_PER_FRAME] as const,
    );
}

async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** A page of a browser profile of its own, at the size of a desk. */
async function onPage<T>(
  browser: Browser,
  portal: TestPortal,
  visit: (page: Page) => Promise<T>,
): Promise<T> {
  const context: BrowserContext = await browser.newContext({
    baseURL: portal.url,
    viewport: VIEWPORTS.desktop,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return await visit(page);
  } finally {
    await context.close();
  }
}
