import type { JsonObject } from '@backstage/types';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  API_ROUTES,
  type ApiOperation,
} from '@millrace/backstage-plugin-pipelines-common';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { insertRun } from './insertRun';
import type { TestPlugin } from './startTestPlugin';

const WEBHOOK_SECRET = Buffer.alloc(32, 'w').toString('base64');
const ME = 'user:default/mock';
const SOMEBODY = 'user:default/other';

/** What the plugin must be started with so that every operation has something to act on. */
export const GOOD_PLUGIN: {
  definitions: JsonObject;
  pipelines: JsonObject;
} = {
  definitions: {
    nightly: {
      command: [process.execPath, '--version'],
      owner: 'group:default/own',
      schedule: { cron: '0 3 * * *', enabled: false },
    },
  },
  pipelines: {
    webhooks: { deploy: { pipeline: 'nightly', secret: WEBHOOK_SECRET } },
    reporters: {
      cron: {
        subjects: ['external:test-service', 'user:default/mock'],
        pipelines: ['nightly'],
      },
    },
  },
};

/** A request of an operation, still without its caller. */
export interface GoodRequest {
  /** Below `/api/pipelines`. */
  path: string;
  headers: Record<string, string>;
  /** Sent as JSON, or as bytes; absent when the operation has none. */
  body?: object | Buffer;
}

type Values = Record<string, string>;

/** What differs from a plain request on an ended run. */
interface Preparation {
  /** What its run is like; default succeeded. */
  run?: 'queued' | 'held';
  /** Writes what it acts on; returns the values for its path. */
  prepare?(plugin: TestPlugin): Promise<Values>;
  body?(plugin: TestPlugin, values: Values): Promise<object> | object;
  bytes?: string;
  query?: string;
  headers?(body: string): Record<string, string>;
}

const PREPARATIONS: Partial<Record<ApiOperation, Preparation>> = {
  submitRun: { body: () => ({ pipelineId: 'nightly' }) },
  triggerRun: { body: () => ({ pipelineId: 'nightly' }) },
  cancelRun: { run: 'queued', body: () => ({}) },
  deleteRun: { run: 'queued' },
  pauseRun: { run: 'queued', body: () => ({}) },
  resumeRun: { run: 'held', body: () => ({}) },
  updateRun: { run: 'queued', body: () => ({ note: 'x' }) },
  retryRun: { body: () => ({}) },
  bulkRuns: {
    run: 'queued',
    body: (_, { runId }) => ({ action: 'cancel', runIds: [runId] }),
  },
  getBulk: { prepare: insertBulk },
  listBulkItems: { prepare: insertBulk },
  listQueuedRuns: { run: 'queued' },
  pauseQueue: { body: () => ({ reason: 'x' }) },
  resumeQueue: {
    prepare: plugin => insertPause(plugin, null),
    body: () => ({}),
  },
  clearQueue: { run: 'queued', body: () => ({ pipeline: ['nightly'] }) },
  pausePipeline: { body: () => ({ reason: 'x' }) },
  resumePipeline: {
    prepare: plugin => insertPause(plugin, 'nightly'),
    body: () => ({}),
  },
  drainWorker: { prepare: plugin => insertWorker(plugin, false) },
  undrainWorker: { prepare: plugin => insertWorker(plugin, true) },
  getFailure: { prepare: plugin => insertFailure(plugin, 'unresolved') },
  resolveFailure: {
    prepare: plugin => insertFailure(plugin, 'unresolved'),
    body: () => ({ reason: 'x' }),
  },
  ignoreFailure: {
    prepare: plugin => insertFailure(plugin, 'unresolved'),
    body: () => ({ count: 3, reason: 'x' }),
  },
  unresolveFailure: {
    prepare: plugin => insertFailure(plugin, 'resolved'),
    body: () => ({ reason: 'x' }),
  },
  listViews: { query: '?page=runs' },
  getView: { prepare: insertView },
  createView: {
    body: () => ({ page: 'runs', name: randomUUID(), query: 'state=failed' }),
  },
  updateView: {
    prepare: insertView,
    body: () => ({
      name: randomUUID(),
      query: 'state=lost',
      owner: ME,
      revision: 1,
    }),
  },
  deleteView: { prepare: insertView },
  backfillPipeline: {
    body: () => ({
      from: '2026-01-05T00:00:00Z',
      to: '2026-01-06T00:00:00Z',
      again: true,
    }),
  },
  getRunLogLines: { query: '?numbers=0' },
  fireTrigger: { bytes: '{"ref":"main"}', headers: signCall },
  savePipelineSettings: {
    body: async plugin => ({
      patch: {},
      baseRevision: await readRevision(plugin, 'pipeline:nightly'),
    }),
  },
  restorePipelineSettings: {
    prepare: plugin => insertRevision(plugin, 'pipeline:nightly'),
    body: (_, { revision }) => ({ baseRevision: Number(revision) }),
  },
  saveSettings: {
    body: async plugin => ({
      patch: {},
      baseRevision: await readRevision(plugin, 'portal'),
    }),
  },
  restoreSettings: {
    prepare: plugin => insertRevision(plugin, 'portal'),
    body: (_, { revision }) => ({ baseRevision: Number(revision) }),
  },
  reportRun: { body: () => ({ pipelineId: 'nightly', state: 'running' }) },
  reportSteps: {
    prepare: report,
    body: () => ({ steps: [{ name: 'fetch', state: 'running' }] }),
  },
  getTimeline: {
    query: '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
  },
  reportLog: { prepare: report, bytes: 'hello\n', query: '?offset=0' },
  reportArtifact: { prepare: report, bytes: 'hello' },
};

