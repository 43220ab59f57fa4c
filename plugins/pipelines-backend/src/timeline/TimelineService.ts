import type {
  PipelineGrid,
  PipelineGridQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { RunsService } from '../runs';
import { DatabaseTimelineStore } from './DatabaseTimelineStore';
import { presentGridRun } from './present';
import { stepOrder } from './stepOrder';

/** Shows runs side by side, for callers whose permissions were checked. */
export class TimelineService {
  readonly #store: DatabaseTimelineStore;
  readonly #runs: Pick<RunsService, 'listRuns'>;

  constructor(options: { knex: Knex; runs: Pick<RunsService, 'listRuns'> }) {
    this.#store = new DatabaseTimelineStore(options.knex);
    this.#runs = options.runs;
  }

  /** The newest runs of a pipeline that match, with the steps of their latest attempts. */
  async readGrid(
    pipelineId: string,
    query: PipelineGridQuery,
  ): Promise<PipelineGrid> {
    const [now, page] = await Promise.all([
      this.#store.now(),
      this.#runs.listRuns(query, [pipelineId]),
    ]);
    const rows = await this.#store.readGridSteps(
      page.items.map(({ id }) => id),
    );
    const rowOf = new Map(rows.map(row => [row.id, row]));
    // A run that was deleted in between is in none of them.
    const found = page.items.flatMap(run => {
      const row = rowOf.get(run.id);
      return row ? [{ run, row }] : [];
    });
    const steps = stepOrder(
      found.map(({ row }) => row.steps.map(({ name }) => name)),
    );
    const order = new Map(steps.map((name, index) => [name, index]));
    return {
      asOf: now.toISOString(),
      steps,
      runs: found.map(({ run, row }) => presentGridRun(run, row, order)),
      ...(page.searchedBackTo && { searchedBackTo: page.searchedBackTo }),
    };
  }
}
