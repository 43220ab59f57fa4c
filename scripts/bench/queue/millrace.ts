import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import { loadBackend } from '../../lib/loadBackend.ts';
import { SLOTS, type Contender } from './Contender.ts';

const PIPELINE = 'nothing';
const CHANNEL = 'millrace';
const QUEUED = '{"kind":"queued"}';
const IDLE_POLL_MS = 2_000;

type Queue =
  import('../../../plugins/pipelines-backend/src/queue/index.ts').DatabaseRunQueue;
type ClaimedRun = Awaited<ReturnType<Queue['claim']>>[number];

function loadSources() {
  return {
    ...loadBackend<
      typeof import('../../../plugins/pipelines-backend/src/queue/index.ts')
    >('queue/index.ts'),
    ...loadBackend<
      typeof import('../../../plugins/pipelines-backend/src/__testUtils__/createTestDefinitions.ts')
    >('__testUtils__/createTestDefinitions.ts'),
  };
}

function connectPool(url: string): Knex {
  return knexFactory({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: SLOTS + 2 },
  });
}

const INSERT = `
  insert into runs (id, pipeline_id, trigger, state, title, submitted_by, parameters, event_seq)
  select (lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
      || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
    '${PIPELINE}', 'api', 'queued', 'x', 'user:default/ada', $2::jsonb, 1 from generate_series(1, $1::int)`;

/**
 * Our own queue: claim, start and end of an attempt through the port that workers use, each with
 * its events; one loop claims for all slots, as in a worker.
 */
export const contender: Contender = {
  name: 'millrace',
  leftSql: `select from runs where state in ('queued', 'starting', 'running')`,

  async prepare(databaseUrl) {
    const { migrateToLatest } =
      loadBackend<
        typeof import('../../../plugins/pipelines-backend/src/database/index.ts')
      >('database/index.ts');
    const knex = connectPool(databaseUrl);
    await migrateToLatest(knex);
    await knex('pipelines').insert({
      id: PIPELINE,
      title: PIPELINE,
      engine: 'process',
    });
    await knex.destroy();
  },

  async connect(databaseUrl) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return {
      fill: async count => {
        await client.query(INSERT, [count, '{}']);
      },
      add: async sentAt => {
        await client.query(INSERT, [1, JSON.stringify({ sentAt })]);
      },
      close: () => client.end(),
    };
  },

  async load() {
    loadSources();
  },

  async work(databaseUrl, onJob) {
    const { DatabaseRunQueue, createTestDefinitions } = loadSources();
    const knex = connectPool(databaseUrl);
    const definitions = await createTestDefinitions(knex, [{ id: PIPELINE }]);
    const queue: Queue = new DatabaseRunQueue({ knex, definitions });
    const worker = { id: randomUUID(), host: 'bench', bootId: 'bench' };
    await queue.registerWorker({
      ...worker,
      pid: process.pid,
      slots: SLOTS,
      version: '0.0.0',
    });

    const claiming = new AbortController();
    const listener = new pg.Client({ connectionString: databaseUrl });
    await listener.connect();
    let woken = new AbortController();
    const wake = () => woken.abort();
    listener.on('notification', ({ payload }) => {
      if (payload === QUEUED) {
        wake();
      }
    });
    await listener.query(`listen ${CHANNEL}`);
    const rest = () =>
      sleep(IDLE_POLL_MS, undefined, { signal: woken.signal }).catch(() => {});

    const work = new Set<Promise<void>>();
    const execute = async (run: ClaimedRun) => {
      onJob((run.parameters as { sentAt?: number }).sentAt);
      await queue.markRunning(run.lease, {});
      await queue.finish(run.lease, { end: { kind: 'exited', exitCode: 0 } });
    };
    // As in a worker: one loop claims for all slots, each of which executes one run at a time.
    const claim = async () => {
      while (!claiming.signal.aborted) {
        woken = new AbortController();
        await queue.endsSettled();
        const limit = SLOTS - work.size;
        const claimed =
          limit > 0
            ? await queue.claim({ worker, pipelineIds: [PIPELINE], limit })
            : [];
        for (const run of claimed) {
          const executed: Promise<void> = execute(run).finally(() => {
            work.delete(executed);
            wake();
          });
          work.add(executed);
        }
        if (claimed.length === 0) {
          await rest();
        }
      }
    };
    const claims = claim();
    return async () => {
      claiming.abort();
      wake();
      await claims;
      await Promise.all(work);
      await listener.end();
      await queue.close();
      await knex.destroy();
    };
  },
};