/**
 * Writes everything that an operation needs, and says how it is to be asked for so that a caller
 * who may do everything succeeds.
 *
 * @param plugin - started with {@link GOOD_PLUGIN}; somebody else has submitted what is there
 */
export async function prepareRequest(
  plugin: TestPlugin,
  operation: ApiOperation,
): Promise<GoodRequest> {
  const preparation = PREPARATIONS[operation] ?? {};
  const { bytes, query = '' } = preparation;
  const values: Values = {
    pipelineId: 'nightly',
    triggerId: 'deploy',
    reporter: 'cron',
    externalId: randomUUID(),
    name: 'hello.txt',
    ...(await makeRun(plugin, preparation.run ?? 'succeeded')),
    ...(await preparation.prepare?.(plugin)),
  };
  return {
    path: `${API_ROUTES[operation].path.replace(
      /:(\w+)/g,
      (_, name) => values[name],
    )}${query}`,
    headers: preparation.headers?.(bytes ?? '') ?? {},
    body:
      bytes === undefined
        ? await preparation.body?.(plugin, values)
        : Buffer.from(bytes),
  };
}

/** Sends it as whoever `headers` say; see {@link prepareRequest}. */
export function sendRequest(
  plugin: TestPlugin,
  operation: ApiOperation,
  good: GoodRequest,
  headers: Record<string, string>,
): request.Test {
  const { method } = API_ROUTES[operation];
  const test = request(plugin.server)
    [method](`/api/pipelines${good.path}`)
    .set({ ...good.headers, ...headers });
  if (Buffer.isBuffer(good.body)) {
    return test.type('application/octet-stream').send(good.body);
  }
  return good.body ? test.send(good.body) : test;
}

/** Signs a call of the webhook trigger as its sender would. */
export function signCall(body: string): Record<string, string> {
  const id = randomUUID();
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, now, body),
  };
}

