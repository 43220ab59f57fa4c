import { useEffect, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import { timeOfRunId } from './timeOfRunId';
import { runsPageKey, useRunsPage } from './useRunsPage';

/** Newer runs are counted up to this many. */
export const MAX_COUNTED_NEW_RUNS = 50;

/** What {@link useHeldRuns} needs. */
export interface UseHeldRunsOptions {
  filter: RunsFilter;
  pageSize: number;
  cursor?: string;
  /** Oldest first: newer runs come at the end, so there is nothing to be held. */
  sort?: 'queued';
  /** Nothing is read while it is false; default true. */
  isEnabled?: boolean;
}

/**
 * A page of runs whose rows stay where they are while newer runs wait to be let in.
 *
 * @remarks
 * Once the first page is there, the list is held at its newest run: it is read again with that
 * bound, so rows change in place and never move under the pointer. What was submitted since is
 * counted by a query of its own. Pages further back cannot move and are not held.
 */
export function useHeldRuns(options: UseHeldRunsOptions) {
  const { filter, pageSize, cursor, sort, isEnabled = true } = options;
  const listKey = JSON.stringify([filter, pageSize, sort]);
  const [held, setHeld] = useState<{ listKey: string; until: string }>();
  const isHeld = cursor === undefined && sort === undefined;
  const until = held?.listKey === listKey ? held.until : undefined;

  const page = useMemo(
    () => ({ limit: pageSize, cursor, sort }),
    [pageSize, cursor, sort],
  );
  const list = useRunsPage({
    filter: isHeld && until ? { ...filter, to: until } : filter,
    page,
    isEnabled,
  });
  const queryClient = useQueryClient();
  // What is being read again may be older than the run that somebody just submitted.
  const loaded = list.isFetching ? undefined : list.data;
  const newest = loaded?.items[0];
  useEffect(() => {
    if (isHeld && !until && newest && filter.to === undefined) {
      const bound = justAfter(newest.id);
      // What was just read is the held page, too; reading it again would dim the rows.
      queryClient.setQueryData(
        runsPageKey({ ...filter, to: bound }, page),
        loaded,
      );
      setHeld({ listKey, until: bound });
    }
  }, [isHeld, until, newest, loaded, filter, page, listKey, queryClient]);
  const newer = useRunsPage({
    filter: { ...filter, from: until },
    page: { limit: MAX_COUNTED_NEW_RUNS },
    isEnabled: isHeld && until !== undefined,
  });
  // While it is read for another bound, the answer for the last one counts what is already shown.
  const found = newer.isPlaceholderData ? undefined : newer.data;
  return {
    list,
    newCount: isHeld && until ? found?.items.length ?? 0 : 0,
    hasManyNew: found?.nextCursor !== undefined,
    letIn: () => {
      const newestOfAll = found?.items[0];
      if (newestOfAll) {
        setHeld({ listKey, until: justAfter(newestOfAll.id) });
      }
    },
  };
}

/** The bound that still includes this run. */
function justAfter(runId: string): string {
  return new Date(timeOfRunId(runId) + 1).toISOString();
}
