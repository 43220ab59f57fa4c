import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  pipelineReadPermission,
  runReadPermission,
  type ListPipelinesQuery,
  type ListPipelinesResponse,
  type Pause,
  type Pipeline,
  type RecentRun,
} from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineAccess } from '../permissions';
import type { DefinitionsService } from './DefinitionsService';
import { presentPipeline } from './present';
import type { PipelineDefinition } from './types';

/** Newest runs shown with a pipeline. */
const RECENT_RUNS = 14;

/** What a pipeline's runs are doing; the rooms that know of runs implement it. */
export interface PipelineActivity {
  /** Runs that are not over, by pipeline. */
  countActive(
    pipelineIds: readonly string[],
  ): Promise<Map<string, { queued: number; running: number }>>;
  /** The newest runs, newest first, by pipeline. */
  listRecent(
    pipelineIds: readonly string[],
    limit: number,
  ): Promise<Map<string, RecentRun[]>>;
}

/** Which pipelines are paused; the room of the queue implements it. */
export interface PipelinePauses {
  pauses(): Promise<{ pipelines: ReadonlyMap<string, Pause> }>;
}

/** Shows each caller the pipelines that they may see. */
export class AuthorizedPipelinesService {
  readonly #definitions: DefinitionsService;
  readonly #access: PipelineAccess;
  readonly #activity: PipelineActivity;
  readonly #queue: PipelinePauses;

  constructor(options: {
    definitions: DefinitionsService;
    access: PipelineAccess;
    activity: PipelineActivity;
    queue: PipelinePauses;
  }) {
    this.#definitions = options.definitions;
    this.#access = options.access;
    this.#activity = options.activity;
    this.#queue = options.queue;
  }

  /** One page, by title. */
  async listPipelines(
    query: ListPipelinesQuery,
    options: { credentials: BackstageCredentials },
  ): Promise<ListPipelinesResponse> {
    const readable = await this.#access.pipelinesFor(
      pipelineReadPermission,
      options.credentials,
    );
    const offset = query.cursor
      ? decodeCursor(z.int().min(0), query.cursor)
      : 0;
    const wanted = await this.#access.narrow(readable, query);
    const matching = this.#definitions
      .list()
      .filter(
        ({ id, internal }) =>
          !internal && (wanted === 'all' || wanted.includes(id)),
      );
    const page = matching.slice(offset, offset + query.limit);
    const end = offset + page.length;
    return {
      items: await this.#present(page, options.credentials),
      ...(end < matching.length && { nextCursor: encodeCursor(end) }),
    };
  }

  /** @throws NotFoundError when there is none, or the caller may not see it */
  async getPipeline(
    pipelineId: string,
    options: { credentials: BackstageCredentials },
  ): Promise<Pipeline> {
    const definition = this.#definitions.find(pipelineId);
    const allowed =
      definition &&
      !definition.internal &&
      (await this.#access.isAllowed(
        pipelineReadPermission,
        { pipelineId },
        options.credentials,
      ));
    if (!allowed) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}', or you may not see it`,
      );
    }
    const [pipeline] = await this.#present([definition], options.credentials);
    return pipeline;
  }

  /** A pipeline without its runs for those who may not see runs. */
  async #present(
    definitions: readonly PipelineDefinition[],
    credentials: BackstageCredentials,
  ): Promise<Pipeline[]> {
    const readable = await this.#access
      .pipelinesFor(runReadPermission, credentials)
      .catch((error): string[] => {
        if (error instanceof NotAllowedError) {
          return [];
        }
        throw error;
      });
    const ids = definitions
      .map(({ id }) => id)
      .filter(id => readable === 'all' || readable.includes(id));
    const [active, recent, paused] = await Promise.all([
      this.#activity.countActive(ids),
      this.#activity.listRecent(ids, RECENT_RUNS),
      this.#queue.pauses(),
    ]);
    const now = new Date();
    return definitions.map(definition =>
      presentPipeline({
        definition,
        active: active.get(definition.id) ?? { queued: 0, running: 0 },
        recentRuns: recent.get(definition.id) ?? [],
        paused: paused.pipelines.get(definition.id),
        now,
      }),
    );
  }
}
