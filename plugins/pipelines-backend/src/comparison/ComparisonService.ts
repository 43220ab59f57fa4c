import { NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  COMPARED_SUCCESSES,
  MAX_RUN_CHANGES,
  type RunChanges,
  type UsualDuration,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { validate as isUuid } from 'uuid';
import type { DefinitionsService } from '../definitions';
import { MASK, secretPaths, valueAt, withValues } from '../secrets';
import { DatabaseComparisonStore } from './DatabaseComparisonStore';
import { findChanges } from './findChanges';
import type {
  RunFactsRow,
  StepFactsRow,
  UpstreamRow,
} from './operations/readFacts';
import type { ComparedRun } from './types';

/** Says what earlier runs tell of a run, for callers whose permissions were checked. */
export class ComparisonService {
  readonly #store: DatabaseComparisonStore;
  readonly #definitions: DefinitionsService;

  constructor(options: { knex: Knex; definitions: DefinitionsService }) {
    this.#store = new DatabaseComparisonStore(options.knex);
    this.#definitions = options.definitions;
  }

  /**
   * What differs between a run and the last success of its pipeline before it, rarest first.
   *
   * @param mayRead - which pipelines' runs may be told of, where such a run started others
   * @throws NotFoundError when there is no such run
   */
  async readChanges(
    runId: string,
    mayRead: (pipelineId: string) => boolean,
  ): Promise<RunChanges> {
    const row = await this.#store.readFacts(runId);
    if (!row) {
      throw new NotFoundError(`No run '${runId}'`);
    }
    const successes = await this.#store.listSuccessesBefore({
      pipelineId: row.pipeline_id,
      runId,
      limit: COMPARED_SUCCESSES,
    });
    const [run, ...past] = await this.#compared([row, ...successes], mayRead);
    const changes = findChanges(run, past);
    const [last] = successes;
    return {
      ...(last?.finished_at && {
        lastSuccess: {
          id: last.id,
          title: last.title,
          finishedAt: last.finished_at.toISOString(),
        },
      }),
      comparedSuccesses: successes.length,
      changes: changes.slice(0, MAX_RUN_CHANGES),
      moreChanges: Math.max(0, changes.length - MAX_RUN_CHANGES),
    };
  }

  /** How long the last successes of a pipeline that were submitted before a run took. */
  async readUsualDuration(run: {
    id: string;
    pipelineId: string;
  }): Promise<UsualDuration> {
    const durationsMs = await this.#store.listSuccessDurations({
      pipelineId: run.pipelineId,
      runId: run.id,
      limit: COMPARED_SUCCESSES,
    });
    return { durationsMs };
  }

  async #compared(
    rows: readonly RunFactsRow[],
    mayRead: (pipelineId: string) => boolean,
  ): Promise<ComparedRun[]> {
    const [steps, upstream] = await Promise.all([
      this.#store.listStepFacts(rows.map(({ id }) => id)),
      this.#store.listUpstream(rows.flatMap(row => causeOf(row) ?? [])),
    ]);
    const stepsOf = new Map<string, StepFactsRow[]>();
    for (const step of steps) {
      const ofRun = stepsOf.get(step.run_id);
      if (ofRun) {
        ofRun.push(step);
      } else {
        stepsOf.set(step.run_id, [step]);
      }
    }
    const known = new Map(
      upstream
        .filter(({ pipeline_id }) => mayRead(pipeline_id))
        .map(other => [other.id, other]),
    );
    const { parameters = {} } =
      this.#definitions.find(rows[0].pipeline_id) ?? {};
    return rows.map(row =>
      comparedRun(row, {
        schema: parameters,
        steps: stepsOf.get(row.id) ?? [],
        upstream: known.get(causeOf(row) ?? ''),
      }),
    );
  }
}

/** The run whose success started this one; a label that a person has written is none. */
function causeOf({ trigger, caused_by }: RunFactsRow): string | undefined {
  return trigger === 'after' && caused_by && isUuid(caused_by)
    ? caused_by
    : undefined;
}

function comparedRun(
  row: RunFactsRow,
  more: {
    schema: JsonObject;
    steps: readonly StepFactsRow[];
    upstream: UpstreamRow | undefined;
  },
): ComparedRun {
  const { schema, steps, upstream } = more;
  return {
    trigger: row.trigger,
    submitter: row.submitted_by,
    parameters: masked(schema, row.parameters as JsonObject),
    version: row.pipeline_version ?? undefined,
    settings: row.settings_revision,
    resumedFrom: row.resume_from ?? undefined,
    attempts: row.attempt,
    host: row.host ?? undefined,
    upstream: upstream && {
      pipelineId: upstream.pipeline_id,
      version: upstream.pipeline_version ?? undefined,
      settings: upstream.settings_revision,
    },
    metrics: Object.fromEntries(
      Object.entries(row.metrics ?? {}).map(([name, { value }]) => [
        name,
        value,
      ]),
    ),
    steps: new Map(
      steps.map(({ name, state, duration_ms }) => [
        name,
        {
          hasSucceeded: state === 'succeeded',
          durationMs: duration_ms ?? undefined,
        },
      ]),
    ),
    durationMs: row.duration_ms ?? undefined,
  };
}

/** Without what is a secret today, though it may have been none when the run was submitted. */
function masked(schema: JsonObject, parameters: JsonObject): JsonObject {
  return withValues(
    parameters,
    secretPaths(schema)
      .filter(path => valueAt(parameters, path) !== undefined)
      .map(path => ({ path, value: MASK })),
  );
}
