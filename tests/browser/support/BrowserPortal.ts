import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  launchBrowser,
  startPortal,
  startPostgres,
  type StartPortalOptions,
  type TestPortal,
  type TestPostgres,
} from '../../harness/index.ts';
import { openPage, type OpenPageOptions, type PortalPage } from './openPage.ts';

/** A portal with its own PostgreSQL and a Chromium, for one test file. */
export interface BrowserPortal {
  readonly portal: TestPortal;
  readonly postgres: TestPostgres;
  /** Shows a page to a visitor and closes it, failing on what the page did wrong. */
  visit(
    path: string,
    ...rest: [visitor: Visitor] | [options: OpenPageOptions, visitor: Visitor]
  ): Promise<void>;
}

type Visitor = (page: PortalPage) => Promise<void>;

/** Starts them before the tests of the file, and stops them after. */
export function useBrowserPortal(
  options: Omit<StartPortalOptions, 'postgres'> = {},
): BrowserPortal {
  const running: Partial<{
    postgres: TestPostgres;
    portal: TestPortal;
    browser: Browser;
  }> = {};

  before(async () => {
    running.postgres = await startPostgres();
    [running.portal, running.browser] = await Promise.all([
      startPortal({ ...options, postgres: running.postgres }),
      launchBrowser(),
    ]);
    // Signing in waits for the demo catalog, so that no page has to.
    await running.portal.apiAs();
  });
  after(async () => {
    await running.browser?.close();
    await running.portal?.stop();
    await running.postgres?.stop();
  });

  const started = <TName extends keyof typeof running>(name: TName) => {
    const part = running[name];
    if (!part) {
      throw new Error(`The ${name} has not been started yet`);
    }
    return part as NonNullable<(typeof running)[TName]>;
  };
  return {
    get portal() {
      return started('portal');
    },
    get postgres() {
      return started('postgres');
    },
    visit: async (path, ...rest) => {
      const [pageOptions, visitor] = rest.length === 2 ? rest : [{}, rest[0]];
      await openPage(
        { browser: started('browser'), url: started('portal').url, path },
        pageOptions,
        visitor,
      );
    },
  };
}
