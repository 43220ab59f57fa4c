import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  runControlPermission,
  runReadPermission,
  type FailureDetail,
  type FailureStanding,
  type ListFailuresQuery,
  type ListFailuresResponse,
  type RunFailureResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { AuthorizedRunsService } from '../runs';
import type { FailuresService } from './FailuresService';
import type { FailureAction } from './operations/changeFailure';

interface CallOptions {
  credentials: BackstageCredentials;
}

/**
 * Lets each caller see the failures of the pipelines whose runs they may see, and no more of
 * them than occurred there.
 *
 * @remarks
 * The state of a failure holds for everybody, so only those may change it who may control the
 * runs of every pipeline in which it was ever seen.
 */
export class AuthorizedFailuresService {
  readonly #failures: FailuresService;
  readonly #runs: Pick<AuthorizedRunsService, 'identifyRun'>;
  readonly #access: PipelineAccess;

  constructor(options: {
    failures: FailuresService;
    runs: Pick<AuthorizedRunsService, 'identifyRun'>;
    access: PipelineAccess;
  }) {
    this.#failures = options.failures;
    this.#runs = options.runs;
    this.#access = options.access;
  }

  /** @throws NotAllowedError when the policy lets the caller see no run at all */
  async list(
    query: ListFailuresQuery,
    { credentials }: CallOptions,
  ): Promise<ListFailuresResponse> {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      credentials,
    );
    return this.#failures.list(
      query,
      await this.#access.narrow(readable, query),
    );
  }

  /** @throws NotFoundError when there is none, or it occurred only where the caller may not see it */
  async read(
    fingerprint: string,
    query: { from?: string },
    options: CallOptions,
  ): Promise<FailureDetail> {
    const [{ pipelineIds, readable }, mayControl] = await Promise.all([
      this.#identify(fingerprint, options),
      this.#access.judge(runControlPermission, options.credentials),
    ]);
    const failure = await this.#failures.read(fingerprint, {
      ...query,
      pipelineIds: readable,
    });
    return {
      ...failure,
      isControllable: pipelineIds.every(pipelineId =>
        mayControl({ pipelineId }),
      ),
    };
  }

  /** @throws NotFoundError when there is no such run, or the caller may not see it */
  async readOfRun(
    runId: string,
    options: CallOptions,
  ): Promise<RunFailureResponse> {
    await this.#runs.identifyRun(runId, options);
    const mayRead = await this.#access.judge(
      runReadPermission,
      options.credentials,
    );
    return this.#failures.readOfRun(runId, pipelineId =>
      mayRead({ pipelineId }),
    );
  }

  /**
   * @throws NotFoundError when there is none, or it occurred only where the caller may not see it;
   * NotAllowedError when the caller may not control all pipelines in which it occurred; see also
   * `FailuresService.change`
   */
  async change(
    action: Omit<FailureAction, 'actor'>,
    options: CallOptions,
  ): Promise<FailureStanding> {
    const { fingerprint } = action;
    const [{ pipelineIds }, mayControl] = await Promise.all([
      this.#identify(fingerprint, options),
      this.#access.judge(runControlPermission, options.credentials),
    ]);
    if (!pipelineIds.every(pipelineId => mayControl({ pipelineId }))) {
      throw new NotAllowedError(
        `Changing failure '${fingerprint}' needs the permission '${runControlPermission.name}' on every pipeline in which it occurred`,
      );
    }
    return this.#failures.change({
      ...action,
      actor: callerOf(options.credentials).actor,
    });
  }

  async #identify(
    fingerprint: string,
    { credentials }: CallOptions,
  ): Promise<{ pipelineIds: string[]; readable: string[] }> {
    const [pipelineIds, mayRead] = await Promise.all([
      this.#failures.listPipelines(fingerprint),
      this.#access.judge(runReadPermission, credentials),
    ]);
    const readable = pipelineIds.filter(pipelineId => mayRead({ pipelineId }));
    if (readable.length === 0) {
      throw new NotFoundError(`No failure '${fingerprint}'`);
    }
    return { pipelineIds, readable };
  }
}
