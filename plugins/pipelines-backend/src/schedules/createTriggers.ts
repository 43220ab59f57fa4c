import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { DefinitionsService } from '../definitions';
import type { LiveService } from '../live';
import type { PipelineAccess } from '../permissions';
import type { QueueControl } from '../queue';
import { DatabaseAfterStore } from './after/DatabaseAfterStore';
import { Followers } from './after/Followers';
import { AuthorizedTriggersService } from './AuthorizedTriggersService';
import { Backfiller } from './Backfiller';
import { DatabaseSchedulesStore } from './DatabaseSchedulesStore';
import type { TriggersConfig } from './readTriggersConfig';
import { ScheduleServer } from './ScheduleServer';
import { StartFollowersTask } from './tasks/StartFollowersTask';
import { SubmitDueRunsTask } from './tasks/SubmitDueRunsTask';
import { WatchFoldersTask } from './tasks/WatchFoldersTask';
import { TriggersService } from './TriggersService';
import type { RunSubmitter } from './types';
import { DatabaseHoldersStore } from './watches/DatabaseHoldersStore';
import { DatabaseWatchesStore } from './watches/DatabaseWatchesStore';
import { WatchesService } from './watches/WatchesService';
import { WebhooksService } from './webhooks/WebhooksService';

/** Everything that starts runs by itself, put together. */
export interface Triggers {
  /** For the API. */
  authorized: AuthorizedTriggersService;
  /** Calls from outside. */
  webhooks: WebhooksService;
  /** Serves the schedules from now on. */
  schedule(scheduler: SchedulerService): Promise<void>;
  /** Watches folders and starts what follows other runs, until it is stopped. */
  start(): void;
  stop(): Promise<void>;
}

/** Builds the room from those that it may use. */
export function createTriggers(options: {
  knex: Knex;
  config: TriggersConfig;
  definitions: DefinitionsService;
  runs: RunSubmitter;
  queue: Pick<QueueControl, 'pauses'>;
  live: LiveService;
  access: PipelineAccess;
  logger: LoggerService;
}): Triggers {
  const { knex, config, definitions, runs, queue } = options;
  const store = new DatabaseSchedulesStore(knex);
  const webhooks = new WebhooksService({ ...options, ...config });
  const afterStore = new DatabaseAfterStore(knex);
  const due = new SubmitDueRunsTask({
    definitions,
    server: new ScheduleServer({
      ...options,
      ...config,
      store,
      pauses: () => queue.pauses(),
    }),
  });
  const followers = new StartFollowersTask({
    ...options,
    store: afterStore,
    followers: new Followers({ knex, store: afterStore, runs, definitions }),
  });
  const folders = new WatchFoldersTask({ ...options, ...config });
  return {
    authorized: new AuthorizedTriggersService({
      ...options,
      triggers: new TriggersService({
        knex,
        store,
        definitions,
        watches: new WatchesService({
          store: new DatabaseWatchesStore(knex),
          holders: new DatabaseHoldersStore(knex),
          definitions,
          watches: config.watches,
        }),
        webhooks,
      }),
      backfiller: new Backfiller({ knex, store, runs, definitions }),
    }),
    webhooks,
    schedule: scheduler => due.schedule(scheduler),
    start() {
      followers.start();
      folders.start();
    },
    async stop() {
      await Promise.all([followers.stop(), folders.stop()]);
    },
  };
}
