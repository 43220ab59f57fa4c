import type { Rooms } from './createRooms';
import { AttemptFolder, cleanUp } from './engines';
import { readPackageVersion, type PipelinesEnvironment } from './environment';
import { GroupFailuresTask, PruneFailureCountsTask } from './failures';
import { LearnTemplatesTask } from './logs';
import {
  KeepLimitsTask,
  PruneWorkersTask,
  SweepLeasesTask,
  TidyQueueTask,
} from './queue';
import { MakePartitionsTask, PruneRunsTask, retentionOf } from './runs';
import { FoldStatsTask } from './stats';
import { RemoveFoldersTask, Worker } from './worker';

/** Starts what happens by itself: the worker, the sweeper, schedules, roll-ups and retention. */
export async function startTasks(
  env: PipelinesEnvironment,
  rooms: Rooms,
): Promise<void> {
  const { lifecycle, logger, scheduler } = env;
  const { knex, queue, queueControl } = rooms;

  await new MakePartitionsTask({ knex }).schedule(scheduler);
  await new PruneWorkersTask({ knex }).schedule(scheduler);
  if (!rooms.workerConfig.only) {
    await scheduleTasks(env, rooms);
  }
  await new RemoveFoldersTask({
    listFolders: () => AttemptFolder.list(rooms.folders.data),
    listEnded: (attempts, before) =>
      rooms.runs.listEndedAttempts(attempts, before),
    removeFolder: attempt => cleanUp(rooms.folders.data, attempt),
    logger,
  }).schedule(scheduler);

  const worker = await createWorker(env, rooms);
  const sweeper = new SweepLeasesTask({ queue, logger });
  const tidier = new TidyQueueTask({ service: queueControl, logger });
  const limits = await KeepLimitsTask.create({
    service: queueControl,
    definitions: rooms.definitions,
    logger,
  });
  const grouper = new GroupFailuresTask({
    store: rooms.failures,
    live: rooms.live,
    logger,
  });
  const learner = new LearnTemplatesTask({ knex, logger });
  lifecycle.addStartupHook(() => {
    worker?.start();
    tidier.start();
    limits.start();
    if (!rooms.workerConfig.only) {
      rooms.triggers.start();
      grouper.start();
      learner.start();
    }
    // The worker first: it can find out how an attempt ended that the sweeper can only give up.
    const hasLookedBack = worker?.hasLookedBack ?? Promise.resolve();
    hasLookedBack.then(() => sweeper.start());
  });
  lifecycle.addShutdownHook(async () => {
    await sweeper.stop();
    await tidier.stop();
    await limits.stop();
    await rooms.triggers.stop();
    await grouper.stop();
    // Beside the worker, whose runs must not wait for a long log to be learnt
    await Promise.all([learner.stop(), worker?.stop()]);
    await rooms.close();
  });
}

/** Schedules what one process of all has to do. */
async function scheduleTasks(
  env: PipelinesEnvironment,
  rooms: Rooms,
): Promise<void> {
  const { logger, scheduler } = env;
  const { knex } = rooms;
  await new PruneRunsTask({
    knex,
    logger,
    retention: () => retentionOf(rooms.definitions),
    removeFiles: runIds => rooms.artifacts.removeFiles(runIds),
  }).schedule(scheduler);
  await new FoldStatsTask({ knex, logger, ...rooms.statsConfig }).schedule(
    scheduler,
  );
  await new PruneFailureCountsTask({ store: rooms.failures }).schedule(
    scheduler,
  );
  await rooms.triggers.schedule(scheduler);
}

async function createWorker(env: PipelinesEnvironment, rooms: Rooms) {
  const { enabled, stopWaitMs, pausedTimeCounts } = rooms.workerConfig;
  if (!enabled) {
    return undefined;
  }
  return Worker.create({
    ...rooms,
    engines: env.engines,
    logger: env.logger,
    slots: () => rooms.definitions.portalSettings().slots,
    stopWaitMs,
    pausedTimeCounts,
    version: readPackageVersion(),
    cleanUp: attempt => cleanUp(rooms.folders.data, attempt),
    resumeFolderOf: attempt =>
      AttemptFolder.of(rooms.folders.data, attempt).resume,
  });
}
