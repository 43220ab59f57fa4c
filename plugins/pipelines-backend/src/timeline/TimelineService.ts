import { InputError } from '@backstage/errors';
import {
  MAX_TIMELINE_DAYS,
  MAX_TIMELINE_PIPELINES,
  MAX_TIMELINE_RUNS,
  type PipelineGrid,
  type PipelineGridQuery,
  type Timeline,
  type TimelineQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { DefinitionsService, KnownPipeline } from '../definitions';
import type { PipelineSet } from '../permissions';
import { uuidTime, type RunsService } from '../runs';
import { DatabaseTimelineStore } from './DatabaseTimelineStore';
import type {
  TimelineBudget,
  TimelineRunRow,
} from './operations/readTimelineRuns';
import { plannedStarts } from './plannedStarts';
import { presentGridRun, presentTimelineRun } from './present';
import { stepOrder } from './stepOrder';

const DAY_MS = 86_400_000;

/** Shows runs side by side, for callers whose permissions were checked. */
export class TimelineService {
  readonly #store: DatabaseTimelineStore;
  readonly #runs: Pick<RunsService, 'listRuns'>;

  readonly #definitions: Pick<DefinitionsService, 'find' | 'listKnown'>;
  readonly #maxRuns: number;
  readonly #budget: TimelineBudget | undefined;

  constructor(options: {
    knex: Knex;
    runs: Pick<RunsService, 'listRuns'>;
    definitions: Pick<DefinitionsService, 'find' | 'listKnown'>;
    /** Most runs of one timeline; default 10,000. */
    maxRuns?: number;
    /** How much is looked at for one timeline; default 50,000 runs and 200,000 ends. */
    budget?: TimelineBudget;
  }) {
    this.#store = new DatabaseTimelineStore(options.knex);
    this.#runs = options.runs;
    this.#definitions = options.definitions;
    this.#maxRuns = options.maxRuns ?? MAX_TIMELINE_RUNS;
    this.#budget = options.budget;
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

  /**
   * What these pipelines executed in a window, and when their schedules start them in the rest of it.
   *
   * @throws InputError when the window ends before it begins, or is too long
   */
  async readTimeline(
    query: TimelineQuery,
    pipelines: PipelineSet,
  ): Promise<Timeline> {
    const [from, to] = windowOf(query);
    const [now, known, { rows, completeSince }] = await Promise.all([
      this.#store.now(),
      this.#definitions.listKnown(),
      this.#store.readRuns({
        from,
        to,
        pipelines,
        states: query.state,
        limit: this.#maxRuns + 1,
        budget: this.#budget,
      }),
    ]);
    const shown = rows.slice(0, this.#maxRuns).reverse();
    const runsSince =
      rows.length > this.#maxRuns ? uuidTime(shown[0].id) : completeSince;
    const runsOf = groupByPipeline(shown);
    const wanted = this.#rowsOf(known, pipelines, runsOf);
    const shownPipelines = wanted
      .slice(0, MAX_TIMELINE_PIPELINES)
      .sort(
        (a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id),
      );
    const planned = await plannedStarts(
      shownPipelines.map(({ id }) => this.#definitions.find(id)?.schedule),
      now > from ? now : from,
      to,
    );
    const items = shownPipelines.map(({ id, title, owner }, index) => ({
      id,
      title,
      ...(owner && { owner }),
      runs: (runsOf.get(id) ?? []).map(presentTimelineRun),
      planned: planned[index],
    }));
    const expected = await this.#store.readExpectedDurations(
      items
        .filter(
          item =>
            item.planned.length > 0 ||
            item.runs.some(({ end }) => end === undefined),
        )
        .map(({ id }) => id),
    );
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      asOf: now.toISOString(),
      pipelines: items.map(item => {
        const expectedMs = expected.get(item.id);
        return { ...item, ...(expectedMs !== undefined && { expectedMs }) };
      }),
      ...(runsSince && { runsSince: runsSince.toISOString() }),
      hasMorePipelines: wanted.length > MAX_TIMELINE_PIPELINES,
    };
  }

  /** The pipelines of the set but our own: those with runs, then those that are still configured. */
  #rowsOf(
    known: readonly KnownPipeline[],
    pipelines: PipelineSet,
    runsOf: ReadonlyMap<string, unknown>,
  ): KnownPipeline[] {
    const allowed = known.filter(
      ({ id }) =>
        (pipelines === 'all' || pipelines.includes(id)) &&
        !this.#definitions.find(id)?.internal,
    );
    return [
      ...allowed.filter(({ id }) => runsOf.has(id)),
      ...allowed.filter(
        ({ id }) => !runsOf.has(id) && this.#definitions.find(id),
      ),
    ];
  }
}

function windowOf(query: TimelineQuery): [from: Date, to: Date] {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  if (from >= to) {
    throw new InputError(
      `The window ends at ${query.to}, which is not after its start at ${query.from}`,
    );
  }
  if (to.getTime() - from.getTime() > MAX_TIMELINE_DAYS * DAY_MS) {
    throw new InputError(
      `The window from ${query.from} to ${query.to} is longer than ${MAX_TIMELINE_DAYS} days; choose a shorter one`,
    );
  }
  return [from, to];
}

function groupByPipeline(
  rows: readonly TimelineRunRow[],
): Map<string, TimelineRunRow[]> {
  const groups = new Map<string, TimelineRunRow[]>();
  for (const row of rows) {
    const group = groups.get(row.pipeline_id);
    if (group) {
      group.push(row);
    } else {
      groups.set(row.pipeline_id, [row]);
    }
  }
  return groups;
}
