import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { SLOTS, type Contender } from './Contender.ts';

// A line per job would slow it down.
const logger = new Logger(() => () => {});

/** graphile-worker with its defaults, but as many jobs at once as the others. */
export const contender: Contender = {
  name: 'graphile-worker',
  leftSql: 'select from graphile_worker.jobs',

  async prepare(databaseUrl) {
    const utils = await makeWorkerUtils({
      connectionString: databaseUrl,
      logger,
    });
    await utils.migrate();
    await utils.release();
  },

  async connect(databaseUrl) {
    const utils = await makeWorkerUtils({
      connectionString: databaseUrl,
      logger,
    });
    return {
      fill: async count => {
        await utils.addJobs(
          Array.from({ length: count }, () => ({
            identifier: 'nothing',
            payload: {},
          })),
        );
      },
      add: async sentAt => {
        await utils.addJob('nothing', { sentAt });
      },
      close: async () => utils.release(),
    };
  },

  async work(databaseUrl, onJob) {
    const runner = await run({
      connectionString: databaseUrl,
      concurrency: SLOTS,
      maxPoolSize: SLOTS + 2,
      logger,
      noHandleSignals: true,
      taskList: {
        nothing: async payload =>
          onJob((payload as { sentAt?: number }).sentAt),
      },
    });
    return () => runner.stop();
  },
};
