import {
  ArtifactsService,
  AuthorizedArtifactsService,
  LocalArtifactStore,
  readArtifactsConfig,
  S3ArtifactStore,
} from './artifacts';
import {
  AuthorizedBulkService,
  bulkDefinition,
  BulkExecution,
  BulkService,
  BULK_PIPELINE_ID,
} from './bulk';
import { AuthorizedComparisonService, ComparisonService } from './comparison';
import { migrateDatabase } from './database';
import {
  AllowedFolders,
  AuthorizedPipelinesService,
  DefinitionsService,
  readDefinitionsConfig,
  readPortalConfig,
} from './definitions';
import {
  AttemptFolder,
  OutsideEngine,
  ProcessEngine,
  SystemEngine,
} from './engines';
import type { PipelinesEnvironment } from './environment';
import {
  AuthorizedFailuresService,
  DatabaseFailuresStore,
  FailuresService,
} from './failures';
import { HealthService } from './health';
import { DatabaseLiveService } from './live';
import {
  AuthorizedLogSearch,
  AuthorizedLogsService,
  AuthorizedStreams,
  LogSearcher,
  LogsService,
  readLogsConfig,
  RunStreamHub,
  TemplatesService,
} from './logs';
import { PipelineAccess } from './permissions';
import {
  AuthorizedQueueService,
  DatabaseRunQueue,
  QueueService,
} from './queue';
import { readFoldersConfig } from './readFoldersConfig';
import {
  AuthorizedReportersService,
  checkReporterTokens,
  readReportersConfig,
  ReportersService,
} from './reporters';
import {
  AuthorizedRunsService,
  readRetentionConfig,
  RunsService,
} from './runs';
import { createTriggers, readTriggersConfig } from './schedules';
import { readSecretsConfig, RunSecrets, SealedParameters } from './secrets';
import { AuthorizedSettingsService, SettingsService } from './settings';
import {
  AuthorizedStatsService,
  DatabasePipelineActivity,
  readStatsConfig,
  StatsService,
} from './stats';
import { AuthorizedTimelineService, TimelineService } from './timeline';
import { AuthorizedViewsService, ViewsService } from './views';
import { readWorkerConfig } from './worker';

/** The services of every room, each built from those that it may use. */
export type Rooms = Awaited<ReturnType<typeof createRooms>>;

/**
 * Builds the rooms, with the tables as this version needs them.
 *
 * @throws Error that names every wrong definition or limit of the configuration
 */
