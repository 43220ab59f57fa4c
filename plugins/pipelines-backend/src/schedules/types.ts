import type { TransactionOptions } from '../database';
import type { SubmittedRun, SubmitRunOptions } from '../runs';

/** What the triggers need of the room that knows of runs. */
export interface RunSubmitter {
  submitRun(
    options: SubmitRunOptions,
    transaction?: TransactionOptions,
  ): Promise<SubmittedRun>;
}

/** The label with which a run says which planned start it is for, as ISO 8601 in UTC. */
export const SCHEDULED_FOR_LABEL = 'scheduled-for';

/** The label with which a run says which run it follows. */
export const CAUSED_BY_LABEL = 'caused-by';
