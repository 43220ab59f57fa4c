import type {
  FolderWatch,
  PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import {
  CronPattern,
  type DefinitionsService,
  type PipelineDefinition,
} from '../definitions';
import type { DatabaseSchedulesStore } from './DatabaseSchedulesStore';
import { listRefusedStarts } from './operations/listRefusedStarts';
import type { WebhooksService } from './webhooks/WebhooksService';

/** Starts that are shown ahead. */
const NEXT_STARTS = 5;

/** Shows what starts pipelines by itself, for callers whose permissions were checked. */
export class TriggersService {
  readonly #knex: Knex;
  readonly #store: DatabaseSchedulesStore;
  readonly #definitions: DefinitionsService;
  readonly #watches: { listOf(pipelineId: string): Promise<FolderWatch[]> };
  readonly #webhooks: Pick<WebhooksService, 'listOf'>;

  constructor(options: {
    knex: Knex;
    store: DatabaseSchedulesStore;
    definitions: DefinitionsService;
    watches: { listOf(pipelineId: string): Promise<FolderWatch[]> };
    webhooks: Pick<WebhooksService, 'listOf'>;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#definitions = options.definitions;
    this.#watches = options.watches;
    this.#webhooks = options.webhooks;
  }

  /**
   * Everything that starts this pipeline by itself.
   *
   * @throws NotFoundError when none with this id is configured
   */
  async describe(pipelineId: string): Promise<PipelineTriggers> {
    const definition = this.#definitions.get(pipelineId);
    const [schedule, watches, refused] = await Promise.all([
      this.#describeSchedule(definition),
      this.#watches.listOf(pipelineId),
      listRefusedStarts(this.#knex, pipelineId),
    ]);
    return {
      schedule,
      watches,
      webhooks: this.#webhooks.listOf(pipelineId),
      after: definition.after.map(start => start.pipelineId),
      starts: this.#definitions
        .list()
        .filter(({ after }) =>
          after.some(start => start.pipelineId === pipelineId),
        )
        .map(({ id }) => id),
      ...(refused.length > 0 && {
        refused: refused.map(({ trigger, source, message, at }) => ({
          trigger,
          source,
          message,
          at: at.toISOString(),
        })),
      }),
    };
  }

  async #describeSchedule({
    id,
    schedule,
  }: PipelineDefinition): Promise<PipelineTriggers['schedule']> {
    if (!schedule) {
      return undefined;
    }
    const { now, served } = await this.#store.readAll();
    const next = schedule.enabled
      ? listNext(new CronPattern(schedule), now)
      : [];
    return {
      ...schedule,
      nextAt: next[0],
      next,
      servedUntil: served.get(id)?.servedUntil.toISOString(),
    };
  }
}

function listNext(pattern: CronPattern, now: Date): string[] {
  const next: string[] = [];
  let start = pattern.next(now);
  while (start && next.length < NEXT_STARTS) {
    next.push(start.toISOString());
    start = pattern.next(start);
  }
  return next;
}