export async function createRooms(env: PipelinesEnvironment) {
  const { artifactStores, config, engines, logger } = env;
  const folders = readFoldersConfig(config);
  const workerConfig = readWorkerConfig(config);
  const logsConfig = readLogsConfig(config);
  const artifactsConfig = readArtifactsConfig(config, folders);
  const statsConfig = readStatsConfig(config);
  const sealedParameters = new SealedParameters(readSecretsConfig(config));

  const closing: (() => void | Promise<void>)[] = [];
  const lifecycle = {
    addShutdownHook: (hook: () => void | Promise<void>) => {
      closing.push(hook);
    },
  };

  // Settings are read later than engines are made.
  let slots = () => workerConfig.slots;
  const processEngine = ProcessEngine.create({
    workRoot: folders.data,
    logger,
    shimPoolSize: () => (workerConfig.enabled ? slots() : 0),
  });
  lifecycle.addShutdownHook(() => processEngine.stop());
  engines.addEngine(processEngine);
  const systemEngine = SystemEngine.create({ workRoot: folders.data, logger });
  engines.addEngine(systemEngine);
  engines.addEngine(new OutsideEngine());
  const checked = readDefinitionsConfig({
    config,
    engines,
    root: folders.root,
  });
  const triggersConfig = readTriggersConfig(config, checked);
  const reporters = readReportersConfig({
    config,
    pipelineIds: checked.map(({ id }) => id),
  });
  checkReporterTokens({ config, reporters: reporters.values() });

  const knex = await migrateDatabase(env.database);
  const definitions = await DefinitionsService.create({
    knex,
    definitions: [...checked, bulkDefinition(systemEngine.capabilities)],
    portal: readPortalConfig(config, {
      root: folders.root,
      slots: workerConfig.slots,
      retention: readRetentionConfig(config),
    }),
    folders: new AllowedFolders(folders.roots),
    logger,
  });
  slots = () => definitions.portalSettings().slots;
  const live = DatabaseLiveService.create({ ...env, lifecycle, knex });
  definitions.follow({ live, lifecycle });

  const secrets = new RunSecrets({ knex, sealedParameters });
  const queueControl = new QueueService({ knex, definitions });
  const runs = new RunsService({
    knex,
    definitions,
    secrets: sealedParameters,
    waitingOf: runId => queueControl.waitingOf(runId),
  });
  const access = PipelineAccess.create({ ...env, definitions, runs });
  const authorizedRuns = new AuthorizedRunsService({ runs, access });
  const queue = new DatabaseRunQueue({ knex, definitions });
  lifecycle.addShutdownHook(() => queue.close());
  const logs = LogsService.create({
    knex,
    live,
    config: logsConfig,
    lifecycle,
  });
  const hub = RunStreamHub.create({
    ...env,
    knex,
    runs,
    live,
    config: logsConfig,
  });
  artifactStores.addArtifactStore(
    await LocalArtifactStore.create(artifactsConfig),
  );
  if (artifactsConfig.s3) {
    const bucket = new S3ArtifactStore(artifactsConfig.s3);
    artifactStores.addArtifactStore(bucket);
    lifecycle.addShutdownHook(() => bucket.close());
  }
  artifactStores.use(artifactsConfig.store);
  const artifacts = new ArtifactsService({
    knex,
    logger,
    stores: artifactStores,
    maxBytes: artifactsConfig.maxBytes,
    folderOf: attempt => AttemptFolder.of(folders.data, attempt).artifacts,
  });
  systemEngine.register(
    BULK_PIPELINE_ID,
    BulkExecution.createHandler({ knex, runs, queue, logger }),
  );
  const stats = new StatsService({ knex, ...statsConfig });
  const triggers = createTriggers({
    knex,
    config: triggersConfig,
    definitions,
    runs,
    queue: queueControl,
    live,
    access,
    logger,
  });

  return {
    knex,
    folders,
    workerConfig,
    statsConfig,
    definitions,
    live,
    sealedParameters,
    secrets,
    runs,
    queue,
    queueControl,
    logs,
    artifacts,
    triggers,
    failures: new DatabaseFailuresStore(knex),
    authorized: {
      pipelines: new AuthorizedPipelinesService({
        definitions,
        access,
        activity: new DatabasePipelineActivity(knex),
        queue: queueControl,
      }),
      runs: authorizedRuns,
      queue: new AuthorizedQueueService({
        queue,
        service: queueControl,
        definitions,
        runs: authorizedRuns,
        access,
      }),
      bulk: new AuthorizedBulkService({
        bulk: new BulkService({ knex, runs, definitions }),
        access,
      }),
      logs: new AuthorizedLogsService({ logs, runs: authorizedRuns }),
      logSearch: new AuthorizedLogSearch({
        searcher: new LogSearcher({ knex }),
        runs: authorizedRuns,
        templates: new TemplatesService({ knex }),
      }),
      streams: new AuthorizedStreams({ hub, runs: authorizedRuns }),
      artifacts: new AuthorizedArtifactsService({
        artifacts,
        runs: authorizedRuns,
      }),
      stats: new AuthorizedStatsService({ stats, access }),
      timeline: new AuthorizedTimelineService({
        timeline: new TimelineService({ knex, runs, definitions }),
        definitions,
        access,
      }),
      failures: new AuthorizedFailuresService({
        failures: new FailuresService({ knex }),
        runs: authorizedRuns,
        access,
      }),
      views: new AuthorizedViewsService({
        views: new ViewsService({ knex }),
        access,
        userInfo: env.userInfo,
      }),
      comparison: new AuthorizedComparisonService({
        comparison: new ComparisonService({ knex, definitions }),
        runs: authorizedRuns,
        access,
      }),
      reporters: new AuthorizedReportersService({
        reporters: new ReportersService({
          knex,
          reporters,
          definitions,
          logs,
          artifacts,
          live,
        }),
        access,
      }),
      settings: new AuthorizedSettingsService({
        settings: new SettingsService({ knex, definitions }),
        access,
      }),
    },
    health: new HealthService({ knex, live }),
    /** Lets go of connections and idle processes; to be called when nothing is executed any more. */
    async close(): Promise<void> {
      await Promise.allSettled(closing.map(close => close()));
    },
  };
}
