import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  runReadPermission,
  type PipelineGrid,
  type PipelineGridQuery,
  type Timeline,
  type TimelineQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService } from '../definitions';
import type { PipelineAccess } from '../permissions';
import type { TimelineService } from './TimelineService';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Shows each caller the runs of the pipelines that they may see. */
export class AuthorizedTimelineService {
  readonly #timeline: TimelineService;
  readonly #definitions: Pick<DefinitionsService, 'find' | 'listKnown'>;
  readonly #access: PipelineAccess;

  constructor(options: {
    timeline: TimelineService;
    definitions: Pick<DefinitionsService, 'find' | 'listKnown'>;
    access: PipelineAccess;
  }) {
    this.#timeline = options.timeline;
    this.#definitions = options.definitions;
    this.#access = options.access;
  }

  /** @throws NotFoundError when there is no such pipeline, or the caller may not see its runs */
  async readGrid(
    pipelineId: string,
    query: PipelineGridQuery,
    { credentials }: CallOptions,
  ): Promise<PipelineGrid> {
    const [known, isAllowed] = await Promise.all([
      this.#definitions.listKnown(),
      this.#access.isAllowed(runReadPermission, { pipelineId }, credentials),
    ]);
    if (
      !isAllowed ||
      this.#definitions.find(pipelineId)?.internal ||
      !known.some(({ id }) => id === pipelineId)
    ) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}', or you may not see its runs`,
      );
    }
    return this.#timeline.readGrid(pipelineId, query);
  }

  /** @throws NotAllowedError when the policy lets the caller see no run at all */
  async readTimeline(
    query: TimelineQuery,
    { credentials }: CallOptions,
  ): Promise<Timeline> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    return this.#timeline.readTimeline(
      query,
      await this.#access.narrow(readable, query),
    );
  }
}
