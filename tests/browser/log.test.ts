import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { type PortalApi, until } from '../harness/index.ts';
import { useBrowserPortal } from './support/BrowserPortal.ts';
import { finishedRun, pathOf, submit, untilState } from './support/runs.ts';
import { untilNoSidewaysScroll } from './support/untilNoSidewaysScroll.ts';

const LONG_LINE_LENGTH = 70_000;
const STORED_PIECE_LENGTH = 65_536;
const RESTART_MS = 60_000;
const ROW_HEIGHT_PX = 40; // Of one line, with room for another font.

const HOSTILE = `
const out = text => process.stdout.write(text);
out('NUL [\\0] here\\n');
process.stdout.write(Buffer.from([0xff, 0xfe, 0xc0, 0x41, 0x0a]));
out('\\x1b[31;1mred\\x1b[0m \\x1b[2J\\x1b[999;999Hmoved\\n');
out('\\x1b]8;;javascript:window.owned=1\\x07click me\\x1b]8;;\\x07\\n');
out('copied \\r 10 %\\r 50 %\\r100 % done\\n');
out('separator [\\u2028] bidi [\\u202e]\\n');
out('<script>window.owned=1</script><img src=x onerror="window.owned=1">\\n');
out('x'.repeat(${LONG_LINE_LENGTH}) + '\\n');
out('after it all\\n');
`;

const TICKER = `
let line = 0;
setInterval(() => console.log('tick ' + ++line), 50);
`;

const definition = (script: string) => ({
  engine: 'process',
  command: ['node', '-e', script],
  owner: 'group:default/data-platform',
  stopGrace: { seconds: 1 },
});

/** What a browser reports of a server that is gone. */
const OUTAGE = [/ERR_/, /WebSocket/, /Failed to (fetch|load)/];

const box = (page: Page) =>
  page.getByRole('region', { name: 'Log of attempt 1' });

const pill = (page: Page, text: string | RegExp) =>
  page.getByRole('button', { name: text }).and(page.locator('[aria-pressed]'));

const missingRows = (page: Page) =>
  box(page)
    .locator('[data-index]')
    .filter({ hasNotText: /tick \d+/ })
    .count();

