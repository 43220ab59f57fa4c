import type { Page } from 'playwright-core';
import { until } from '../../harness/index.ts';

/** Waits until the page is not wider than the window: only boxes in it may scroll sideways. */
export async function untilNoSidewaysScroll(page: Page): Promise<void> {
  await until(
    () =>
      page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth <= clientWidth;
      }),
    { what: `${page.url()} not to scroll sideways`, timeoutMs: 5_000 },
  );
}
