import { createContext, ReactNode, useContext, useMemo } from 'react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import { rootRouteRef } from '../routes';
import { listText, withList } from '../runs/listParameter';

/** Where things of this plugin are, as paths of the portal. */
export interface RunLinks {
  /** The page of a run; `search` begins with a question mark. */
  run(runId: string, search?: string): string;
  /** The list of runs. */
  runs(search?: string): string;
  /** Two runs side by side. */
  compare(search?: string): string;
  /** The page of a bulk action. */
  bulk(bulkId: string): string;
  /** The list of pipelines; undefined where the page is not installed. */
  definitions?: string;
}

const RunLinksContext = createContext<RunLinks | undefined>(undefined);

/** Makes runs open below this path instead of on the Pipelines page, as the entity tab does. */
export function RunLinksProvider(props: {
  basePath: string;
  children: ReactNode;
}) {
  const { basePath, children } = props;
  const links = useMemo(() => linksBelow(basePath), [basePath]);
  return (
    <RunLinksContext.Provider value={links}>
      {children}
    </RunLinksContext.Provider>
  );
}

/** Makes runs open as those of a list with this filter, so that their pages lead along it. */
export function ListedRunsProvider(props: {
  filter: RunsFilter;
  children: ReactNode;
}) {
  const { filter, children } = props;
  const outer = useRunLinks();
  const list = listText(filter);
  const links = useMemo(
    () => ({
      ...outer,
      run: (runId: string, search = '') =>
        outer.run(runId, withList(search, list)),
    }),
    [outer, list],
  );
  return (
    <RunLinksContext.Provider value={links}>
      {children}
    </RunLinksContext.Provider>
  );
}

/** Where things are, seen from here. */
export function useRunLinks(): RunLinks {
  const nearest = useContext(RunLinksContext);
  const root = useRouteRef(rootRouteRef)?.();
  return useMemo(() => {
    const page = (root ?? '/pipelines').replace(/\/$/, '');
    return (
      nearest ?? {
        ...linksBelow(`${page}/runs`),
        definitions: `${page}/definitions`,
      }
    );
  }, [nearest, root]);
}

function linksBelow(path: string): RunLinks {
  return {
    run: (runId, search = '') =>
      `${path}/${encodeURIComponent(runId)}${search}`,
    runs: (search = '') => `${path}${search}`,
    compare: (search = '') => `${path}/compare${search}`,
    bulk: bulkId => `${path}/bulk/${encodeURIComponent(bulkId)}`,
  };
}

/** The address of a path of the portal, to give to a colleague. */
export function absoluteUrl(path: string): string {
  return new URL(path, window.location.origin).toString();
}