describe('the log in the browser', () => {
  const host = useBrowserPortal({
    configOverrides: {
      pipelines: {
        definitions: {
          hostile: definition(HOSTILE),
          ticker: definition(TICKER),
        },
      },
    },
  });

  it('shows hostile bytes as text, and nothing of them runs or breaks the page', async () => {
    const runId = await finishedRun(host.portal, 'hostile');
    await host.visit(pathOf(runId, 'log'), async page => {
      const asked: string[] = [];
      page.on('dialog', dialog => asked.push(dialog.message()));
      const log = box(page);
      await log.getByText('after it all').waitFor();
      const text = await log.innerText();
      for (const shown of [
        'NUL [NUL] here',
        '\ufffd',
        'red moved',
        'click me',
        '100 % done',
        'separator [U+2028] bidi [U+202E]',
        '<script>window.owned=1</script><img src=x onerror="window.owned=1">',
      ]) {
        assert.ok(text.includes(shown), `the log shows ${shown}`);
      }
      assert.ok(!text.includes('50 %'), 'a progress bar shows its last state');
      assert.equal(await log.locator('[href^=javascript]').count(), 0);
      const color = (element: Element) => getComputedStyle(element).color;
      assert.notEqual(
        await log.getByText('red', { exact: true }).evaluate(color),
        await log.getByText('after it all').evaluate(color),
      );
      assert.equal(
        await page.evaluate(() => 'owned' in window || document.title === 'x'),
        false,
      );
      assert.deepEqual(asked, []);

      const long = log.getByText(/^x{100}/);
      const { height } = (await long.boundingBox())!;
      assert.ok(height < ROW_HEIGHT_PX, `${height} px high`);
      await untilNoSidewaysScroll(page);
      await log.getByRole('button', { name: 'KB more, show all' }).click();
      await until(
        async () =>
          ((await long.textContent()) ?? '').length >= STORED_PIECE_LENGTH,
        { what: 'all of the first piece of the line' },
      );
      await untilNoSidewaysScroll(page);
    });
  });

  it('goes on without a gap after a pause, and after the backend was killed', async () => {
    const api = await host.portal.apiAs();
    const runId = await submit(api, 'ticker');
    const options = { expectedErrors: OUTAGE };
    await host.visit(pathOf(runId, 'log'), options, async page => {
      await pill(page, /^Live/).waitFor();
      await page
        .getByText(/^tick [3-9]\d$/)
        .first()
        .waitFor();

      await pill(page, /^Live/).click();
      await pill(page, /^Paused/).waitFor();
      const [last] = (await readTicks(page)).slice(-1);
      await untilWritten(api, runId, last);
      await pill(page, /^Paused/).click();
      await pill(page, /^Live/).waitFor();
      assertNoGap(await readTicks(page));

      host.portal.kill('SIGKILL');
      await host.portal.exited();
      await pill(page, /^Reconnecting/).waitFor();
      await host.portal.restart();
      await page
        .getByRole('list', { name: 'Life of the run' })
        .getByText('Lost')
        .waitFor({ timeout: RESTART_MS });
      const ticks = await readTicks(page);
      assertNoGap(ticks);
      const raw = await (
        await host.portal.apiAs()
      ).fetch(`/api/pipelines/runs/${runId}/logs/raw`);
      assert.deepEqual(ticks, (await raw.text()).trim().split('\n'));
    });
  });

  it('says on the overview that it is live, reconnecting, and live again', async () => {
    await host.visit('/pipelines', { expectedErrors: OUTAGE }, async page => {
      const api = await host.portal.apiAs();
      await pill(page, /^(Polling|Live)/).waitFor();
      const runId = await submit(api, 'ticker');
      await pill(page, /^Live/).waitFor();
      const running = page.getByRole('region', { name: 'Running now' });
      await running.getByRole('link', { name: 'ticker' }).waitFor();

      host.portal.kill('SIGKILL');
      await host.portal.exited();
      await page.keyboard.press('r');
      await pill(page, /^Reconnecting/).waitFor();
      await running.getByText('ticker').first().waitFor();
      await host.portal.restart();
      await pill(page, /^(Polling|Live)/).waitFor({ timeout: RESTART_MS });
      const later = await host.portal.apiAs();
      await untilState(later, runId, 'lost');
      await running.getByText('Nothing is running.').waitFor();
      await submit(later, 'hostile');
      await pill(page, /^Live/).waitFor();
    });
  });
});

/** Every line of the log, read by scrolling through it from the top. */
async function readTicks(page: Page): Promise<string[]> {
  const lines = new Map<number, string>();
  const scroller = box(page).getByRole('group', { name: 'Lines' });
  await scroller.evaluate(element => element.scrollTo({ top: 0 }));
  let isAtEnd = false;
  while (!isAtEnd) {
    await until(async () => (await missingRows(page)) === 0, {
      what: 'the lines in view to be loaded',
    });
    for (const [number, text] of await rowsInView(page)) {
      lines.set(number, text);
    }
    isAtEnd = await scroller.evaluate(element => {
      const { scrollTop, clientHeight, scrollHeight } = element;
      element.scrollTo({ top: scrollTop + clientHeight / 2 });
      return scrollTop + clientHeight >= scrollHeight - 1;
    });
  }
  const numbers = [...lines.keys()].sort((one, other) => one - other);
  return numbers.map(number => lines.get(number)!);
}

/** Line numbers and texts of the rows that are drawn. */
async function rowsInView(page: Page): Promise<Array<[number, string]>> {
  const texts = await box(page).locator('[data-index]').allTextContents();
  return texts.map(text => {
    const [, number, tick] = text.match(/^(\d+?)(tick \d+)$/)!;
    return [Number(number), tick];
  });
}

/** Waits until a run has written more lines than the one with this text. */
async function untilWritten(
  api: PortalApi,
  runId: string,
  last: string,
): Promise<void> {
  await until(
    async () => {
      const raw = await api.fetch(`/api/pipelines/runs/${runId}/logs/raw`);
      return (await raw.text()).trim().split('\n').at(-1) !== last;
    },
    { what: 'lines that are written during the pause' },
  );
}

function assertNoGap(ticks: string[]): void {
  assert.ok(ticks.length > 20);
  assert.deepEqual(
    ticks,
    ticks.map((_, index) => `tick ${index + 1}`),
  );
}
