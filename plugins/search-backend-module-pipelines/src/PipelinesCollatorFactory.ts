import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  DocumentCollatorFactory,
  IndexableDocument,
} from '@backstage/plugin-search-common';
import {
  PIPELINE_DOCUMENT_TYPE,
  pipelineReadPermission,
  type Pipeline,
  type PipelineDocument,
  type PipelinesClient,
} from '@millrace/backstage-plugin-pipelines-common';
import { listAllPipelines } from '@millrace/backstage-plugin-pipelines-node';
import { Readable } from 'node:stream';
import { textOf } from './textOf';
import type { CollatorLimits } from './readCollatorsConfig';

/** One document for each pipeline; those who may see the pipeline find it. */
export class PipelinesCollatorFactory implements DocumentCollatorFactory {
  readonly type = PIPELINE_DOCUMENT_TYPE;
  readonly visibilityPermission = pipelineReadPermission;
  readonly #client: Pick<PipelinesClient, 'listPipelines'>;
  readonly #limits: CollatorLimits;
  readonly #logger: LoggerService;

  constructor(options: {
    client: Pick<PipelinesClient, 'listPipelines'>;
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

  async *#documents(): AsyncGenerator<IndexableDocument & PipelineDocument> {
    let count = 0;
    for await (const pipeline of listAllPipelines(
      this.#client,
      this.#limits.maxPipelines,
    )) {
      count++;
      yield documentOf(pipeline);
    }
    this.#logger.debug(`Indexed ${count} pipelines`);
  }
}

function documentOf(pipeline: Pipeline): IndexableDocument & PipelineDocument {
  const { id, title, description, owner, entity } = pipeline;
  return {
    title,
    text: textOf([description, id, owner, entity]),
    location: `/pipelines/definitions/${encodeURIComponent(id)}`,
    pipelineId: id,
    description,
    owner,
    entity,
    authorization: { resourceRef: id },
  };
}
