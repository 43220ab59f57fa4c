import {
  isTerminalRunState,
  type RunDetail,
  type Waiting,
} from '@millrace/backstage-plugin-pipelines-common';
import { type FakeBackend } from './FakeBackend';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';
import { runFactory } from './runFactory';

const SELF = 'user:default/ada';
const PARAMETER_SETS = 5;

/** What `GET /runs/{id}` answers: a queued run also says why it waits. */
export function detailOf(run: RunDetail): RunDetail {
  return run.state === 'queued' && !run.waiting
    ? { ...run, waiting: waitingOf(run) }
    : run;
}

function waitingOf(run: RunDetail): Waiting {
  if (run.pauseRequest) {
    const { by, at } = run.pauseRequest;
    return { reason: 'held', by, since: at };
  }
  return Date.parse(run.runAt) > Date.now()
    ? { reason: 'start-time', until: run.runAt }
    : { reason: 'slot', active: 4, max: 4 };
}

/** What people do to one run, as the backend would do it. */
export function actionRoutes(backend: FakeBackend): FakeRoute[] {
  return [
    [
      /^POST \/runs\/([^/]+)\/pause$/,
      (request, id) => pauseRun(backend, id, request),
    ],
    [/^POST \/runs\/([^/]+)\/resume$/, (_, id) => resumeRun(backend, id)],
    [
      /^POST \/runs\/([^/]+)\/retry$/,
      (request, id) => retryRun(backend, id, request),
    ],
    [
      /^PATCH \/runs\/([^/]+)$/,
      (request, id) => updateRun(backend, id, request),
    ],
    [
      /^GET \/pipelines\/([^/]+)\/parameter-sets$/,
      (_, id) => ({ items: parameterSetsOf(backend, id) }),
    ],
  ];
}

function conflict(run: RunDetail, verb: string): FakeFailure {
  return new FakeFailure(
    409,
    'ConflictError',
    `Run '${run.id}' is ${run.state}, so it cannot be ${verb}`,
  );
}

function pauseRun(backend: FakeBackend, id: string, request: FakeRequest) {
  const run = backend.run(id);
  if (isTerminalRunState(run.state) || run.state === 'cancelling') {
    throw conflict(run, 'paused');
  }
  const freezes = run.state !== 'queued' && run.capabilities?.pause === true;
  backend.update(id, {
    state: freezes ? 'paused' : run.state,
    stateChangedAt: new Date().toISOString(),
    pauseRequest: {
      at: new Date().toISOString(),
      by: SELF,
      reason: request.body?.reason as string | undefined,
    },
  });
  return { id, state: backend.run(id).state };
}

function resumeRun(backend: FakeBackend, id: string) {
  const run = backend.run(id);
  if (!run.pauseRequest) {
    throw conflict(run, 'resumed');
  }
  backend.update(id, {
    state: run.state === 'paused' ? 'running' : run.state,
    pauseRequest: undefined,
    waiting: undefined,
  });
  return { id, state: backend.run(id).state };
}

function retryRun(backend: FakeBackend, id: string, request: FakeRequest) {
  const from = backend.run(id);
  if (!isTerminalRunState(from.state)) {
    throw conflict(from, 'retried');
  }
  const { parameters, labels, note, priority, fromFailedStep } =
    request.body ?? {};
  const run = runFactory.queued({
    ageMs: 0,
    pipelineId: from.pipelineId,
    pipelineTitle: from.pipelineTitle,
    title: from.title,
    trigger: 'retry',
    retryOf: id,
    resumedFrom: fromFailedStep ? from.resumableFrom : undefined,
    parameters: (parameters ?? from.parameters) as Record<string, unknown>,
    labels: (labels ?? from.labels) as Record<string, string>,
    note: (note ?? from.note) as string | undefined,
    priority: (priority ?? from.priority) as number,
  });
  backend.add(run);
  return { id: run.id, state: run.state };
}

function updateRun(backend: FakeBackend, id: string, request: FakeRequest) {
  const run = backend.run(id);
  const { priority, toFront, runAt, labels, note } = request.body ?? {};
  const isPlace =
    priority !== undefined || toFront !== undefined || runAt !== undefined;
  if (isPlace && run.state !== 'queued') {
    throw conflict(run, 'moved');
  }
  const highest = Math.max(
    ...backend.runs
      .filter(({ state }) => state === 'queued')
      .map(other => other.priority),
  );
  const to = toFront ? highest + 1 : (priority as number | undefined);
  if (to !== undefined) {
    const known = backend.events.get(id) ?? [];
    const details = { from: run.priority, to, ...(toFront ? { toFront } : {}) };
    backend.events.set(id, [
      {
        at: new Date().toISOString(),
        kind: 'action',
        name: 'priority-changed',
        actor: 'user:default/ada',
        details,
      },
      ...known,
    ]);
  }
  backend.update(id, {
    ...(to !== undefined ? { priority: to } : {}),
    ...(runAt === 'now' ? { runAt: new Date().toISOString() } : {}),
    ...(labels ? { labels: labels as Record<string, string> } : {}),
    ...(note !== undefined ? { note: (note as string) || undefined } : {}),
  });
  return { id, state: run.state };
}

function parameterSetsOf(backend: FakeBackend, pipelineId: string) {
  const seen = new Set<string>();
  return backend.runs
    .filter(run => run.pipelineId === pipelineId)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .filter(({ parameters }) => {
      const text = JSON.stringify(parameters);
      const isNew = !seen.has(text);
      seen.add(text);
      return isNew;
    })
    .slice(0, PARAMETER_SETS)
    .map(({ id, title, submittedBy, queuedAt, parameters, labels }) => ({
      runId: id,
      title,
      submittedBy,
      queuedAt,
      parameters,
      labels,
    }));
}
