import type {
  LogLine,
  RunArtifact,
  RunAttempt,
  RunDetail,
  RunEvent,
  RunOutput,
  RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import { INSIGHTS_ID, insightsOutputs } from './controlDemo';
import { uuidAt } from './ids';

const STEP_NAMES: Record<string, string[]> = {
  'ingest-meetings': ['download', 'validate', 'load', 'summarize'],
  transcode: ['probe', 'encode', 'thumbnail'],
};

function at(run: RunDetail, offsetMs: number): string {
  return new Date(
    Date.parse(run.startedAt ?? run.queuedAt) + offsetMs,
  ).toISOString();
}

/** The steps that a run in this state would show. */
export function stepsOf(run: RunDetail): RunStep[] {
  const names = STEP_NAMES[run.pipelineId] ?? [];
  if (!run.startedAt || names.length === 0) {
    return [];
  }
  const end = Date.parse(run.finishedAt ?? new Date().toISOString());
  const total = end - Date.parse(run.startedAt);
  const current = run.error?.step ?? run.currentStep;
  const currentIndex = current ? names.indexOf(current) : names.length;
  return names.map((name, position) => {
    const isCurrent = position === currentIndex;
    const isDone = position < currentIndex;
    const share = total / (Math.min(currentIndex, names.length - 1) + 1);
    const endState = run.state === 'cancelled' ? 'cancelled' : 'failed';
    const activeState = isTerminalRunState(run.state) ? endState : 'running';
    const waitingState = isTerminalRunState(run.state) ? 'skipped' : 'pending';
    const startedState = isCurrent ? activeState : 'succeeded';
    return {
      attempt: run.attempt,
      position,
      name,
      state: isDone || isCurrent ? startedState : waitingState,
      message: isCurrent && run.error ? run.error.message : undefined,
      startedAt: isDone || isCurrent ? at(run, share * position) : undefined,
      finishedAt:
        isDone || (isCurrent && run.finishedAt)
          ? at(run, share * (position + 1))
          : undefined,
    };
  });
}

/** The attempts of a run, newest first. */
export function attemptsOf(run: RunDetail): RunAttempt[] {
  return Array.from({ length: run.attempt }, (_, index) => {
    const attempt = run.attempt - index;
    const isLatest = index === 0;
    return {
      attempt,
      state: isLatest ? latestAttemptState(run) : 'failed',
      reason: isLatest ? run.error?.message : 'Exit code 2',
      workerId: run.workerId ?? 'portal-1',
      host: 'portal.example.org',
      claimedAt: at(run, 0),
      startedAt: at(run, 40),
      finishedAt: isLatest ? run.finishedAt : at(run, 9_000),
      exitCode: isLatest ? run.error?.exitCode : 2,
      logLines: 240,
      logBytes: 18_400,
    };
  });
}

function latestAttemptState(run: RunDetail): RunAttempt['state'] {
  if (isTerminalRunState(run.state)) {
    return run.state as RunAttempt['state'];
  }
  return run.state === 'starting' ? 'starting' : 'running';
}

/** What happened to a run, newest first. */
export function eventsOf(
  run: RunDetail,
  more: readonly Omit<RunEvent, 'seq'>[] = [],
): RunEvent[] {
  const events: Omit<RunEvent, 'seq'>[] = [
    {
      at: run.queuedAt,
      kind: 'transition',
      name: 'submitted',
      to: 'queued',
      actor: run.submittedBy,
      reason: run.note,
    },
  ];
  if (run.startedAt) {
    events.push(
      {
        at: at(run, 0),
        kind: 'transition',
        name: 'claimed',
        from: 'queued',
        to: 'starting',
        attempt: run.attempt,
        actor: 'worker:portal-1',
      },
      {
        at: at(run, 40),
        kind: 'transition',
        name: 'started',
        from: 'starting',
        to: 'running',
        attempt: run.attempt,
        actor: 'worker:portal-1',
      },
    );
  }
  if (run.cancelRequest) {
    events.push({
      at: run.cancelRequest.at,
      kind: 'action',
      name: 'cancel-requested',
      attempt: run.attempt,
      actor: run.cancelRequest.by,
      reason: run.cancelRequest.reason,
    });
  }
  if (run.finishedAt) {
    events.push({
      at: run.finishedAt,
      kind: 'transition',
      name: 'finished',
      from: 'running',
      to: run.state,
      attempt: run.attempt,
      actor: 'worker:portal-1',
      reason: run.error?.message,
    });
  }
  return [...events, ...[...more].reverse()]
    .map((event, index) => ({ ...event, seq: index + 1 }))
    .reverse();
}

/** The JSON documents of a run. */
export function outputsOf(run: RunDetail): RunOutput[] {
  if (run.state !== 'succeeded') {
    return [];
  }
  if (run.pipelineId === INSIGHTS_ID) {
    return insightsOutputs(run);
  }
  const json =
    run.pipelineId === 'transcode'
      ? {
          codec: 'h264',
          bitrateKbps: 2_480,
          resolution: '1280x720',
          durationSeconds: 60,
        }
      : {
          read: 338,
          loaded: 338,
          duplicatesAvoided: 0,
          refused: [],
          warnings: { 'due-date-unparsable': 9, 'decision-without-text': 3 },
        };
  return [
    {
      attempt: run.attempt,
      name: 'summary',
      json,
      createdAt: run.finishedAt ?? run.queuedAt,
    },
  ];
}

/** The files of a run. */
export function artifactsOf(run: RunDetail): RunArtifact[] {
  if (run.state !== 'succeeded') {
    return [];
  }
  const createdAt = run.finishedAt ?? run.queuedAt;
  const base = { attempt: run.attempt, createdAt };
  const sha256 = 'a3f1c09e5b7d2468'.repeat(4);
  if (run.pipelineId === 'transcode') {
    return [
      {
        ...base,
        id: uuidAt(1),
        name: 'clip-live_stream.mp4',
        mediaType: 'video/mp4',
        bytes: 18_874_368,
        sha256,
        preview: 'video',
      },
      {
        ...base,
        id: uuidAt(2),
        name: 'thumbnail.png',
        mediaType: 'image/png',
        bytes: 48_213,
        sha256,
        preview: 'image',
      },
    ];
  }
  return [
    {
      ...base,
      id: uuidAt(3),
      name: 'report.txt',
      mediaType: 'text/plain',
      bytes: 2_311,
      sha256,
      preview: 'text',
    },
    {
      ...base,
      id: uuidAt(4),
      name: 'refused.parquet',
      mediaType: 'application/octet-stream',
      bytes: 90_112,
      sha256,
    },
  ];
}

/** The log of a run. */
export function logOf(run: RunDetail): LogLine[] {
  const count = run.startedAt ? 240 : 0;
  return Array.from({ length: count }, (_, number) => ({
    number,
    stream: number % 37 === 36 ? 'stderr' : 'stdout',
    text: logText(run, number, count),
    at: at(run, number * 200),
  }));
}

function logText(run: RunDetail, number: number, count: number): string {
  if (number === count - 1 && run.error) {
    return `\u001b[31merror\u001b[0m ${run.error.message}`;
  }
  if (number % 37 === 36) {
    return `\u001b[33mwarn\u001b[0m  record ${number}: due date '31.02.2025' is not a date, kept as text`;
  }
  return `\u001b[90minfo\u001b[0m  record ${number}: loaded (3 attendees, 2 decisions)`;
}
