import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { uuidAt } from './ids';

const MINUTE_MS = 60_000;

/** What a made up run should be like, besides its state. */
export type RunOverrides = Partial<RunDetail> & {
  /** How long ago it was submitted, ms. */
  ageMs?: number;
  /** How long it executed, ms; for runs that are over. */
  tookMs?: number;
  /** How long it waited in the queue, ms. */
  waitedMs?: number;
};

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function make(
  state: RunDetail['state'],
  defaults: RunOverrides,
  overrides: RunOverrides,
): RunDetail {
  const {
    ageMs = 5 * MINUTE_MS,
    tookMs = 90_000,
    waitedMs = 800,
    ...fields
  } = { ...defaults, ...overrides };
  const queuedAtMs = Date.now() - ageMs;
  const startedAtMs = queuedAtMs + waitedMs;
  const isStarted = state !== 'queued';
  const isOver = ['succeeded', 'failed', 'timed_out', 'cancelled', 'lost'];
  const finishedAt = isOver.includes(state)
    ? iso(startedAtMs + tookMs)
    : undefined;
  return {
    id: uuidAt(queuedAtMs),
    pipelineId: 'ingest-meetings',
    pipelineTitle: 'Ingest meeting summaries',
    title: 'Ingest https://archive.example.org/meetings/2025.json',
    state,
    origin: 'own',
    trigger: 'manual',
    submittedBy: 'user:default/ada',
    labels: {},
    priority: 0,
    attempt: isStarted ? 1 : 0,
    maxAttempts: 3,
    queuedAt: iso(queuedAtMs),
    runAt: iso(queuedAtMs),
    startedAt: isStarted ? iso(startedAtMs) : undefined,
    finishedAt,
    stateChangedAt: finishedAt ?? iso(isStarted ? startedAtMs : queuedAtMs),
    workerId: isStarted ? 'portal-1' : undefined,
    pipelineVersion: '1.0.0',
    parameters: { url: 'https://archive.example.org/meetings/2025.json' },
    owner: 'group:default/data-platform',
    entity: 'component:default/meeting-archive',
    capabilities: { cancel: true, pause: true, logs: true, artifacts: true },
    metrics: [],
    stopGraceSeconds: 10,
    ...fields,
  };
}

/** Makes one run per state; every field can be overridden. */
export const runFactory = {
  queued: (overrides: RunOverrides = {}) =>
    make('queued', { ageMs: 40_000 }, overrides),
  starting: (overrides: RunOverrides = {}) =>
    make('starting', { ageMs: 2_000 }, overrides),
  running: (overrides: RunOverrides = {}) =>
    make(
      'running',
      {
        ageMs: 2 * MINUTE_MS,
        progress: 0.42,
        progressMessage: '142 of 338 records',
        currentStep: 'load',
      },
      overrides,
    ),
  paused: (overrides: RunOverrides = {}) =>
    make(
      'paused',
      {
        ageMs: 5 * MINUTE_MS,
        progress: 0.42,
        currentStep: 'load',
        stateChangedAt: iso(Date.now() - MINUTE_MS),
        pauseRequest: {
          at: iso(Date.now() - MINUTE_MS),
          by: 'user:default/noor',
          reason: 'The archive is being moved',
        },
        pausedMs: 20_000,
      },
      overrides,
    ),
  held: (overrides: RunOverrides = {}) =>
    make(
      'queued',
      {
        ageMs: 3 * MINUTE_MS,
        pauseRequest: {
          at: iso(Date.now() - MINUTE_MS),
          by: 'user:default/noor',
        },
      },
      overrides,
    ),
  cancelling: (overrides: RunOverrides = {}) =>
    make(
      'cancelling',
      {
        ageMs: MINUTE_MS,
        currentStep: 'load',
        cancelRequest: {
          at: iso(Date.now() - 4_000),
          by: 'user:default/noor',
          reason: 'Wrong file',
          force: false,
        },
      },
      overrides,
    ),
  succeeded: (overrides: RunOverrides = {}) =>
    make(
      'succeeded',
      { progress: 1, summary: '338 records read, 338 loaded, 12 warnings' },
      overrides,
    ),
  failed: (overrides: RunOverrides = {}) =>
    make(
      'failed',
      {
        attempt: 3,
        error: {
          kind: 'exit',
          message:
            'It ended with exit code 2: The source answered 502 Bad Gateway for https://archive.example.org/meetings/2025.json',
          step: 'download',
          exitCode: 2,
        },
      },
      overrides,
    ),
  timedOut: (overrides: RunOverrides = {}) =>
    make(
      'timed_out',
      {
        tookMs: 30 * MINUTE_MS,
        ageMs: 50 * MINUTE_MS,
        error: {
          kind: 'timeout',
          message: 'Ran longer than 30 minutes',
          step: 'load',
        },
      },
      overrides,
    ),
  cancelled: (overrides: RunOverrides = {}) =>
    make(
      'cancelled',
      {
        cancelRequest: {
          at: iso(Date.now() - 3 * MINUTE_MS),
          by: 'user:default/noor',
          reason: 'Wrong file',
          force: false,
        },
      },
      overrides,
    ),
  lost: (overrides: RunOverrides = {}) =>
    make(
      'lost',
      {
        error: {
          kind: 'lost',
          message: "Worker 'portal-2' stopped answering",
          step: 'load',
        },
        workerId: 'portal-2',
      },
      overrides,
    ),
};
