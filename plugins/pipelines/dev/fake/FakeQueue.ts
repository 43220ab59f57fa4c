import {
  isActiveRunState,
  type Pause,
  type PipelineQueue,
  type Queue,
  type QueuedRun,
  type RunDetail,
  type Waiting,
  type Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakeBackend } from './FakeBackend';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';
import type { FakePipeline } from './pipelines';

const SELF = 'user:default/ada';
const MINUTE_MS = 60_000;
const HEARTBEAT_MS = 5_000;
const LEASE_MS = 15_000;

const now = () => new Date().toISOString();

/** A made up worker; the run that its id leads to are its own. */
export function makeWorker(
  overrides: Partial<Worker> & { id: string },
): Worker {
  return {
    host: 'portal.example.org',
    state: 'active',
    slots: 2,
    runIds: [],
    busySlots: 0,
    version: '0.1.0',
    startedAt: new Date(Date.now() - 26 * 60 * MINUTE_MS).toISOString(),
    heartbeatAt: now(),
    ...overrides,
  };
}

/** The queue of a backend in memory: pauses, limits, workers and why each run waits. */
export class FakeQueue {
  paused?: Pause;
  workers: Worker[] = [];
  readonly #backend: FakeBackend;

  constructor(backend: FakeBackend) {
    this.#backend = backend;
  }

  routes(): FakeRoute[] {
    return [
      [/^GET \/queue$/, () => this.#read()],
      [/^GET \/queue\/runs$/, ({ query }) => this.#listRuns(query)],
      [
        /^POST \/queue\/pause$/,
        request => {
          this.paused = pauseOf(request);
          return { paused: this.paused };
        },
      ],
      [
        /^POST \/queue\/resume$/,
        () => {
          this.paused = undefined;
          return {};
        },
      ],
      [/^POST \/queue\/clear$/, ({ body = {} }) => this.#clear(body)],
      [
        /^POST \/pipelines\/([^/]+)\/pause$/,
        (request, id) => {
          const pipeline = this.#backend.pipeline(id);
          pipeline.paused = pauseOf(request);
          return { paused: pipeline.paused };
        },
      ],
      [
        /^POST \/pipelines\/([^/]+)\/resume$/,
        (_, id) => {
          this.#backend.pipeline(id).paused = undefined;
          return {};
        },
      ],
      [/^GET \/workers$/, () => ({ items: this.#listWorkers() })],
      [
        /^POST \/workers\/([^/]+)\/drain$/,
        (_, id) =>
          this.#changeWorker(id, {
            state: 'draining',
            drained: { by: SELF, at: now() },
          }),
      ],
      [
        /^POST \/workers\/([^/]+)\/undrain$/,
        (_, id) =>
          this.#changeWorker(id, { state: 'active', drained: undefined }),
      ],
    ];
  }

  #queued(): RunDetail[] {
    return this.#backend.runs
      .filter(({ state }) => state === 'queued')
      .sort(
        (a, b) => b.priority - a.priority || a.runAt.localeCompare(b.runAt),
      );
  }

  #running(pipelineId?: string): RunDetail[] {
    return this.#backend.runs.filter(
      run =>
        isActiveRunState(run.state) &&
        run.state !== 'queued' &&
        (pipelineId === undefined || run.pipelineId === pipelineId),
    );
  }

  #read(): Queue {
    const queued = this.#queued();
    const due = queued.filter(isDue);
    const waits = due.map(({ runAt }) => Date.now() - Date.parse(runAt));
    const open = this.workers.filter(({ state }) => state === 'active');
    return {
      asOf: now(),
      paused: this.paused,
      queued: queued.length,
      due: due.length,
      running: this.#running().length,
      slots: open.reduce((sum, { slots }) => sum + slots, 0),
      limit: this.#backend.settings.portalLimit(),
      oldestWaitMs: waits.length > 0 ? Math.max(...waits) : undefined,
      startedLastMinute: this.#backend.runs.filter(
        ({ startedAt }) =>
          startedAt && Date.now() - Date.parse(startedAt) < MINUTE_MS,
      ).length,
      pipelines: this.#backend.pipelines
        .map(pipeline => this.#ofPipeline(pipeline))
        .filter(
          ({ queued: waiting, running, limit, paused }) =>
            waiting + running > 0 || limit !== undefined || paused,
        )
        .sort((a, b) => a.title.localeCompare(b.title)),
    };
  }

