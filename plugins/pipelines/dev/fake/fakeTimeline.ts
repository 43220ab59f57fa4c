import type {
  GridRun,
  PipelineGrid,
  RunDetail,
  Timeline,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakeBackend } from './FakeBackend';
import type { FakeRoute } from './FakeRoute';
import { stepsOf } from './runParts';

/** Runs side by side, over the runs of the fake backend. */
export function timelineRoutes(backend: FakeBackend): FakeRoute[] {
  return [
    [
      /^GET \/pipelines\/([^/]+)\/grid$/,
      ({ query }, id) => gridOf(backend, id, query),
    ],
    [/^GET \/timeline$/, ({ query }) => timelineOf(backend, query)],
  ];
}

function gridOf(
  backend: FakeBackend,
  pipelineId: string,
  query: URLSearchParams,
): PipelineGrid {
  const oneOf = (name: string, value: string) =>
    query.get(name)?.split(',').includes(value) ?? true;
  const runs = backend.runs
    .filter(
      run =>
        run.pipelineId === pipelineId &&
        oneOf('state', run.state) &&
        oneOf('trigger', run.trigger),
    )
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, Number(query.get('limit') ?? 25));
  const steps = [
    ...new Set(runs.flatMap(run => stepsOf(run).map(({ name }) => name))),
  ];
  return {
    asOf: new Date().toISOString(),
    steps,
    runs: runs.map(run => gridRunOf(run, steps)),
  };
}

function gridRunOf(run: RunDetail, steps: string[]): GridRun {
  const { id, title, state, trigger, attempt } = run;
  const { queuedAt, startedAt, finishedAt } = run;
  return {
    id,
    title,
    state,
    trigger,
    attempt,
    queuedAt,
    startedAt,
    finishedAt,
    settingsRevision: Number(run.labels.revision ?? 0),
    steps: stepsOf(run).map(step => ({
      step: steps.indexOf(step.name),
      state: step.state,
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
    })),
  };
}

function timelineOf(backend: FakeBackend, query: URLSearchParams): Timeline {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const oneOf = (name: string, value: string | undefined) =>
    query
      .get(name)
      ?.split(',')
      .includes(value ?? '') ?? true;
  const spans = backend.runs
    .filter(({ startedAt, state }) => startedAt && oneOf('state', state))
    .map(run => ({
      pipelineId: run.pipelineId,
      id: run.id,
      state: run.state,
      start: Date.parse(run.startedAt ?? ''),
      end: run.finishedAt ? Date.parse(run.finishedAt) : undefined,
    }))
    .filter(({ start, end }) => start < toMs && (end ?? Infinity) >= fromMs);
  return {
    from,
    to,
    asOf: new Date().toISOString(),
    hasMorePipelines: false,
    pipelines: backend.pipelines
      .filter(({ id, owner }) => oneOf('pipeline', id) && oneOf('owner', owner))
      .map(({ id, title, owner, schedule }) => {
        const next = Date.parse(schedule?.nextAt ?? '');
        return {
          id,
          title,
          owner,
          runs: spans
            .filter(({ pipelineId }) => pipelineId === id)
            .map(({ pipelineId, ...run }) => run)
            .sort((a, b) => a.start - b.start),
          planned: next < toMs ? [next] : [],
          expectedMs: next < toMs ? 90_000 : undefined,
        };
      }),
  };
}
