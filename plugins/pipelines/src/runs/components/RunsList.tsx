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
  isOldestFirst: boolean;
  onOrder(isOldestFirst: boolean): void;
  /** The chosen runs, for bulk actions. */
  selection: RunSelection;
}

/** Runs as a table, or on narrow screens as items of two lines. */
export function RunsList(props: RunsListProps) {
  const { columns } = props;
  const isNarrow = useBreakpoint().down('xs');
  const { begin, dialogs } = useRunActionDialogs();
  const pipelineOf = useColumnPipelines(columns);
  const List = isNarrow ? RunsItems : RunsTable;
  return (
    <>
      <List {...props} pipelineOf={pipelineOf} begin={begin} />
      {dialogs}
    </>
  );
}
