import { useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { dropSpentView } from './views/dropSpentView';
import {
  isSamePage,
  readRunsUrl,
  RunsUrl,
  UnknownValue,
  writeRunsUrl,
} from './runsUrl';

/** The address of the runs list as state. */
export interface RunsUrlHandle {
  url: RunsUrl;
  unknown: UnknownValue[];
  /**
   * Changes filters or the page size, and goes to the first page.
   *
   * @param options - `replace`: Back does not return to what was before, as for what is typed
   */
  change(changes: Partial<RunsUrl>, options?: { replace?: boolean }): void;
  goToNext(cursor: string): void;
  goToPrevious(): void;
}

/**
 * Reads and changes the address of the runs list.
 *
 * @remarks
 * Keyset pages only know what follows, so the cursors of the pages before this one travel in
 * the history entry, where Back and Forward keep them right. Somebody who opened a link to a
 * page far back has none and goes to the first page.
 */
export function useRunsUrl(): RunsUrlHandle {
  const [parameters, setParameters] = useSearchParams();
  const location = useLocation();
  const trail = trailOf(location.state);
  const { url, unknown } = useMemo(() => readRunsUrl(parameters), [parameters]);
  const turn = (cursor: string | undefined, nextTrail: string[]) =>
    setParameters(previous => writeRunsUrl(previous, { cursor }), {
      state: { cursorTrail: nextTrail },
    });
  return {
    url,
    unknown,
    change: (changes, { replace = false } = {}) =>
      setParameters(
        previous => dropSpentView(previous, writeRunsUrl(previous, changes)),
        {
          replace,
          state: isSamePage(changes) ? location.state : undefined,
        },
      ),
    goToNext: cursor => turn(cursor, [...trail, url.cursor ?? '']),
    goToPrevious: () =>
      turn(trail[trail.length - 1] || undefined, trail.slice(0, -1)),
  };
}

function trailOf(state: unknown): string[] {
  const trail =
    typeof state === 'object' && state !== null && 'cursorTrail' in state
      ? state.cursorTrail
      : undefined;
  return Array.isArray(trail)
    ? trail.filter(cursor => typeof cursor === 'string')
    : [];
}
