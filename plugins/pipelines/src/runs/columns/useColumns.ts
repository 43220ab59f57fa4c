import { useStored } from '../../ui/useStored';
import type { RunsUrl } from '../runsUrl';
import type { RunsUrlHandle } from '../useRunsUrl';
import {
  areDefaultColumns,
  DEFAULT_COLUMNS,
  tidyColumns,
  type RunColumn,
} from './runColumns';

const STORED_COLUMNS = 'runs.columns';

/** The columns of the runs list, and how they are chosen. */
export interface ColumnsHandle {
  columns: readonly RunColumn[];
  /** Columns to be shown, or none for those of the list itself. */
  choose(columns: readonly RunColumn[] | undefined): void;
}

/**
 * The columns that the address says; where it says none, those that the user chose last, and
 * else those of the list.
 *
 * @remarks
 * A choice goes into the address, so that a link or a saved view has it, and is kept for the
 * next time.
 */
export function useColumns(
  url: RunsUrl,
  change: RunsUrlHandle['change'],
): ColumnsHandle {
  const [stored, store] = useStored(STORED_COLUMNS);
  const kept = Array.isArray(stored) ? tidyColumns(stored) : undefined;
  return {
    columns: url.cols ?? kept ?? DEFAULT_COLUMNS,
    choose: columns => {
      const isUsual = !columns || areDefaultColumns(columns);
      store(isUsual ? undefined : [...columns]);
      change({ cols: isUsual ? undefined : [...columns] }, { replace: true });
    },
  };
}
