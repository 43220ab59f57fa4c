import {
  ACTIVE_RUN_STATES,
  isActiveRunState,
  isTerminalRunState,
  type Pipeline,
  type RunDetail,
  type RunEvent,
  type RunState,
  type StateCounts,
} from '@millrace/backstage-plugin-pipelines-common';
import { actionRoutes, detailOf } from './fakeActions';
import { changesOf } from './fakeChanges';
import { FakeBulks } from './fakeBulk';
import { FakeFailures } from './FakeFailures';
import { FakeQueue } from './FakeQueue';
import { pickLines, searchLog } from './fakeLogSearch';
import { matches, matchesScope } from './fakeFilter';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';
import { FakeSettings } from './FakeSettings';
import { timelineRoutes } from './fakeTimeline';
import { FakeTriggers } from './FakeTriggers';
import { FakeViews } from './FakeViews';
import type { FakePipeline } from './pipelines';
import { runFactory } from './runFactory';
import {
  artifactsOf,
  attemptsOf,
  eventsOf,
  logOf,
  outputsOf,
  stepsOf,
} from './runParts';

export { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';

const DAY_MS = 86_400_000;

/**
 * The API of the backend over runs in memory, for the dev app and for tests.
 *
 * @remarks
 * It answers at the level of HTTP, so the real client and its schemas are used. Every request
 * is kept in `requests`; `failures` maps a path to the refusal that it answers with.
 */
export class FakeBackend {
  readonly requests: FakeRequest[] = [];
  readonly failures = new Map<RegExp, FakeFailure>();
  readonly runs: RunDetail[];
  readonly bulks = new FakeBulks(this);
  readonly pipelines: FakePipeline[];
  /** The errors of runs, the same ones together. */
  readonly grouped = new FakeFailures();
  readonly views = new FakeViews();
  readonly queue = new FakeQueue(this);
  readonly settings = new FakeSettings(this);
  readonly triggers = new FakeTriggers(this);
  /** What happened to runs beside what their fields tell, newest first. */
  readonly events = new Map<string, Omit<RunEvent, 'seq'>[]>();
  /** Runs that one page of the list looks at; by default all. */
  scanBudget = Infinity;
  readonly #listeners = new Set<() => void>();

  constructor(
    options: { pipelines?: FakePipeline[]; runs?: RunDetail[] } = {},
  ) {
    this.pipelines = options.pipelines ?? [];
    this.runs = [...(options.runs ?? [])];
  }

  /** Calls back after every change of a run; answers how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds a run, as if somebody had submitted it. */
  add(run: RunDetail): void {
    this.runs.push(run);
    this.changed();
  }

  /** Changes fields of a run. */
  update(runId: string, fields: Partial<RunDetail>): void {
    Object.assign(this.run(runId), fields);
    this.changed();
  }

  /** The run with this id, or a 404. */
  run(runId: string): RunDetail {
    const found = this.runs.find(run => run.id === runId);
    if (!found) {
      throw new FakeFailure(404, 'NotFoundError', `No run '${runId}'`);
    }
    return found;
  }

  /** The pipeline with this id, or a 404. */
  pipeline(id: string): FakePipeline {
    const found = this.pipelines.find(pipeline => pipeline.id === id);
    if (!found) {
      throw new FakeFailure(404, 'NotFoundError', `No pipeline '${id}'`);
    }
    return found;
  }

  /** The JSON answer to a request; throws a `FakeFailure` for a refusal. */
  handle(request: FakeRequest): unknown {
    this.requests.push(request);
    for (const [pattern, failure] of this.failures) {
      if (pattern.test(`${request.method} ${request.path}`)) {
        throw failure;
      }
    }
    for (const [pattern, handler] of this.#routes) {
      const match = pattern.exec(`${request.method} ${request.path}`);
      if (match) {
        return handler(request, decodeURIComponent(match[1] ?? ''));
      }
    }
    throw new FakeFailure(404, 'NotFoundError', `No route ${request.path}`);
  }

  readonly #routes: FakeRoute[] = [
    [
      /^GET \/pipelines$/,
      ({ query }) => ({ items: this.#listPipelines(query) }),
    ],
    [/^GET \/pipelines\/([^/]+)$/, (_, id) => this.#present(this.pipeline(id))],
    [/^POST \/runs$/, request => this.#submit(request)],
    [/^GET \/runs$/, ({ query }) => this.#listRuns(query)],
    [/^GET \/runs\/([^/]+)$/, (_, id) => detailOf(this.run(id))],
    ...actionRoutes(this),
    ...this.bulks.routes(),
    ...this.grouped.routes(),
    ...this.views.routes(),
    ...this.queue.routes(),
    ...this.settings.routes(),
    ...this.triggers.routes(),
    ...timelineRoutes(this),
    [
      /^POST \/runs\/([^/]+)\/cancel$/,
      (request, id) => this.#cancel(request, id),
    ],
    [
      /^GET \/runs\/([^/]+)\/attempts$/,
      (_, id) => ({ items: attemptsOf(this.run(id)) }),
    ],
    [
      /^GET \/runs\/([^/]+)\/steps$/,
      (_, id) => ({ items: stepsOf(this.run(id)) }),
    ],
    [
      /^GET \/runs\/([^/]+)\/neighbours$/,
      ({ query }, id) => this.#neighbours(query, this.run(id)),
    ],
    [
      /^GET \/runs\/([^/]+)\/usual-duration$/,
      (_, id) => ({ durationsMs: this.#usualDurations(this.run(id)) }),
    ],
    [
      /^GET \/runs\/([^/]+)\/changes$/,
      (_, id) => changesOf(this.run(id), this.runs),
    ],
    [
      /^GET \/runs\/([^/]+)\/events$/,
      (_, id) => ({ items: eventsOf(this.run(id), this.events.get(id)) }),
    ],
    [
      /^GET \/runs\/([^/]+)\/outputs$/,
      (_, id) => ({ items: outputsOf(this.run(id)) }),
    ],
    [
      /^GET \/runs\/([^/]+)\/artifacts$/,
      (_, id) => ({ items: artifactsOf(this.run(id)) }),
    ],
    [/^GET \/runs\/([^/]+)\/logs$/, ({ query }, id) => this.#log(query, id)],
    [
      /^GET \/runs\/([^/]+)\/logs\/search$/,
      ({ query }, id) => searchLog(logOf(this.run(id)), query),
    ],
    [
      /^GET \/runs\/([^/]+)\/logs\/lines$/,
      ({ query }, id) => pickLines(logOf(this.run(id)), query),
    ],
    [/^GET \/retention\/preview$/, ({ query }) => this.#retention(query)],
    [/^GET \/stats$/, ({ query }) => this.#stats(query)],
    [/^GET \/stats\/pipelines$/, ({ query }) => this.#byPipeline(query)],
    [/^GET \/stats\/history$/, ({ query }) => this.#history(query)],
    [
      /^GET \/\.backstage\/auth\/v1\/cookie$/,
      () => ({ expiresAt: new Date(Date.now() + DAY_MS).toISOString() }),
    ],
  ];

  /** Tells those who wait that something is different. */
  changed(): void {
    this.#listeners.forEach(listener => listener());
  }

  #listPipelines(query: URLSearchParams): Pipeline[] {
    const entities = query.get('entity')?.split(',');
    const owners = query.get('owner')?.split(',');
    return this.pipelines
      .filter(
        ({ entity }) => !entities || (entity && entities.includes(entity)),
      )
      .filter(({ owner }) => !owners || (owner && owners.includes(owner)))
      .map(pipeline => this.#present(pipeline))
      .sort((a, b) => a.title.localeCompare(b.title));
  }

  #present(pipeline: FakePipeline): Pipeline {
    const own = this.runs.filter(run => run.pipelineId === pipeline.id);
    return {
      ...pipeline,
      active: {
        queued: own.filter(run => run.state === 'queued').length,
        running: own.filter(
          run => isActiveRunState(run.state) && run.state !== 'queued',
        ).length,
      },
      recentRuns: newestFirst(own)
        .slice(0, 14)
        .map(run => ({
          id: run.id,
          state: run.state,
          queuedAt: run.queuedAt,
          durationMs: durationMs(run),
        })),
    };
  }

  #submit({ body = {}, headers }: FakeRequest) {
    const pipeline = this.pipeline(String(body.pipelineId));
    const key = headers.get('Idempotency-Key') ?? '';
    const run = runFactory.queued({
      ageMs: 0,
      pipelineId: pipeline.id,
      pipelineTitle: pipeline.title,
      title: pipeline.title,
      parameters: (body.parameters ?? {}) as Record<string, unknown>,
      note: body.note as string | undefined,
      labels: key ? { key } : {},
      maxAttempts: pipeline.maxAttempts,
      owner: pipeline.owner,
      entity: pipeline.entity,
    });
    this.add(run);
    return { id: run.id, state: run.state };
  }

  #listRuns(query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? 50);
    const cursor = query.get('cursor');
    const isOldestFirst = query.get('sort') === 'queued';
    const all = newestFirst(this.runs);
    const rest = (isOldestFirst ? all.reverse() : all).filter(
      run => !cursor || (isOldestFirst ? run.id > cursor : run.id < cursor),
    );
    const scanned = rest.slice(0, this.scanBudget);
    const matching = scanned.filter(run => matches(run, query));
    const items = matching.slice(0, limit);
    if (matching.length > limit) {
      return { items, nextCursor: items[items.length - 1].id };
    }
    const end = scanned.at(-1);
    return end && rest.length > scanned.length
      ? { items, nextCursor: end.id, searchedBackTo: end.queuedAt }
      : { items };
  }

  #usualDurations({ id, pipelineId }: RunDetail): number[] {
    return this.runs
      .filter(
        run =>
          run.state === 'succeeded' &&
          run.pipelineId === pipelineId &&
          run.id < id,
      )
      .map(run => durationMs(run) ?? 0)
      .sort((a, b) => a - b);
  }

  #neighbours(query: URLSearchParams, { id }: RunDetail) {
    const listed = newestFirst(this.runs).filter(run => matches(run, query));
    return {
      newer: listed.filter(run => run.id > id).at(-1),
      older: listed.find(run => run.id < id),
    };
  }

  #cancel({ body = {} }: FakeRequest, id: string) {
    const run = this.run(id);
    if (isTerminalRunState(run.state) && run.state !== 'cancelled') {
      throw new FakeFailure(
        409,
        'ConflictError',
        `Run '${id}' has already finished, so it cannot be cancelled`,
      );
    }
    const isEnd = run.state === 'queued' || body.force === true;
    this.update(id, {
      state: isEnd ? 'cancelled' : 'cancelling',
      finishedAt: isEnd ? new Date().toISOString() : undefined,
      cancelRequest: {
        at: new Date().toISOString(),
        by: 'user:default/ada',
        reason: body.reason as string | undefined,
        force: body.force === true,
      },
    });
    return { id, state: run.state };
  }

  #log(query: URLSearchParams, id: string) {
    const run = this.run(id);
    const all = logOf(run);
    const limit = Number(query.get('limit') ?? 1_000);
    const isBackward = query.get('direction') === 'backward';
    const cursor = Number(query.get('cursor') ?? (isBackward ? all.length : 0));
    return {
      attempt: Number(query.get('attempt') ?? Math.max(1, run.attempt)),
      lines: isBackward
        ? all.slice(Math.max(0, cursor - limit), cursor)
        : all.slice(cursor, cursor + limit),
      totalLines: all.length,
      totalBytes: all.reduce((sum, line) => sum + line.text.length + 1, 0),
      complete: isTerminalRunState(run.state),
      truncated: false,
    };
  }

  #retention(query: URLSearchParams) {
    const scope = this.runs.filter(run => matchesScope(run, query));
    const removal = (days: string | null) => {
      const over = Date.now() - Number(days) * DAY_MS;
      const count = (from: number, to: number) =>
        scope.filter(run => endedWithin(run, from, to)).length;
      return (
        days && {
          now: count(0, over),
          soon: count(over, over + 7 * DAY_MS),
          bytes: count(0, over) * 1_000,
          isMore: false,
        }
      );
    };
    const logs = removal(query.get('logDays'));
    const artifacts = removal(query.get('artifactDays'));
    return {
      asOf: new Date().toISOString(),
      ...(logs && { logs }),
      ...(artifacts && { artifacts }),
    };
  }

  #stats(query: URLSearchParams) {
    const { from, to } = windowOf(query);
    const scope = this.runs.filter(run => matchesScope(run, query));
    const ended = scope.filter(run => endedWithin(run, from, to));
    const active = scope.filter(run => isActiveRunState(run.state));
    const byState = countStates([...ended, ...active]);
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      asOf: new Date().toISOString(),
      total: ended.length + active.length,
      byState,
      inProgress: active.length,
      ...numbersOf(ended, byState),
      ...(query.get('compare') && {
        previous: previousOf(scope, from, to),
      }),
    };
  }

  #byPipeline(query: URLSearchParams) {
    const { from, to } = windowOf(query);
    const scope = this.runs.filter(run => matchesScope(run, query));
    const ended = scope.filter(run => endedWithin(run, from, to));
    const ids = [...new Set(ended.map(run => run.pipelineId))];
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      asOf: new Date().toISOString(),
      pipelines: ids
        .map(pipelineId => {
          const own = ended.filter(run => run.pipelineId === pipelineId);
          const byState = countStates(own);
          return {
            pipelineId,
            total: own.length,
            byState,
            ...numbersOf(own, byState),
          };
        })
        .sort((a, b) => b.total - a.total),
    };
  }

  #history(query: URLSearchParams) {
    const { from, to } = windowOf(query);
    const bucket = query.get('bucket') === 'hour' ? 'hour' : 'day';
    const stepMs = bucket === 'hour' ? 3_600_000 : DAY_MS;
    const scope = this.runs.filter(run => matchesScope(run, query));
    const buckets = [];
    for (
      let start = Math.floor(from / stepMs) * stepMs;
      start < to;
      start += stepMs
    ) {
      const ended = scope.filter(run =>
        endedWithin(run, start, start + stepMs),
      );
      const byState = countStates(ended);
      buckets.push({
        start: new Date(start).toISOString(),
        end: new Date(start + stepMs).toISOString(),
        total: ended.length,
        byState,
        ...numbersOf(ended, byState),
      });
    }
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      asOf: new Date().toISOString(),
      bucket,
      timezone: 'UTC',
      buckets,
    };
  }
}

