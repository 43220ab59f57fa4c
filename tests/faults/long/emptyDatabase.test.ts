import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, startWorkerOnly, until } from '../../harness/index.ts';
import { Random } from '../../../scripts/soak/random.ts';
import { IS_FULL, report } from '../support/figures.ts';
import { MigrationProcess } from '../support/MigrationProcess.ts';

const STARTED_TOGETHER = IS_FULL ? 8 : 3;
const MIGRATIONS_KILLED = IS_FULL ? 20 : 3;

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
});
