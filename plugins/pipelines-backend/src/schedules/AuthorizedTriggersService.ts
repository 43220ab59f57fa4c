import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  type Backfill,
  type BackfillRequest,
  type PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService } from '../definitions';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { Backfiller } from './Backfiller';
import type { TriggersService } from './TriggersService';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Lets each caller see what starts the pipelines that they may see, and backfill those that they may run. */
export class AuthorizedTriggersService {
  readonly #triggers: TriggersService;
  readonly #backfiller: Backfiller;
  readonly #definitions: Pick<DefinitionsService, 'find'>;
  readonly #access: PipelineAccess;

  constructor(options: {
    triggers: TriggersService;
    backfiller: Backfiller;
    definitions: Pick<DefinitionsService, 'find'>;
    access: PipelineAccess;
  }) {
    this.#triggers = options.triggers;
    this.#backfiller = options.backfiller;
    this.#definitions = options.definitions;
    this.#access = options.access;
  }

  /**
   * What starts a pipeline by itself; other pipelines only where the caller may see them.
   *
   * @throws NotFoundError when there is none, or the caller may not see it
   */
  async getTriggers(
    pipelineId: string,
    { credentials }: CallOptions,
  ): Promise<PipelineTriggers> {
    const isReadable = await this.#judge(pipelineId, credentials);
    const triggers = await this.#triggers.describe(pipelineId);
    return {
      ...triggers,
      after: triggers.after.filter(isReadable),
      starts: triggers.starts.filter(isReadable),
    };
  }

  /**
   * Submits the planned starts of a range in the name of the caller; see `Backfiller.backfill`.
   *
   * @throws NotFoundError for a pipeline that there is not, or that the caller may not see;
   * NotAllowedError for one that the caller may only see
   */
  async backfill(
    options: { pipelineId: string; request: BackfillRequest },
    { credentials }: CallOptions,
  ): Promise<Backfill> {
    const caller = callerOf(credentials);
    await this.#judge(options.pipelineId, credentials);
    const allowed = await this.#access.isAllowed(
      pipelineRunPermission,
      { pipelineId: options.pipelineId },
      credentials,
    );
    if (!allowed) {
      throw new NotAllowedError(
        `Not allowed to run pipeline '${options.pipelineId}'`,
      );
    }
    return this.#backfiller.backfill({
      ...options,
      actor: caller.actor,
      trigger: caller.type === 'user' ? 'manual' : 'api',
    });
  }

  /** Whether the caller may see other pipelines too, when they may see this one. */
  async #judge(
    pipelineId: string,
    credentials: BackstageCredentials,
  ): Promise<(otherId: string) => boolean> {
    const allows = await this.#access.judge(
      pipelineReadPermission,
      credentials,
    );
    const definition = this.#definitions.find(pipelineId);
    if (!definition || definition.internal || !allows({ pipelineId })) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}', or you may not see it`,
      );
    }
    return otherId => allows({ pipelineId: otherId });
  }
}