function newestFirst(runs: RunDetail[]): RunDetail[] {
  return [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
}

function durationMs(run: RunDetail): number | undefined {
  return run.startedAt && run.finishedAt
    ? Date.parse(run.finishedAt) - Date.parse(run.startedAt)
    : undefined;
}

/** Snapped outwards to buckets of UTC. */
function windowOf(query: URLSearchParams) {
  const to = Date.parse(query.get('to') ?? new Date().toISOString());
  const from = query.get('from');
  const fromMs = from ? Date.parse(from) : to - 7 * DAY_MS;
  const stepMs = query.get('bucket') === 'day' ? DAY_MS : 3_600_000;
  return {
    from: Math.floor(fromMs / stepMs) * stepMs,
    to: Math.ceil(to / stepMs) * stepMs,
  };
}

function previousOf(runs: RunDetail[], from: number, to: number) {
  const start = from - (to - from);
  const end = Math.min(to, Date.now()) - (to - from);
  const ended = runs.filter(run => endedWithin(run, start, end));
  const byState = countStates(ended);
  return {
    from: new Date(start).toISOString(),
    to: new Date(end).toISOString(),
    total: ended.length,
    byState,
    ...numbersOf(ended, byState),
  };
}

function endedWithin(run: RunDetail, from: number, to: number): boolean {
  const end = run.finishedAt ? Date.parse(run.finishedAt) : undefined;
  return end !== undefined && end >= from && end < to;
}

function countStates(runs: RunDetail[]): StateCounts {
  const counts: Partial<Record<RunState, number>> = {};
  for (const { state } of runs) {
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

function numbersOf(ended: RunDetail[], byState: StateCounts) {
  const durations = ended
    .map(durationMs)
    .filter(value => value !== undefined)
    .sort((a, b) => a - b);
  const good = byState.succeeded ?? 0;
  const bad =
    (byState.failed ?? 0) + (byState.timed_out ?? 0) + (byState.lost ?? 0);
  const percentile = (share: number) =>
    durations[Math.floor((durations.length - 1) * share)];
  return {
    successRate: good + bad > 0 ? good / (good + bad) : undefined,
    averageDurationMs: durations.length
      ? durations.reduce((sum, value) => sum + value, 0) / durations.length
      : undefined,
    p50DurationMs: percentile(0.5),
    p95DurationMs: percentile(0.95),
  };
}

/** States in which the fake lets time pass. */
export const MOVING_STATES: readonly RunState[] = ACTIVE_RUN_STATES;
