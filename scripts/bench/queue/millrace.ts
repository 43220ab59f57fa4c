import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import { loadBackend } from '../lib/loadBackend.ts';
import { SLOTS, type Contender } from './Contender.ts';

const PIPELINE = 'nothing';
const CHANNEL = 'millrace';
const IDLE_POLL_MS = 2_000;

type Queue =
  import('../../../plugins/pipelines-backend/src/queue/index.ts').DatabaseRunQueue;

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
 * its events, one run at a time in each slot.
 */
export const contender: Contender = {
  name: 'millrace',
  leftSql: `select count(*)::int as left from runs where state in ('queued', 'starting', 'running')`,

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

  async work(databaseUrl, onJob) {
    const { DatabaseRunQueue } =
      loadBackend<
        typeof import('../../../plugins/pipelines-backend/src/queue/index.ts')
      >('queue/index.ts');
    const { createTestDefinitions } = loadBackend<
      typeof import('../../../plugins/pipelines-backend/src/__testUtils__/createTestDefinitions.ts')
    >('__testUtils__/createTestDefinitions.ts');
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

    let isStopping = false;
    const sleepers = new Set<() => void>();
    const listener = new pg.Client({ connectionString: databaseUrl });
    await listener.connect();
    // One of the idle slots goes and looks, as one worker has one loop that claims.
    listener.on('notification', () => [...sleepers][0]?.());
    await listener.query(`listen ${CHANNEL}`);
    const rest = async () => {
      const woken = new AbortController();
      const wake = () => woken.abort();
      sleepers.add(wake);
      await sleep(IDLE_POLL_MS, undefined, { signal: woken.signal }).catch(
        () => {},
      );
      sleepers.delete(wake);
    };

    const slot = async () => {
      while (!isStopping) {
        const [run] = await queue.claim({
          worker,
          pipelineIds: [PIPELINE],
          limit: 1,
        });
        if (!run) {
          await rest();
          continue;
        }
        onJob((run.parameters as { sentAt?: number }).sentAt);
        await queue.markRunning(run.lease, {});
        await queue.finish(run.lease, { end: { kind: 'exited', exitCode: 0 } });
      }
    };
    const slots = Array.from({ length: SLOTS }, slot);
    return async () => {
      isStopping = true;
      sleepers.forEach(wake => wake());
      await Promise.all(slots);
      await listener.end();
      await queue.close();
      await knex.destroy();
    };
  },
};
