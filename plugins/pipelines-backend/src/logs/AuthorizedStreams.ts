import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import type { RunStreamHub, ServeStreamOptions } from './RunStreamHub';
import type { ReadableRuns } from './types';

/** Streams runs to callers who may see them, for as long as they may. */
export class AuthorizedStreams {
  readonly #hub: RunStreamHub;
  readonly #runs: ReadableRuns;

  constructor(options: { hub: RunStreamHub; runs: ReadableRuns }) {
    this.#hub = options.hub;
    this.#runs = options.runs;
  }

  /**
   * {@inheritDoc RunStreamHub.serve}
   *
   * @throws NotFoundError also when the caller may not see the run
   */
  async serve(
    options: Omit<ServeStreamOptions, 'authorize'> & {
      credentials: BackstageCredentials;
    },
  ): Promise<void> {
    const { credentials, ...wish } = options;
    const authorize = () => this.#authorize(wish.runId, credentials);
    await authorize();
    await this.#hub.serve({ ...wish, authorize });
  }

  async #authorize(
    runId: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (credentials.expiresAt && credentials.expiresAt.getTime() < Date.now()) {
      throw new AuthenticationError('The token of this stream has expired');
    }
    await this.#runs.getRun(runId, { credentials });
  }
}
