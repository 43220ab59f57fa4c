import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import type { RunRow } from './types';

/**
 * Where a run stands, since when and by whom, to go on after "Run '…'": what whoever was too
 * late with an action needs to know.
 */
export function describeState(run: RunRow): string {
  const since = run.state_changed_at.toISOString();
  if (run.state === 'cancelled') {
    return `was cancelled by ${
      run.cancel_requested_by ?? 'nobody'
    } at ${since}`;
  }
  if (isTerminalRunState(run.state)) {
    return `ended as ${run.state} at ${since}`;
  }
  switch (run.state) {
    case 'queued':
      return `is queued since ${since}, submitted by ${run.submitted_by}`;
    case 'cancelling':
      return `is being cancelled since ${since}, as ${
        run.cancel_requested_by ?? 'somebody'
      } asked`;
    default:
      return `is ${run.state} since ${since}, submitted by ${run.submitted_by}`;
  }
}
