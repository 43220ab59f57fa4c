import { useBreakpoint } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { useRunActionDialogs } from '../actions/useRunActionDialogs';
import type { RunSelection } from '../useRunSelection';
import { RunsItems } from './RunsItems';
import { RunsTable } from './RunsTable';

/** What {@link RunsList} shows. */
export interface RunsListProps {
  runs: Run[];
  /** The chosen runs, for bulk actions. */
  selection: RunSelection;
}

/** Runs as a table, or on narrow screens as items of two lines. */
export function RunsList({ runs, selection }: RunsListProps) {
  const isNarrow = useBreakpoint().down('xs');
  const { begin, dialogs } = useRunActionDialogs();
  const List = isNarrow ? RunsItems : RunsTable;
  return (
    <>
      <List runs={runs} selection={selection} begin={begin} />
      {dialogs}
    </>
  );
}
