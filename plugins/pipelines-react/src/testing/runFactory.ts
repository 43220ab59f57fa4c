import type {
  RunDetail,
  RunState,
  RunStep,
} from '@millrace/backstage-plugin-pipelines-common';

const BASE: RunDetail = {
  id: '01890000-0000-7000-8000-000000000001',
  pipelineId: 'transcode',
  pipelineTitle: 'Transcode',
  title: 'Transcode clip.mp4',
  state: 'running',
  origin: 'own',
  trigger: 'manual',
  submittedBy: 'user:default/anna',
  labels: {},
  priority: 0,
  attempt: 1,
  maxAttempts: 1,
  queuedAt: '2026-10-01T12:00:00.000Z',
  runAt: '2026-10-01T12:00:00.000Z',
  startedAt: '2026-10-01T12:00:02.000Z',
  stateChangedAt: '2026-10-01T12:00:02.000Z',
  parameters: {},
  metrics: [],
  stopGraceSeconds: 10,
};

/** A run in a state, for tests. @internal */
export function aRun(
  state: RunState = 'running',
  more: Partial<RunDetail> = {},
): RunDetail {
  return { ...BASE, state, ...more };
}

/** A step of it; times are seconds after 12:00:00. @internal */
export function aStep(
  name: string,
  state: RunStep['state'],
  fromSecond?: number,
  toSecond?: number,
): RunStep {
  const at = (second: number | undefined) =>
    second === undefined
      ? undefined
      : new Date(Date.parse(BASE.queuedAt) + second * 1_000).toISOString();
  return {
    attempt: 1,
    position: 0,
    name,
    state,
    startedAt: at(fromSecond),
    finishedAt: at(toSecond),
  };
}
