import { useEffect, useRef } from 'react';
import type { SavedView } from '@millrace/backstage-plugin-pipelines-common';
import { useView } from '@millrace/backstage-plugin-pipelines-react';
import type { RunsUrl } from '../runsUrl';
import type { RunsUrlHandle } from '../useRunsUrl';
import { contentOf, storedQueryOf, viewQueryOf } from './viewQuery';

/** The view that the address names. */
export interface OpenedView {
  view?: SavedView;
  /** Whether the address is still without what the view says. */
  isOpening: boolean;
  /** Whether the address says something else than the view. */
  isChanged: boolean;
  /** Why it cannot be opened. */
  error?: Error;
}

/**
 * Opens the view of a link: an address that says nothing but `view=` gets what the view says.
 *
 * @remarks
 * From then on the address says everything, and the view is only what it is compared with. So
 * what somebody saves meanwhile changes no list that is being looked at.
 */
export function useOpenedView(
  url: RunsUrl,
  change: RunsUrlHandle['change'],
): OpenedView {
  const { data, error } = useView(url.view);
  const view = data?.id === url.view ? data : undefined;
  const query = viewQueryOf(url);
  const stored = view && storedQueryOf(view);
  const isBare = url.view !== undefined && query === '';
  const isToOpen = isBare && stored !== undefined && stored !== '';
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    if (isToOpen) {
      latest.current(contentOf(view), { replace: true });
    }
  }, [isToOpen, view]);
  return {
    view,
    isOpening: isToOpen || (isBare && !view && !error),
    isChanged: stored !== undefined && stored !== query,
    error: url.view !== undefined && !view ? error ?? undefined : undefined,
  };
}