  #ofPipeline(pipeline: FakePipeline): PipelineQueue {
    const { id, title, owner, paused } = pipeline;
    const queued = this.#queued().filter(({ pipelineId }) => pipelineId === id);
    return {
      pipelineId: id,
      title,
      owner,
      queued: queued.length,
      due: queued.filter(isDue).length,
      running: this.#running(id).length,
      limit: pipeline.concurrency?.limit,
      paused,
    };
  }

  #listRuns(query: URLSearchParams) {
    const wanted = query.get('pipeline')?.split(',');
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('cursor') ?? 0);
    const all = this.#queued()
      .map(
        (run, index): QueuedRun => ({
          run,
          position: index + 1,
          waiting: this.#waiting(run),
        }),
      )
      .filter(({ run }) => !wanted || wanted.includes(run.pipelineId));
    return {
      items: all.slice(from, from + limit),
      nextCursor: from + limit < all.length ? String(from + limit) : undefined,
    };
  }

  #waiting(run: RunDetail): Waiting {
    const pipeline = this.#backend.pipelines.find(
      ({ id }) => id === run.pipelineId,
    );
    const limit = pipeline?.concurrency?.limit;
    const running = this.#running(run.pipelineId).length;
    if (run.waiting) {
      return run.waiting;
    }
    if (run.pauseRequest) {
      const { by, at, reason } = run.pauseRequest;
      return { reason: 'held', by, since: at, pauseReason: reason };
    }
    if (!isDue(run)) {
      return { reason: 'start-time', until: run.runAt };
    }
    if (this.paused) {
      return waitingFor('queue-paused', this.paused);
    }
    if (pipeline?.paused) {
      return waitingFor('pipeline-paused', pipeline.paused);
    }
    if (this.workers.every(({ state }) => state !== 'active')) {
      return { reason: 'no-worker' };
    }
    return limit !== undefined && running >= limit
      ? { reason: 'pipeline-limit', active: running, max: limit }
      : { reason: 'slot' };
  }

  #clear(body: Record<string, unknown>) {
    const wanted = body.pipeline as string[] | undefined;
    const queued = this.#queued();
    const chosen = queued.filter(
      ({ pipelineId, trigger }) =>
        (!wanted || wanted.includes(pipelineId)) &&
        (body.scheduledRuns === 'drop' || trigger !== 'schedule'),
    );
    if (body.expected !== undefined && body.expected !== chosen.length) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `${chosen.length} runs would be cancelled, not ${body.expected}; look again and confirm the new number`,
      );
    }
    if (!body.dryRun) {
      for (const { id } of chosen) {
        this.#backend.update(id, { state: 'cancelled', finishedAt: now() });
      }
    }
    const scope = queued.filter(
      ({ pipelineId }) => !wanted || wanted.includes(pipelineId),
    );
    return { cancelled: chosen.length, kept: scope.length - chosen.length };
  }

  #listWorkers(): Worker[] {
    return this.workers.map(worker => {
      const runIds = this.#running()
        .filter(({ workerId }) => workerId === worker.id)
        .map(({ id }) => id);
      const isSilent = worker.state === 'silent';
      return {
        ...worker,
        heartbeatAt: isSilent
          ? worker.heartbeatAt
          : new Date(Date.now() - (Date.now() % HEARTBEAT_MS)).toISOString(),
        runIds: worker.runIds.length > 0 ? worker.runIds : runIds,
        busySlots: Math.max(worker.busySlots, runIds.length),
      };
    });
  }

  #changeWorker(id: string, fields: Partial<Worker>): Worker {
    const worker = this.workers.find(one => one.id === id);
    if (!worker) {
      throw new FakeFailure(404, 'NotFoundError', `No worker '${id}'`);
    }
    Object.assign(worker, fields);
    return worker;
  }
}

function pauseOf({ body = {} }: FakeRequest): Pause {
  return {
    by: SELF,
    at: now(),
    reason: body.reason as string | undefined,
    until: body.until as string | undefined,
    scheduledRuns: (body.scheduledRuns ?? 'keep') as Pause['scheduledRuns'],
  };
}

function waitingFor(reason: Waiting['reason'], pause: Pause): Waiting {
  const { by, at, until, reason: pauseReason } = pause;
  return { reason, by, since: at, until, pauseReason };
}

function isDue({ runAt }: RunDetail): boolean {
  return Date.parse(runAt) <= Date.now();
}

/** Workers of the dev app: one at work, one that drains, one that fell silent. */
export function demoWorkers(): Worker[] {
  return [
    makeWorker({ id: 'portal-1', slots: 4 }),
    makeWorker({
      id: 'worker-b',
      host: 'worker-b.example.org',
      state: 'draining',
      busySlots: 1,
      drained: { by: 'user:default/noor', at: now() },
    }),
    makeWorker({
      id: 'worker-c',
      host: 'worker-c.example.org',
      state: 'silent',
      version: '0.0.9',
      heartbeatAt: new Date(Date.now() - LEASE_MS - 3_000).toISOString(),
    }),
  ];
}
