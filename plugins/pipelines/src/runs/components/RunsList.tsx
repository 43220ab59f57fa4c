import { useBreakpoint } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { useState } from 'react';
import { CancelRunDialog } from './CancelRunDialog';
import { RunsItems } from './RunsItems';
import { RunsTable } from './RunsTable';

/** What {@link RunsList} shows. */
export interface RunsListProps {
  runs: Run[];
}

/** Runs as a table, or on narrow screens as items of two lines. */
export function RunsList({ runs }: RunsListProps) {
  const isNarrow = useBreakpoint().down('xs');
  const [cancelling, setCancelling] = useState<Run>();
  const List = isNarrow ? RunsItems : RunsTable;
  return (
    <>
      <List runs={runs} onCancel={setCancelling} />
      {cancelling && (
        <CancelRunDialog
          run={cancelling}
          onClose={() => setCancelling(undefined)}
        />
      )}
    </>
  );
}
