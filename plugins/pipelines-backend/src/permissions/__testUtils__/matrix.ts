import type { ApiOperation } from '@millrace/backstage-plugin-pipelines-common';

/** What the policy says, or who asks: `own` and `other` are conditions on the owner. */
export const COLUMNS = [
  'allow',
  'deny',
  'own',
  'other',
  'service',
  'cookie',
  'nobody',
] as const;

/** One of {@link COLUMNS}. */
export type Column = (typeof COLUMNS)[number];
type Row = Record<Column, number>;

/** A single thing: what one may not see is not there. */
const ITEM: Row = {
  allow: 200,
  deny: 404,
  own: 200,
  other: 404,
  service: 200,
  cookie: 401,
  nobody: 401,
};
/** A list has nothing of others, and is forbidden to whoever may see nothing at all. */
const LIST: Row = { ...ITEM, deny: 403, other: 200 };
const OPEN: Row = {
  allow: 200,
  deny: 200,
  own: 200,
  other: 200,
  service: 200,
  cookie: 200,
  nobody: 200,
};
const SUBMIT: Row = { ...ITEM, allow: 201, own: 201, service: 201 };
/** Concerns every pipeline, so some are not enough. */
const EVERYTHING: Row = { ...ITEM, deny: 403, own: 403, other: 403 };
/** A reporter does not learn what there is. */
const REPORT: Row = { ...ITEM, deny: 403, other: 403 };
/** Views are people's, whatever runs they may see. */
const VIEW: Row = { ...LIST, service: 403 };
/** The signature of the request is good; without it everybody gets 401. */
const SIGNED: Row = {
  allow: 201,
  deny: 201,
  own: 201,
  other: 201,
  service: 201,
  cookie: 201,
  nobody: 201,
};

/** The status of each operation of the API for each caller; a missing operation does not compile. */
export const MATRIX: Record<ApiOperation, Row> = {
  listPipelines: LIST,
  getPipeline: ITEM,
  submitRun: SUBMIT,
  triggerRun: SUBMIT,
  listRuns: LIST,
  getRun: ITEM,
  cancelRun: ITEM,
  deleteRun: ITEM,
  updateRun: ITEM,
  pauseRun: ITEM,
  resumeRun: ITEM,
  retryRun: SUBMIT,
  listParameterSets: ITEM,
  listRunAttempts: ITEM,
  getRunNeighbours: ITEM,
  listRunSteps: ITEM,
  listRunEvents: ITEM,
  listRunOutputs: ITEM,
  // Of runs that one may not see there is nothing to do.
  bulkRuns: { ...SUBMIT, deny: 403, other: 400 },
  getBulk: ITEM,
  listBulkItems: ITEM,
  listRunArtifacts: ITEM,
  getArtifactContent: { ...ITEM, cookie: 200 },
  getRunLog: ITEM,
  searchRunLog: ITEM,
  getRunLogLines: ITEM,
  streamRun: ITEM,
  getRawRunLog: ITEM,
  previewRetention: LIST,
  getStats: LIST,
  getStatsByPipeline: LIST,
  getStatsHistory: LIST,
  getPipelineGrid: ITEM,
  getTimeline: LIST,
  listFailures: LIST,
  getFailure: ITEM,
  getRunFailure: ITEM,
  getRunChanges: ITEM,
  getUsualDuration: ITEM,
  resolveFailure: ITEM,
  ignoreFailure: ITEM,
  unresolveFailure: ITEM,
  listViews: VIEW,
  getView: VIEW,
  createView: { ...VIEW, allow: 201, own: 201, other: 201 },
  updateView: VIEW,
  deleteView: VIEW,
  listWorkers: LIST,
  getQueue: LIST,
  listQueuedRuns: LIST,
  pauseQueue: EVERYTHING,
  resumeQueue: EVERYTHING,
  clearQueue: LIST,
  pausePipeline: ITEM,
  resumePipeline: ITEM,
  drainWorker: EVERYTHING,
  undrainWorker: EVERYTHING,
  getPipelineTriggers: ITEM,
  backfillPipeline: ITEM,
  fireTrigger: SIGNED,
  getPipelineSettings: ITEM,
  savePipelineSettings: ITEM,
  listPipelineSettingsRevisions: ITEM,
  restorePipelineSettings: ITEM,
  getSettings: { ...LIST, other: 403 },
  saveSettings: EVERYTHING,
  listSettingsRevisions: { ...LIST, other: 403 },
  restoreSettings: EVERYTHING,
  reportRun: REPORT,
  reportSteps: REPORT,
  reportLog: REPORT,
  reportArtifact: REPORT,
  getHealth: OPEN,
  getOpenApi: OPEN,
};
