import type {
  API_ROUTES,
  ApiOperation,
} from '@millrace/backstage-plugin-pipelines-common';
import { signCall, type GoodRequest } from '../../__testUtils__/goodRequests';

/** An operation that changes something. */
export type Mutation = {
  [TName in ApiOperation]: (typeof API_ROUTES)[TName]['method'] extends 'get'
    ? never
    : TName;
}[ApiOperation];

/** How a mutation is on record. */
export interface OnRecord {
  /** What the audit calls it: noun and verb. */
  audit: [eventId: string, actionType: string];
  /** What is written with it, each different one once: `<table>: <name> by <actor>`. */
  written: string[];
}

const ME = 'user:default/mock';
const SUBMITTED = `run_events: submitted by ${ME}`;
const CANCELLED = `run_events: cancelled by ${ME}`;
const REVISION = `settings_revisions: revision by ${ME}`;

/** One for each mutation; a missing one does not compile. */
export const MUTATIONS: Record<Mutation, OnRecord> = {
  submitRun: { audit: ['run', 'submit'], written: [SUBMITTED] },
  triggerRun: { audit: ['run', 'submit'], written: [SUBMITTED] },
  cancelRun: { audit: ['run', 'cancel'], written: [CANCELLED] },
  deleteRun: { audit: ['run', 'cancel'], written: [CANCELLED] },
  updateRun: {
    audit: ['run', 'update'],
    written: [`run_events: note-changed by ${ME}`],
  },
  pauseRun: {
    audit: ['run', 'pause'],
    written: [`run_events: held by ${ME}`],
  },
  resumeRun: {
    audit: ['run', 'resume'],
    written: [`run_events: resumed by ${ME}`],
  },
  retryRun: {
    audit: ['run', 'retry'],
    written: [`run_events: retried by ${ME}`, SUBMITTED],
  },
  bulkRuns: { audit: ['run', 'bulk'], written: [SUBMITTED] },
  pauseQueue: {
    audit: ['queue', 'pause'],
    written: [`queue_events: queue-paused by ${ME}`],
  },
  resumeQueue: {
    audit: ['queue', 'resume'],
    written: [`queue_events: queue-resumed by ${ME}`],
  },
  clearQueue: {
    audit: ['queue', 'clear'],
    written: [`queue_events: queue-cleared by ${ME}`, CANCELLED],
  },
  pausePipeline: {
    audit: ['pipeline', 'pause'],
    written: [`queue_events: pipeline-paused by ${ME}`],
  },
  resumePipeline: {
    audit: ['pipeline', 'resume'],
    written: [`queue_events: pipeline-resumed by ${ME}`],
  },
  drainWorker: {
    audit: ['worker', 'drain'],
    written: [`queue_events: worker-drained by ${ME}`],
  },
  undrainWorker: {
    audit: ['worker', 'undrain'],
    written: [`queue_events: worker-undrained by ${ME}`],
  },
  resolveFailure: {
    audit: ['failure', 'resolve'],
    written: [`failure_events: resolved by ${ME}`],
  },
  ignoreFailure: {
    audit: ['failure', 'ignore'],
    written: [`failure_events: ignored by ${ME}`],
  },
  unresolveFailure: {
    audit: ['failure', 'unresolve'],
    written: [`failure_events: unresolved by ${ME}`],
  },
  createView: {
    audit: ['view', 'create'],
    written: [`view_events: created by ${ME}`],
  },
  updateView: {
    audit: ['view', 'update'],
    written: [`view_events: changed by ${ME}`],
  },
  deleteView: {
    audit: ['view', 'delete'],
    written: [`view_events: deleted by ${ME}`],
  },
  backfillPipeline: { audit: ['run', 'backfill'], written: [SUBMITTED] },
  fireTrigger: {
    audit: ['run', 'submit'],
    written: ['run_events: submitted by webhook:deploy'],
  },
  savePipelineSettings: { audit: ['settings', 'save'], written: [REVISION] },
  restorePipelineSettings: {
    audit: ['settings', 'restore'],
    written: [REVISION],
  },
  saveSettings: { audit: ['settings', 'save'], written: [REVISION] },
  restoreSettings: { audit: ['settings', 'restore'], written: [REVISION] },
  reportRun: {
    audit: ['run', 'report'],
    written: ['run_events: reported by reporter:cron'],
  },
  // What a run says of itself all the time is no event of its own.
  reportSteps: { audit: ['run', 'report-steps'], written: [] },
  reportLog: { audit: ['run', 'report-log'], written: [] },
  reportArtifact: { audit: ['run', 'report-artifact'], written: [] },
};

/** Requests that anybody may make and that fail, because of what they ask for. */
export const IMPOSSIBLE: [string, Mutation, number, Partial<GoodRequest>][] = [
  [
    'a submit of no pipeline',
    'submitRun',
    404,
    { body: { pipelineId: 'nope' } },
  ],
  [
    'a retry with parameters that do not fit',
    'retryRun',
    400,
    { body: { parameters: { surprise: 1 } } },
  ],
  [
    'a bulk action on another number',
    'bulkRuns',
    409,
    { body: { action: 'cancel', filter: {}, expected: 987 } },
  ],
  [
    'a pause that is over',
    'pauseQueue',
    400,
    { body: { until: '2020-01-01T00:00:00Z' } },
  ],
  [
    'a pause of a pipeline that is over',
    'pausePipeline',
    400,
    { body: { until: '2020-01-01T00:00:00Z' } },
  ],
  ['clearing another number', 'clearQueue', 409, { body: { expected: 987 } }],
  ['draining nobody', 'drainWorker', 404, { path: '/workers/nobody/drain' }],
  [
    'resolving what is no failure',
    'resolveFailure',
    404,
    { path: '/failures/0123456789abcdef/resolve' },
  ],
  [
    'ignoring a failure until a time that is over',
    'ignoreFailure',
    400,
    { body: { until: '2020-01-01T00:00:00Z' } },
  ],
  [
    'a backfill without a range',
    'backfillPipeline',
    400,
    { body: { from: '2026-01-05T00:00:00Z', to: '2026-01-05T00:00:00Z' } },
  ],
  [
    'settings over a revision that is not the newest',
    'savePipelineSettings',
    409,
    { body: { patch: {}, baseRevision: 987 } },
  ],
  [
    'settings of the portal over a revision that is not the newest',
    'saveSettings',
    409,
    { body: { patch: {}, baseRevision: 987 } },
  ],
  [
    'a revision that there is not',
    'restoreSettings',
    404,
    {
      path: '/settings/revisions/987/restore',
      body: { baseRevision: 0 },
    },
  ],
  [
    'a view of somebody else',
    'createView',
    403,
    {
      body: {
        page: 'runs',
        name: 'x',
        query: '',
        owner: 'user:default/other',
      },
    },
  ],
  [
    'a view over a revision that is not the newest',
    'updateView',
    409,
    {
      body: {
        name: 'x',
        query: '',
        owner: 'user:default/mock',
        revision: 987,
      },
    },
  ],
  [
    'deleting what is no view',
    'deleteView',
    404,
    { path: '/views/00000000-0000-7000-8000-000000000000' },
  ],
  [
    'a report of a pipeline that is not the reporter’s',
    'reportRun',
    403,
    { body: { pipelineId: 'nope', state: 'running' } },
  ],
  [
    'steps of a run that was not reported',
    'reportSteps',
    404,
    { path: '/runs/external/cron/nope/steps' },
  ],
  [
    'a call that is signed and no object',
    'fireTrigger',
    400,
    { body: Buffer.from('[]'), headers: signCall('[]') },
  ],
];
