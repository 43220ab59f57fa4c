import { PgBoss } from 'pg-boss';
import { SLOTS, type Contender } from './Contender.ts';

const QUEUE = 'nothing';

/**
 * pg-boss with NOTIFY and its burst mode, which there is only for batches: one by one it fetches
 * one job per loop and poll.
 */
export const contender: Contender = {
  name: `pg-boss, in batches of ${SLOTS}`,
  leftSql: `select from pgboss.job where name = '${QUEUE}' and state < 'completed'`,

  async prepare(databaseUrl) {
    const boss = await start(databaseUrl);
    await boss.createQueue(QUEUE, { notify: true });
    await boss.stop();
  },

  async connect(databaseUrl) {
    const boss = await start(databaseUrl);
    return {
      fill: async count => {
        await boss.insert(
          QUEUE,
          Array.from({ length: count }, () => ({ data: {} })),
        );
      },
      add: async sentAt => {
        await boss.send(QUEUE, { sentAt });
      },
      close: () => boss.stop({ graceful: false }),
    };
  },

  async work(databaseUrl, onJob) {
    const boss = await start(databaseUrl);
    await boss.work<{ sentAt?: number }>(
      QUEUE,
      {
        batchSize: SLOTS,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: 0.5,
      },
      async jobs => jobs.forEach(({ data }) => onJob(data?.sentAt)),
    );
    return () => boss.stop({ graceful: false });
  },
};

async function start(databaseUrl: string): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: SLOTS + 2,
    useListenNotify: true,
  });
  boss.on('error', error => console.error(error));
  await boss.start();
  return boss;
}
