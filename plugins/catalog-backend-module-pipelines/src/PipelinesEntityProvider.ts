import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { PipelinesClient } from '@millrace/backstage-plugin-pipelines-common';
import { listAllPipelines } from '@millrace/backstage-plugin-pipelines-node';
import { entityOf, type EntityOptions } from './entityOf';

/** The catalog knows by it which entities are ours, so it never changes. */
const PROVIDER_NAME = 'pipelines';

/** Pipelines that are brought into the catalog; more are left out with a warning. */
const MAX_PIPELINES = 10_000;

/**
 * Replaces all of its entities each time by what the API answers, so that those of pipelines
 * that are gone vanish; while the API does not answer, they stay as they are.
 */
export class PipelinesEntityProvider implements EntityProvider {
  readonly #options: EntityOptions & {
    client: Pick<PipelinesClient, 'listPipelines'>;
    logger: LoggerService;
    taskRunner: SchedulerServiceTaskRunner;
  };

  constructor(
    options: EntityOptions & {
      client: Pick<PipelinesClient, 'listPipelines'>;
      logger: LoggerService;
      taskRunner: SchedulerServiceTaskRunner;
    },
  ) {
    this.#options = options;
  }

  getProviderName(): string {
    return PROVIDER_NAME;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    await this.#options.taskRunner.run({
      id: `${PROVIDER_NAME}:refresh`,
      fn: () => this.#refresh(connection),
    });
  }

  async #refresh(connection: EntityProviderConnection): Promise<void> {
    const { client, logger } = this.#options;
    const entities = [];
    for await (const pipeline of listAllPipelines(client, MAX_PIPELINES)) {
      entities.push({
        entity: entityOf(pipeline, this.#options),
        locationKey: PROVIDER_NAME,
      });
    }
    if (entities.length >= MAX_PIPELINES) {
      logger.warn(
        `The catalog takes the first ${MAX_PIPELINES} pipelines, by title; any others are not in it`,
      );
    }
    await connection.applyMutation({ type: 'full', entities });
    logger.debug(`${entities.length} pipelines are in the catalog`);
  }
}
