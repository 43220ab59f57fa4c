import { useMemo, useRef, useState } from 'react';
import type { PipelineGrid } from '@millrace/backstage-plugin-pipelines-common';

/**
 * The grid without the runs that came while it is held, and how many those are.
 *
 * @remarks
 * Ids grow with time, so whatever is greater than the newest id that was shown is new.
 *
 * @internal
 */
export function useHeldGrid(grid: PipelineGrid, isHeld: boolean) {
  const [letInUpTo, setLetInUpTo] = useState('');
  const shownUpTo = useRef<string>(undefined);
  const newest = grid.runs[0]?.id;
  const oldest = grid.runs.at(-1)?.id;
  const held = shownUpTo.current;
  // Of other runs, such as those of another filter, nothing has been shown yet.
  const isSameList =
    held !== undefined && oldest !== undefined && oldest <= held;
  const bound = isHeld && isSameList ? [held, letInUpTo].sort()[1] : newest;
  shownUpTo.current = bound;
  const shown = useMemo(
    () =>
      bound === undefined || bound === newest
        ? grid
        : { ...grid, runs: grid.runs.filter(({ id }) => id <= bound) },
    [grid, bound, newest],
  );
  return {
    grid: shown,
    newCount: grid.runs.length - shown.runs.length,
    letIn: () => setLetInUpTo(newest ?? ''),
  };
}
