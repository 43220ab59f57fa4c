import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import type { ArtifactsService } from './ArtifactsService';
import type { OpenableArtifact, ReadableRuns } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Shows artifacts of runs that the caller may see; all others do not exist. */
export class AuthorizedArtifactsService {
  readonly #artifacts: ArtifactsService;
  readonly #runs: ReadableRuns;

  constructor(options: { artifacts: ArtifactsService; runs: ReadableRuns }) {
    this.#artifacts = options.artifacts;
    this.#runs = options.runs;
  }

  /** @throws NotFoundError when there is no such run, or the caller may not see it */
  async list(runId: string, options: CallOptions): Promise<RunArtifact[]> {
    await this.#runs.identifyRun(runId, options);
    return this.#artifacts.list(runId);
  }

  /** @throws NotFoundError when there is none, or the caller may not see its run */
  async open(
    runId: string,
    artifactId: string,
    options: CallOptions,
  ): Promise<OpenableArtifact> {
    await this.#runs.identifyRun(runId, options);
    return this.#artifacts.open(runId, artifactId);
  }
}
