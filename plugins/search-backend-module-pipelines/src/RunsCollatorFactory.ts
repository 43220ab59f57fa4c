import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import {
  MAX_PAGE_SIZE,
  RUN_DOCUMENT_TYPE,
  RunDocumentSchema,
  runReadPermission,
  UNSUCCESSFUL_RUN_STATES,
  type Pipeline,
  type PipelinesClient,
  type Run,
  type RunDocument,
} from '@millrace/backstage-plugin-pipelines-common';
import { listAllPipelines } from '@millrace/backstage-plugin-pipelines-node';
import { DateTime } from 'luxon';
import { Readable } from 'node:stream';
import type { CollatorLimits } from './readCollatorsConfig';
import { reasonOf, textOf } from './textOf';

type Client = Pick<PipelinesClient, 'listPipelines' | 'listRuns'>;

/**
 * One document for each failed run of recent days, the newest first; those who may see the runs
 * of its pipeline find it.
 *
 * @remarks
 * The newest failed run is always among them, however old it is: an index is left as it was
 * where a collator has no document at all, and would go on leading to runs that are gone.
 */
export class RunsCollatorFactory implements DocumentCollatorFactory {
  readonly type = RUN_DOCUMENT_TYPE;
  readonly visibilityPermission = runReadPermission;
  readonly #client: Client;
  readonly #limits: CollatorLimits;
  readonly #logger: LoggerService;

  constructor(options: {
    client: Client;
    limits: CollatorLimits;
    logger: LoggerService;
  }) {
    this.#client = options.client;
    this.#limits = options.limits;
    this.#logger = options.logger;
  }

  async getCollator(): Promise<Readable> {
    return Readable.from(this.#documents());
  }

  async *#documents(): AsyncGenerator<IndexableDocument & RunDocument> {
    const { maxPipelines, maxRuns, runDays } = this.#limits;
    const since = DateTime.utc().minus({ days: runDays });
    const pipelines = new Map<string, Pipeline>();
    for await (const pipeline of listAllPipelines(this.#client, maxPipelines)) {
      pipelines.set(pipeline.id, pipeline);
    }
    let count = 0;
    for await (const run of this.#failedRuns(maxRuns, since)) {
      if (count > 0 && DateTime.fromISO(run.queuedAt) < since) {
        break;
      }
      count++;
      yield documentOf(run, pipelines.get(run.pipelineId));
    }
    this.#logger.debug(`Indexed ${count} failed runs`);
  }

  /** Newest first; once the search is further back than `since`, it is not continued. */
  async *#failedRuns(max: number, since: DateTime): AsyncGenerator<Run> {
    let left = max;
    let cursor: string | undefined;
    let isRecent = true;
    do {
      const page = await this.#client.listRuns({
        state: UNSUCCESSFUL_RUN_STATES,
        limit: Math.min(left, MAX_PAGE_SIZE),
        cursor,
      });
      yield* page.items;
      left -= page.items.length;
      cursor = page.nextCursor;
      isRecent =
        !page.searchedBackTo || DateTime.fromISO(page.searchedBackTo) >= since;
    } while (cursor && left > 0 && isRecent);
  }
}

function documentOf(
  run: Run,
  pipeline: Pipeline | undefined,
): IndexableDocument & RunDocument {
  const { id, pipelineId, title, error, summary, queuedAt, finishedAt } = run;
  return {
    title,
    text: textOf([error?.message, error?.step, summary, pipeline?.title, id]),
    location: `/pipelines/runs/${id}`,
    runId: id,
    state: RunDocumentSchema.shape.state.parse(run.state),
    pipelineId,
    pipelineTitle: pipeline?.title ?? pipelineId,
    owner: pipeline?.owner,
    entity: pipeline?.entity,
    reason: error && reasonOf(error.message),
    at: finishedAt ?? queuedAt,
    // Rights on a run come from its pipeline, which is asked about once for all of its hits.
    authorization: { resourceRef: pipelineId },
  };
}
