import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  pipelineConfigurePermission,
  pipelineReadPermission,
  type ListRevisionsResponse,
  type Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { SettingsService } from './SettingsService';
import type { SettingsSubject } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/**
 * Lets callers read the settings of pipelines that they may see, and edit those that they may
 * configure; settings of the portal are for those who may configure.
 *
 * @remarks
 * `pipelineId` is absent for the settings of the portal. To edit those one must be allowed to
 * configure every pipeline, because they hold for all.
 */
export class AuthorizedSettingsService {
  readonly #settings: SettingsService;
  readonly #access: PipelineAccess;

  constructor(options: { settings: SettingsService; access: PipelineAccess }) {
    this.#settings = options.settings;
    this.#access = options.access;
  }

  /** @throws NotFoundError when there is no such pipeline, or the caller may not see it */
  async read(
    pipelineId: string | undefined,
    options: CallOptions,
  ): Promise<Settings> {
    return this.#settings.read(await this.#readable(pipelineId, options));
  }

  /** {@inheritDoc SettingsService.save} */
  async save(
    pipelineId: string | undefined,
    request: {
      patch: JsonObject;
      baseRevision: number;
      note?: string;
      dryRun?: boolean;
    },
    options: CallOptions,
  ): Promise<Settings> {
    const subject = await this.#editable(pipelineId, options);
    const author = callerOf(options.credentials).actor;
    return this.#settings.save(subject, { ...request, author });
  }

  /** {@inheritDoc SettingsService.listRevisions} */
  async listRevisions(
    pipelineId: string | undefined,
    query: { limit: number; cursor?: string },
    options: CallOptions,
  ): Promise<ListRevisionsResponse> {
    const subject = await this.#readable(pipelineId, options);
    return this.#settings.listRevisions(subject, query);
  }

  /** {@inheritDoc SettingsService.restore} */
  async restore(
    pipelineId: string | undefined,
    request: { revision: number; baseRevision: number; note?: string },
    options: CallOptions,
  ): Promise<Settings> {
    const subject = await this.#editable(pipelineId, options);
    const author = callerOf(options.credentials).actor;
    return this.#settings.restore(subject, { ...request, author });
  }

  async #readable(
    pipelineId: string | undefined,
    { credentials }: CallOptions,
  ): Promise<SettingsSubject> {
    const subject = this.#settings.subjectOf(pipelineId);
    if (pipelineId === undefined) {
      const configurable = await this.#access.pipelinesFor(
        pipelineConfigurePermission,
        credentials,
      );
      if (configurable !== 'all' && configurable.length === 0) {
        throw new NotAllowedError(
          'You may not configure any pipeline, so you may not see the settings of the portal',
        );
      }
    } else if (
      !(await this.#access.isAllowed(
        pipelineReadPermission,
        { pipelineId },
        credentials,
      ))
    ) {
      throw noPipeline(pipelineId);
    }
    if (!subject) {
      throw noPipeline(pipelineId);
    }
    return subject;
  }

  async #editable(
    pipelineId: string | undefined,
    options: CallOptions,
  ): Promise<SettingsSubject> {
    const subject = await this.#readable(pipelineId, options);
    const { credentials } = options;
    const permission = pipelineConfigurePermission;
    if (pipelineId === undefined) {
      const configurable = await this.#access.pipelinesFor(
        permission,
        credentials,
      );
      if (configurable !== 'all') {
        throw new NotAllowedError(
          'The settings of the portal hold for every pipeline, and you may configure only some',
        );
      }
    } else if (
      !(await this.#access.isAllowed(permission, { pipelineId }, credentials))
    ) {
      throw new NotAllowedError(
        `Not allowed to configure pipeline '${pipelineId}'`,
      );
    }
    return subject;
  }
}

function noPipeline(pipelineId: string | undefined): NotFoundError {
  return new NotFoundError(
    `No pipeline '${pipelineId}', or you may not see it`,
  );
}
