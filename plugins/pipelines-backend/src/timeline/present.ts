import {
  isActiveRunState,
  type GridRun,
  type GridStep,
  type Run,
  type TimelineRun,
} from '@millrace/backstage-plugin-pipelines-common';
import type { GridRunRow } from './operations/readGridSteps';
import type { TimelineRunRow } from './operations/readTimelineRuns';

/** A column of the grid, as the API has it. */
export function presentGridRun(
  run: Run,
  row: GridRunRow,
  order: ReadonlyMap<string, number>,
): GridRun {
  const { id, title, state, trigger, attempt } = run;
  const { queuedAt, startedAt, finishedAt } = run;
  return {
    id,
    title,
    state,
    trigger,
    attempt,
    queuedAt,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
    settingsRevision: row.settings_revision,
    steps: row.steps.map(step => presentGridStep(step, order)),
  };
}

function presentGridStep(
  step: GridRunRow['steps'][number],
  order: ReadonlyMap<string, number>,
): GridStep {
  const iso = (at: string) => new Date(at).toISOString();
  return {
    step: order.get(step.name) ?? 0,
    state: step.state,
    ...(step.startedAt && { startedAt: iso(step.startedAt) }),
    ...(step.finishedAt && { finishedAt: iso(step.finishedAt) }),
  };
}

/** A run of the timeline, as the API has it; one whose end nobody told has none but its start. */
export function presentTimelineRun(row: TimelineRunRow): TimelineRun {
  const start = row.started_at.getTime();
  const end =
    row.finished_at?.getTime() ??
    (isActiveRunState(row.state) ? undefined : start);
  return {
    id: row.id,
    state: row.state,
    start,
    ...(end !== undefined && { end: Math.max(start, end) }),
  };
}
