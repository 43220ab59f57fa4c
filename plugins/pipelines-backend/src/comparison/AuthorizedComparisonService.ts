import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  runReadPermission,
  type RunChanges,
  type UsualDuration,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineAccess } from '../permissions';
import type { AuthorizedRunsService, RunIdentity } from '../runs';
import type { ComparisonService } from './ComparisonService';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Compares a run with others for those who may see them all. */
export class AuthorizedComparisonService {
  readonly #comparison: ComparisonService;
  readonly #runs: Pick<AuthorizedRunsService, 'identifyRun'>;
  readonly #access: PipelineAccess;

  constructor(options: {
    comparison: ComparisonService;
    runs: Pick<AuthorizedRunsService, 'identifyRun'>;
    access: PipelineAccess;
  }) {
    this.#comparison = options.comparison;
    this.#runs = options.runs;
    this.#access = options.access;
  }

  /**
   * @throws NotFoundError when there is no such run, or the caller may not see it;
   * NotAllowedError when the caller may see this run of its pipeline, but not the others
   */
  async readChanges(runId: string, options: CallOptions): Promise<RunChanges> {
    const { mayRead } = await this.#judgeOthers(runId, options);
    return this.#comparison.readChanges(runId, mayRead);
  }

  /** @throws as {@link AuthorizedComparisonService.readChanges} */
  async readUsualDuration(
    runId: string,
    options: CallOptions,
  ): Promise<UsualDuration> {
    const { run } = await this.#judgeOthers(runId, options);
    return this.#comparison.readUsualDuration(run);
  }

  /** Which pipelines' runs the caller may see, among them all runs of this run's pipeline. */
  async #judgeOthers(
    runId: string,
    options: CallOptions,
  ): Promise<{
    run: RunIdentity;
    mayRead: (pipelineId: string) => boolean;
  }> {
    const [run, mayRead] = await Promise.all([
      this.#runs.identifyRun(runId, options),
      this.#access.judge(runReadPermission, options.credentials),
    ]);
    const { pipelineId } = run;
    if (!mayRead({ pipelineId })) {
      throw new NotAllowedError(
        `Comparing run '${runId}' with others needs the permission '${runReadPermission.name}' on all runs of pipeline '${pipelineId}'`,
      );
    }
    return { run, mayRead: id => mayRead({ pipelineId: id }) };
  }
}
