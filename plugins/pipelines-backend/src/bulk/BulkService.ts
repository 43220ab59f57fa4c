import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  MAX_BULK_RUNS,
  type Bulk,
  type ListBulkItemsQuery,
  type ListBulkItemsResponse,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { inTransaction } from '../database';
import type { DefinitionsService } from '../definitions';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineSet, PipelineTarget } from '../permissions';
import {
  assertStorable,
  type Actor,
  type RunCandidate,
  type RunsService,
} from '../runs';
import { BULK_PIPELINE_ID } from './bulkDefinition';
import { DatabaseBulkStore } from './DatabaseBulkStore';
import { presentBulk, presentItem } from './present';
import { refusalOf } from './refusalOf';
import {
  BulkParametersSchema,
  DONE_BY,
  type BulkRequest,
  type BulkRow,
  type ResolvedRuns,
} from './types';

/** The reason for runs that are named and cannot be found. */
const UNKNOWN = 'no such run, or one that you may not see';

const ItemsCursorSchema = z.strictObject({ after: z.int32().min(1) });

/** Which runs the caller may see and act on. */
export interface BulkAuthority {
  /** Pipelines whose runs the caller may see, and that the filter names. */
  pipelines: PipelineSet;
  mayControl(target: PipelineTarget): boolean;
  mayRun(target: PipelineTarget): boolean;
}

/**
 * Resolves, begins and reads bulk actions, for callers whose permissions were checked.
 *
 * @remarks
 * What an action is done to is decided when it is submitted, with what its submitter may do
 * then; that list is stored and is all the authority that the execution has.
 */
export class BulkService {
  readonly #knex: Knex;
  readonly #store: DatabaseBulkStore;
  readonly #runs: RunsService;
  readonly #definitions: DefinitionsService;

  constructor(options: {
    knex: Knex;
    runs: RunsService;
    definitions: DefinitionsService;
  }) {
    this.#knex = options.knex;
    this.#store = new DatabaseBulkStore(options.knex);
    this.#runs = options.runs;
    this.#definitions = options.definitions;
  }

  /**
   * Sorts the runs of a request into those that it can be done to and the others.
   *
   * @throws InputError when more than 10,000 runs match, or too many would have to be looked at
   */
  async resolve(
    request: BulkRequest,
    authority: BulkAuthority,
  ): Promise<ResolvedRuns> {
    const { candidates, unknown } = await this.#listCandidates(
      request,
      authority.pipelines,
    );
    const circumstances = {
      ...authority,
      definitionOf: (pipelineId: string) => this.#definitions.find(pipelineId),
      resumable: request.fromFailedStep
        ? await this.#runs.listResumeSteps(candidates.map(({ id }) => id))
        : new Map(),
    };
    const items: RunCandidate[] = [];
    const skipped = new Map<string, number>();
    if (unknown > 0) {
      skipped.set(UNKNOWN, unknown);
    }
    for (const run of candidates) {
      const reason = refusalOf(run, request, circumstances);
      if (reason) {
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      } else {
        items.push(run);
      }
    }
    return {
      matches: candidates.length,
      items: inOrder(items, request),
      skipped,
    };
  }

  /**
   * Begins to do it; a worker carries it out.
   *
   * @throws ConflictError when the number differs from the one that the person was shown;
   * InputError when there is nothing to do
   */
  async submit(
    request: BulkRequest,
    resolved: ResolvedRuns,
    by: { actor: Actor; trigger: RunTrigger },
  ): Promise<Bulk> {
    const { action, runIds, dryRun, expected, ...rest } = request;
    const count = resolved.items.length;
    assertStorable('reason', request.reason ?? '');
    if (expected !== undefined && expected !== count) {
      throw new ConflictError(
        `You were shown ${expected} runs that can be ${DONE_BY[action]}, but now there are ${count}; look at them again`,
      );
    }
    if (count === 0) {
      throw new InputError(
        `None of these runs can be ${DONE_BY[action]}: ${
          [...resolved.skipped.keys()].join('; ') || 'no run matches'
        }`,
      );
    }
    const bulkId = await inTransaction(this.#knex, {}, async trx => {
      const { id } = await this.#runs.submitRun(
        {
          request: {
            pipelineId: BULK_PIPELINE_ID,
            parameters: { ...rest, action, total: count },
          },
          ...by,
          reason: request.reason,
        },
        { trx },
      );
      await this.#store.insertItems(trx, id, resolved.items);
      return id;
    });
    return this.read(bulkId);
  }

  /** @throws NotFoundError when there is no such bulk action */
  async read(bulkId: string): Promise<Bulk> {
    const row = await this.#read(bulkId);
    return presentBulk(row, await this.#store.count(bulkId));
  }

  /**
   * Who submitted it, and the pipelines of its runs.
   *
   * @throws NotFoundError when there is no such bulk action
   */
  async identify(
    bulkId: string,
  ): Promise<{ submittedBy: Actor; pipelineIds: string[] }> {
    const row = await this.#read(bulkId);
    return {
      submittedBy: row.submitted_by,
      pipelineIds: await this.#store.listPipelines(bulkId),
    };
  }

  /** One page of what became of its runs, in the order in which it is done. */
  async listItems(
    bulkId: string,
    query: ListBulkItemsQuery,
  ): Promise<ListBulkItemsResponse> {
    const { cursor, limit, state } = query;
    const rows = await this.#store.listItems({
      bulkId,
      state,
      after: cursor ? decodeCursor(ItemsCursorSchema, cursor).after : 0,
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(presentItem),
      ...(rows.length > limit &&
        last && { nextCursor: encodeCursor({ after: last.position }) }),
    };
  }

  async #read(bulkId: string): Promise<BulkRow> {
    const row = await this.#store.read(bulkId);
    if (!row) {
      throw new NotFoundError(`No bulk action '${bulkId}'`);
    }
    return { ...row, parameters: BulkParametersSchema.parse(row.parameters) };
  }

  async #listCandidates(
    request: BulkRequest,
    pipelines: PipelineSet,
  ): Promise<{ candidates: RunCandidate[]; unknown: number }> {
    if (request.runIds) {
      const runIds = [...new Set(request.runIds.map(id => id.toLowerCase()))];
      const candidates = await this.#runs.listNamedCandidates(
        runIds,
        pipelines,
      );
      return { candidates, unknown: runIds.length - candidates.length };
    }
    const candidates = await this.#runs.listMatchingCandidates(
      request.filter ?? {},
      pipelines,
      MAX_BULK_RUNS,
    );
    if (!candidates) {
      throw new InputError(
        `More than ${MAX_BULK_RUNS} runs match, or too many would have to be looked at; narrow the filter, for example to a pipeline, to a shorter time, or to the states that can be ${
          DONE_BY[request.action]
        }`,
      );
    }
    return { candidates, unknown: 0 };
  }
}

/**
 * Oldest first, so that retries queue up as the runs before them did; cancels of queued runs
 * before those of others, or the slots that become free would start some of them.
 */
function inOrder(
  items: readonly RunCandidate[],
  { action }: BulkRequest,
): RunCandidate[] {
  const oldestFirst = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  const queuedFirst = action === 'cancel' || action === 'pause';
  return queuedFirst
    ? [
        ...oldestFirst.filter(({ state }) => state === 'queued'),
        ...oldestFirst.filter(({ state }) => state !== 'queued'),
      ]
    : oldestFirst;
}
