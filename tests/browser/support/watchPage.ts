import type { Page } from 'playwright-core';

/**
 * Notes what a page does wrong while it is open: errors in its console, errors that
 * nobody caught, requests to any other site.
 *
 * @param expected - errors that belong to the test
 * @returns a list that grows
 */
export function watchPage(
  page: Page,
  url: string,
  expected: RegExp[],
): string[] {
  const wrongs: string[] = [];
  const note = (wrong: string) => {
    if (!expected.some(pattern => pattern.test(wrong))) {
      wrongs.push(wrong);
    }
  };
  page.on('console', message => {
    if (message.type() === 'error') {
      note(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', error => note(`not caught: ${error.stack ?? error}`));
  page.on('request', request => {
    const target = new URL(request.url());
    const isOwn = target.origin === url;
    if (!isOwn && !['data:', 'blob:'].includes(target.protocol)) {
      note(`request to another site: ${request.url()}`);
    }
  });
  return wrongs;
}
