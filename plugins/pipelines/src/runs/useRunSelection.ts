import { useState } from 'react';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';

/** The runs that a person has chosen in a list. */
export interface RunSelection {
  ids: ReadonlySet<string>;
  isChosen(run: Run): boolean;
  toggle(run: Run): void;
  /** Replaces what is chosen; ids of other pages may be among them. */
  replace(ids: Iterable<string>): void;
  clear(): void;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Remembers which runs are chosen, over pages and live updates, for as long as the list is the
 * same one; `listKey` says which list it is.
 */
export function useRunSelection(listKey: string): RunSelection {
  const [chosen, setChosen] = useState({ listKey, ids: NOTHING });
  const ids = chosen.listKey === listKey ? chosen.ids : NOTHING;
  const replace = (next: Iterable<string>) =>
    setChosen({ listKey, ids: new Set(next) });
  return {
    ids,
    isChosen: run => ids.has(run.id),
    toggle: run =>
      replace(
        ids.has(run.id)
          ? [...ids].filter(id => id !== run.id)
          : [...ids, run.id],
      ),
    replace,
    clear: () => replace([]),
  };
}
