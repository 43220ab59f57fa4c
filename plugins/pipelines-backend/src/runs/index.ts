export { assertStorable } from './assertStorable';
export { AttemptRecorder } from './AttemptRecorder';
export { AuthorizedRunsService } from './AuthorizedRunsService';
export { cleanText } from './cleanText';
export { type SubmittedRun } from './DatabaseRunsStore';
export { describeState } from './describeState';
export { appendEvent, type NewRunEvent } from './operations/appendEvent';
export type { RunCandidate } from './operations/listCandidates';
export { RUN_LIST_COLUMNS, type RunListRow } from './operations/listRuns';
export { lockLease } from './operations/lockLease';
export { lockRun } from './operations/lockRun';
export { presentRun } from './present';
export { readRetentionConfig } from './readRetentionConfig';
export { retentionOf } from './retention';
export { createRunsRouter } from './routes';
export { RunsService, type RunIdentity } from './RunsService';
export { MakePartitionsTask } from './tasks/MakePartitionsTask';
export { PruneRunsTask } from './tasks/PruneRunsTask';
export {
  LeaseLostError,
  type Actor,
  type Lease,
  type RetryRequest,
  type RunAction,
  type RunRow,
  type SecretParameters,
  type SubmitRunOptions,
} from './types';
export { uuidAt, uuidTime } from './uuidAt';