/** A run with an artifact that is over, so that its stream ends; or one that still waits. */
async function makeRun(
  { database, dataFolder }: TestPlugin,
  like: 'succeeded' | 'queued' | 'held',
): Promise<Values> {
  const { knex } = database;
  const runId = await insertRun(knex, {
    pipeline_id: 'nightly',
    state: like === 'succeeded' ? 'succeeded' : 'queued',
    submitted_by: SOMEBODY,
    ...(like === 'held' && {
      pause_requested_at: knex.fn.now(),
      pause_requested_by: SOMEBODY,
    }),
  });
  const artifactId = uuid();
  if (like !== 'succeeded') {
    return { runId, artifactId };
  }
  const key = `ab/${artifactId}`;
  const file = path.join(dataFolder, 'artifacts', key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'hello');
  await knex('run_artifacts').insert({
    id: artifactId,
    run_id: runId,
    attempt: 1,
    name: 'hello.txt',
    media_type: 'text/plain',
    bytes: 5,
    sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    store_key: key,
  });
  return { runId, artifactId };
}

async function insertBulk({ database }: TestPlugin): Promise<Values> {
  const { knex } = database;
  const bulkId = await insertRun(knex, {
    pipeline_id: 'bulk-actions',
    state: 'succeeded',
    submitted_by: SOMEBODY,
    parameters: { action: 'cancel', total: 1 },
  });
  await knex('bulk_items').insert({
    bulk_run_id: bulkId,
    position: 1,
    run_id: uuid(),
    pipeline_id: 'nightly',
    title: 'x',
    state: 'done',
  });
  return { bulkId };
}

async function insertFailure(
  { database }: TestPlugin,
  state: 'unresolved' | 'resolved',
): Promise<Values> {
  const { knex } = database;
  const fingerprint = randomBytes(8).toString('hex');
  await knex('failure_groups').insert({
    fingerprint,
    kind: 'exit',
    template: 'Exited with code 1',
    state,
  });
  await knex('failure_pipelines').insert({
    fingerprint,
    pipeline_id: 'nightly',
    first_seen: knex.fn.now(),
    last_seen: knex.fn.now(),
    runs: 1,
    last_run_id: uuid(),
  });
  return { fingerprint };
}

async function insertView({ database }: TestPlugin): Promise<Values> {
  const viewId = uuid();
  await database.knex('saved_views').insert({
    id: viewId,
    page: 'runs',
    name: viewId,
    query: 'state=failed',
    owner: ME,
    created_by: ME,
    changed_by: ME,
  });
  return { viewId };
}

async function insertPause(
  { database }: TestPlugin,
  pipelineId: string | null,
): Promise<Values> {
  await database
    .knex('queue_pauses')
    .insert({
      scope: pipelineId ?? '*',
      pipeline_id: pipelineId,
      paused_by: SOMEBODY,
      scheduled_runs: 'keep',
    })
    .onConflict('scope')
    .ignore();
  return {};
}

async function insertWorker(
  { database }: TestPlugin,
  isDrained: boolean,
): Promise<Values> {
  const { knex } = database;
  const workerId = `worker-${randomUUID()}`;
  await knex('workers').insert({
    id: workerId,
    host: 'host-a',
    boot_id: 'boot-a',
    pid: 1,
    slots: 1,
    version: '1.0.0',
    drained_at: isDrained ? knex.fn.now() : null,
    drained_by: isDrained ? SOMEBODY : null,
  });
  return { workerId };
}

async function readRevision(
  { database }: TestPlugin,
  scope: string,
): Promise<number> {
  const row = await database
    .knex('settings_revisions')
    .where({ scope })
    .max('revision as newest')
    .first();
  return row?.newest ?? 0;
}

async function insertRevision(
  plugin: TestPlugin,
  scope: string,
): Promise<Values> {
  const revision = (await readRevision(plugin, scope)) + 1;
  await plugin.database
    .knex('settings_revisions')
    .insert({ scope, revision, patch: '{}', author: SOMEBODY });
  return { revision: String(revision) };
}

async function report(plugin: TestPlugin): Promise<Values> {
  const externalId = randomUUID();
  const { status } = await request(plugin.server)
    .put(`/api/pipelines/runs/external/cron/${externalId}`)
    .set('Authorization', mockCredentials.service.header())
    .send({ pipelineId: 'nightly', state: 'running' });
  if (status !== 200) {
    throw new Error(`The first report was answered with ${status}`);
  }
  return { externalId };
}
