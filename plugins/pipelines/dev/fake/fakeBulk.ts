import {
  BULK_PIPELINE_ID,
  isCancellableRunState,
  isPausableRunState,
  isRetryableRunState,
  type Bulk,
  type BulkAction,
  type BulkItem,
  type BulkRequest,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakeBackend } from './FakeBackend';
import { matches } from './fakeFilter';
import { FakeFailure, type FakeRoute } from './FakeRoute';
import { uuidAt } from './ids';
import { runFactory } from './runFactory';

const EXAMPLES = 5;

/** Why the action cannot be done to a run now; undefined when it can. */
const REFUSALS: Record<BulkAction, (run: RunDetail) => string | undefined> = {
  cancel: ({ state }) =>
    isCancellableRunState(state) ? undefined : 'already over',
  pause: ({ state, pauseRequest }) =>
    isPausableRunState(state) && !pauseRequest ? undefined : 'not running',
  resume: ({ pauseRequest }) => (pauseRequest ? undefined : 'not paused'),
  retry: ({ state }) => (isRetryableRunState(state) ? undefined : 'not over'),
  priority: ({ state }) => (state === 'queued' ? undefined : 'not queued'),
  label: () => undefined,
};

/** Bulk actions; what is begun here is done at once, and `put` shows any other state of one. */
export class FakeBulks {
  readonly #backend: FakeBackend;
  readonly #bulks = new Map<string, { bulk: Bulk; items: BulkItem[] }>();

  constructor(backend: FakeBackend) {
    this.#backend = backend;
  }

  routes(): FakeRoute[] {
    return [
      [/^POST \/runs\/bulk$/, ({ body }) => this.#post(body as BulkRequest)],
      [/^GET \/runs\/bulk\/([^/]+)$/, (_, id) => this.#one(id).bulk],
      [
        /^GET \/runs\/bulk\/([^/]+)\/items$/,
        ({ query }, id) => this.#list(id, query),
      ],
    ];
  }

  #one(id: string) {
    const found = this.#bulks.get(id);
    if (!found) {
      throw new FakeFailure(404, 'NotFoundError', `No bulk action '${id}'`);
    }
    return found;
  }

  #post(request: BulkRequest) {
    const runs = this.#backend.runs.filter(run => isWanted(run, request));
    const refusal = REFUSALS[request.action];
    const able = runs.filter(run => refusal(run) === undefined);
    const skipped = new Map<string, number>();
    for (const run of runs) {
      const reason = refusal(run);
      if (reason) {
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
    }
    if (request.dryRun) {
      return {
        action: request.action,
        matches: runs.length,
        count: able.length,
        skipped: [...skipped].map(([reason, count]) => ({ reason, count })),
        examples: able
          .slice(0, EXAMPLES)
          .map(({ id, title, state }) => ({ id, title, state })),
      };
    }
    if (request.expected !== undefined && request.expected !== able.length) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `It would be done to ${able.length} runs now, not to ${request.expected}`,
      );
    }
    return this.#begin(request, able);
  }

  #begin(request: BulkRequest, runs: RunDetail[]): Bulk {
    const id = uuidAt(Date.now());
    const items = runs.map<BulkItem>(run => ({
      runId: run.id,
      title: run.title,
      state: 'done',
    }));
    for (const run of runs) {
      if (request.action === 'cancel') {
        this.#backend.update(run.id, {
          state: 'cancelled',
          finishedAt: new Date().toISOString(),
        });
      }
    }
    const bulk: Bulk = {
      id,
      state: 'succeeded',
      action: request.action,
      submittedBy: 'user:default/ada',
      reason: request.reason,
      filter: request.filter,
      queuedAt: new Date().toISOString(),
      finishedAt: new Date().toISOString(),
      total: items.length,
      counts: { pending: 0, done: items.length, skipped: 0, failed: 0 },
    };
    this.put(bulk, items);
    return bulk;
  }

  /** Makes a bulk action readable, as if somebody had begun it. */
  put(bulk: Bulk, items: BulkItem[]): void {
    this.#bulks.set(bulk.id, { bulk, items });
    this.#backend.add(
      runFactory.running({
        id: bulk.id,
        pipelineId: BULK_PIPELINE_ID,
        pipelineTitle: 'Bulk action',
        title: `${bulk.action} ${bulk.total} runs`,
        state: bulk.state,
        submittedBy: bulk.submittedBy,
      }),
    );
  }

  #list(id: string, query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('cursor') ?? 0);
    const state = query.get('state');
    const all = this.#one(id).items.filter(
      item => !state || item.state === state,
    );
    return {
      items: all.slice(from, from + limit),
      nextCursor: all.length > from + limit ? String(from + limit) : undefined,
    };
  }
}

function isWanted(run: RunDetail, { runIds, filter }: BulkRequest): boolean {
  if (runIds) {
    return runIds.includes(run.id);
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter ?? {})) {
    if (name === 'label') {
      for (const [label, text] of Object.entries(value)) {
        query.set(`label.${label}`, text);
      }
    } else {
      query.set(name, String(value));
    }
  }
  return run.pipelineId !== BULK_PIPELINE_ID && matches(run, query);
}
