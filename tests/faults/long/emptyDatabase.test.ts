import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  startPostgres,
  startWorkerOnly,
  type TestPostgres,
  until,
} from '../../harness/index.ts';
import { Random } from '../../../scripts/soak/random.ts';
import { FaultBench } from '../support/FaultBench.ts';
import { IS_FULL, report } from '../support/figures.ts';
import { MigrationProcess } from '../support/MigrationProcess.ts';

const STARTED_TOGETHER = IS_FULL ? 8 : 3;
const MIGRATIONS_KILLED = IS_FULL ? 20 : 3;
const BACKENDS_KILLED = IS_FULL ? 4 : 2;
const PLUGIN_DATABASE = 'backstage_plugin_pipelines';

describe('an empty database', () => {
  it('is prepared once by workers that start together, and all are up', async t => {
    const postgres = await startPostgres();
    const startedAt = Date.now();
    const starting = await Promise.allSettled(
      Array.from({ length: STARTED_TOGETHER }, () =>
        startWorkerOnly({ postgres }),
      ),
    );
    const workers = starting.flatMap(result =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    const upMs = Date.now() - startedAt;
    try {
      const failed = starting.flatMap(result =>
        result.status === 'rejected' ? [String(result.reason)] : [],
      );
      assert.deepEqual(failed, []);
      const registered = () =>
        postgres.query('select pid from workers').catch(() => []);
      await until(async () => (await registered()).length === workers.length, {
        what: 'every worker to be known',
      });
      const again = await postgres.query(
        'select name, count(*) from knex_migrations group by name having count(*) > 1',
      );
      assert.deepEqual(again, []);
    } finally {
      await Promise.all(workers.map(worker => worker.stop()));
      await postgres.stop();
    }
    report(
      t,
      `${STARTED_TOGETHER} workers on an empty database: all up`,
      `${upMs} ms`,
    );
  });

  it('is prepared by the next start when the first was killed half-way', async t => {
    const seed = Number(process.env.MILLRACE_TEST_SEED ?? Date.now() % 2 ** 31);
    const random = new Random(seed);
    report(t, 'killed migrations: seed', seed);
    const postgres = await startPostgres();
    try {
      const whole = await MigrationProcess.start(postgres, 'whole');
      const { code, tookMs } = await whole.ended();
      assert.equal(code, 0);
      const wanted = await MigrationProcess.doneIn(postgres, 'whole');
      const tables = await MigrationProcess.tablesOf(postgres, 'whole');
      const left: number[] = [];
      for (let n = 1; n <= MIGRATIONS_KILLED; n++) {
        const name = `killed_${n}`;
        const killed = await MigrationProcess.start(postgres, name);
        // Spread over the whole time that it takes.
        await sleep(((n - random.next()) / MIGRATIONS_KILLED) * tookMs);
        killed.kill();
        await killed.ended();
        left.push((await MigrationProcess.doneIn(postgres, name)).length);
        const next = await MigrationProcess.start(postgres, name);
        assert.equal((await next.ended()).code, 0, next.output());
        assert.deepEqual(await MigrationProcess.doneIn(postgres, name), wanted);
        assert.deepEqual(
          await MigrationProcess.tablesOf(postgres, name),
          tables,
        );
      }
      report(
        t,
        `killed migrations healed by the next start`,
        `${left.length} of ${MIGRATIONS_KILLED}; done when killed: ${left.join(
          ', ',
        )} of ${wanted.length}`,
      );
    } finally {
      await postgres.stop();
    }
  });

  it('is whole after backends were killed in the middle of its migrations, and executes runs', async t => {
    const bench = await FaultBench.open();
    const { postgres } = bench;
    const observer = new pg.Client({ connectionString: postgres.url });
    await observer.connect();
    try {
      const whole = await MigrationProcess.start(postgres, 'whole');
      const most = await countLocksUntil(observer, 'whole', whole.ended());
      const wanted = await MigrationProcess.doneIn(postgres, 'whole');
      report(t, 'migrations of an empty database: most locks', most);

      for (let n = 1; n <= BACKENDS_KILLED; n++) {
        // Each comes further than the one before it.
        const least = Math.ceil((n * most) / (BACKENDS_KILLED + 1));
        const locks = await killAtLocks(postgres, observer, least);
        const done = await MigrationProcess.doneIn(postgres, PLUGIN_DATABASE);
        report(t, `killed backend ${n}: locks that it held`, locks);
        report(t, `killed backend ${n}: migrations done`, done.length);
        assert.ok(done.length < wanted.length, `${done.length}`);
      }

      const startedAt = Date.now();
      const portal = await bench.startBackend();
      report(t, 'start after them: ready', `${Date.now() - startedAt} ms`);
      assert.deepEqual(
        await MigrationProcess.doneIn(postgres, PLUGIN_DATABASE),
        wanted,
      );
      assert.deepEqual(
        await MigrationProcess.tablesOf(postgres, PLUGIN_DATABASE),
        await MigrationProcess.tablesOf(postgres, 'whole'),
      );
      const runId = await bench.submit(await portal.apiAs(), 'quick');
      await bench.reaches(runId, 'succeeded', { attempt: 1 });
      await bench.requireQuiet();
    } finally {
      await observer.end();
      await bench.close();
    }
  });
});

/**
 * How many tables and indexes are being made or changed in a database: what a migration has done
 * is not seen before all of them are done, but its locks are.
 */
async function countLocks(
  observer: pg.Client,
  database: string,
): Promise<number> {
  const { rows } = await observer.query<{ locks: number }>(
    `select count(*)::int as locks from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = $1 and l.granted and l.locktype = 'relation'
        and l.mode = 'AccessExclusiveLock'`,
    [database],
  );
  return rows[0].locks;
}

/** The most locks at once until a migration has ended well. */
async function countLocksUntil(
  observer: pg.Client,
  database: string,
  end: Promise<{ code: number | null }>,
): Promise<number> {
  let most = 0;
  let ended: { code: number | null } | undefined;
  end.then(found => (ended = found));
  const { code } = await until(
    async () => {
      most = Math.max(most, await countLocks(observer, database));
      return ended;
    },
    { what: 'the migration to end', pollMs: 1, timeoutMs: 120_000 },
  );
  assert.equal(code, 0);
  return most;
}

/** Starts a worker and kills it as soon as its migrations hold so many locks; gives their number. */
async function killAtLocks(
  postgres: TestPostgres,
  observer: pg.Client,
  least: number,
): Promise<number> {
  let kill: (() => void) | undefined;
  const failed = startWorkerOnly({
    postgres,
    onSpawn: backend => {
      kill = () => backend.kill('SIGKILL');
    },
  }).then(
    () => assert.fail('The worker was ready before it could be killed'),
    error => error,
  );
  const locks = await until(
    async () => {
      const held = await countLocks(observer, PLUGIN_DATABASE);
      return held >= least && held;
    },
    { what: `${least} locks`, pollMs: 1, timeoutMs: 120_000 },
  );
  kill!();
  assert.match(`${await failed}`, /SIGKILL/);
  return locks;
}
