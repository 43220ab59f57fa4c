import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  runReadPermission,
  type Stats,
  type StatsHistory,
  type StatsHistoryQuery,
  type StatsByPipeline,
  type StatsQuery,
  type StatsTotalsQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineAccess } from '../permissions';
import type { StatsService } from './StatsService';

/** Counts only runs of pipelines that the caller may see. */
export class AuthorizedStatsService {
  readonly #stats: StatsService;
  readonly #access: PipelineAccess;

  constructor(options: { stats: StatsService; access: PipelineAccess }) {
    this.#stats = options.stats;
    this.#access = options.access;
  }

  async getStats(
    query: StatsTotalsQuery,
    options: { credentials: BackstageCredentials },
  ): Promise<Stats> {
    return this.#stats.getStats(query, await this.#pipelines(query, options));
  }

  async getStatsByPipeline(
    query: StatsTotalsQuery,
    options: { credentials: BackstageCredentials },
  ): Promise<StatsByPipeline> {
    return this.#stats.getStatsByPipeline(
      query,
      await this.#pipelines(query, options),
    );
  }

  async getHistory(
    query: StatsHistoryQuery,
    options: { credentials: BackstageCredentials },
  ): Promise<StatsHistory> {
    return this.#stats.getHistory(query, await this.#pipelines(query, options));
  }

  async #pipelines(
    query: StatsQuery,
    options: { credentials: BackstageCredentials },
  ) {
    const readable = await this.#access.pipelinesFor(
      runReadPermission,
      options.credentials,
    );
    return this.#access.narrow(readable, query);
  }
}
