import { useBreakpoint } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { useRunActionDialogs } from '../actions/useRunActionDialogs';
import { useColumnPipelines, type RunColumn } from '../columns';
import type { RunSelection } from '../useRunSelection';
import { RunsItems } from './RunsItems';
import { RunsTable } from './RunsTable';

/** What {@link RunsList} shows. */
export interface RunsListProps {
  runs: Run[];
  columns: readonly RunColumn[];
  /** The chosen runs, for bulk actions. */
  selection: RunSelection;
}

/** Runs as a table, or on narrow screens as items of two lines. */
export function RunsList({ runs, columns, selection }: RunsListProps) {
  const isNarrow = useBreakpoint().down('xs');
  const { begin, dialogs } = useRunActionDialogs();
  const pipelineOf = useColumnPipelines(columns);
  const List = isNarrow ? RunsItems : RunsTable;
  return (
    <>
      <List
        runs={runs}
        columns={columns}
        pipelineOf={pipelineOf}
        selection={selection}
        begin={begin}
      />
      {dialogs}
    </>
  );
}
