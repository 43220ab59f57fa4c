import { NotFoundError } from '@backstage/errors';
import {
  LISTED_FAILURE_PIPELINES,
  type FailureDetail,
  type FailureStanding,
  type ListFailuresQuery,
  type ListFailuresResponse,
  type RunFailureResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineSet } from '../permissions';
import { DatabaseFailuresStore } from './DatabaseFailuresStore';
import type { FailureAction } from './operations/changeFailure';
import { placeOf, type FailurePlace } from './operations/listGroups';
import { periodOf } from './periodOf';
import {
  presentFailure,
  presentFailureEvent,
  presentStanding,
} from './present';

/** Failures of pipelines that one page of the list looks at. */
const DEFAULT_SCAN_BUDGET = 5_000;
/** Pipelines that the page of a failure names. */
const DETAIL_PIPELINES = 50;
/** Events that the page of a failure shows. */
const DETAIL_EVENTS = 100;

const CursorSchema = z.strictObject({
  lastSeen: z.iso.datetime(),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  pipelineId: z
    .string()
    .max(100)
    .regex(/^[^\0]*$/),
});

/** Lists, reads and changes failures, for callers whose permissions were checked. */
export class FailuresService {
  readonly #store: DatabaseFailuresStore;
  readonly #scanBudget: number;

  constructor(options: {
    knex: Knex;
    /** Failures of pipelines that one page of the list looks at; default 5,000. */
    scanBudget?: number;
  }) {
    this.#store = new DatabaseFailuresStore(options.knex);
    this.#scanBudget = options.scanBudget ?? DEFAULT_SCAN_BUDGET;
  }

  /**
   * One page of the failures that occurred in these pipelines, newest last-seen first.
   *
   * @throws InputError when the period is too long or the cursor is not one
   */
  async list(
    query: ListFailuresQuery,
    pipelines: PipelineSet,
  ): Promise<ListFailuresResponse> {
    const period = periodOf(query.from, await this.#store.now());
    const { rows, searchedTo } = await this.#store.list({
      filter: {
        pipelines,
        from: period.from,
        states: query.state,
        kinds: query.kind,
        text: query.q,
        after: query.cursor ? decodePlace(query.cursor) : undefined,
      },
      limit: query.limit + 1,
      scanBudget: this.#scanBudget,
    });
    const page = rows.slice(0, query.limit);
    const found = await this.#store.readOccurrences({
      fingerprints: page.map(({ fingerprint }) => fingerprint),
      pipelines,
      period,
      pipelinesEach: LISTED_FAILURE_PIPELINES,
    });
    const of = <TRow extends { fingerprint: string }>(
      all: readonly TRow[],
      fingerprint: string,
    ) => all.filter(row => row.fingerprint === fingerprint);
    const last = page.at(-1);
    const next = rows.length > query.limit && last ? placeOf(last) : searchedTo;
    return {
      items: page.map(row =>
        presentFailure(
          row,
          of(found.pipelines, row.fingerprint),
          of(found.spans, row.fingerprint),
          period,
        ),
      ),
      ...(next && { nextCursor: encodePlace(next) }),
      ...(searchedTo && { searchedBackTo: searchedTo.lastSeen.toISOString() }),
    };
  }

  /** Every pipeline in which it was ever seen; none when there is no such failure. */
  listPipelines(fingerprint: string): Promise<string[]> {
    return this.#store.listPipelines(fingerprint);
  }

  /**
   * A failure as far as it occurred in these pipelines.
   *
   * @throws NotFoundError when it occurred in none of them; InputError when the period is too long
   */
  async read(
    fingerprint: string,
    options: { from?: string; pipelineIds: readonly string[] },
  ): Promise<Omit<FailureDetail, 'isControllable'>> {
    const { pipelineIds } = options;
    const period = periodOf(options.from, await this.#store.now());
    const [row, found, lastRun, events] = await Promise.all([
      this.#store.read(fingerprint),
      this.#store.readOccurrences({
        fingerprints: [fingerprint],
        pipelines: pipelineIds,
        period,
        pipelinesEach: DETAIL_PIPELINES,
      }),
      this.#store.readLastRun(fingerprint, pipelineIds),
      this.#store.listEvents({
        fingerprint,
        pipelineIds,
        limit: DETAIL_EVENTS,
      }),
    ]);
    if (!row || found.pipelines.length === 0) {
      throw new NotFoundError(`No failure '${fingerprint}'`);
    }
    return {
      ...presentFailure(row, found.pipelines, found.spans, period),
      totalOccurrences: found.pipelines[0].group_runs,
      ...(lastRun && {
        lastRun: {
          id: lastRun.id,
          pipelineId: lastRun.pipeline_id,
          title: lastRun.title,
          message: lastRun.error_message ?? '',
          at: lastRun.at.toISOString(),
        },
      }),
      history: events.map(presentFailureEvent),
    };
  }

  /**
   * The failure that ended a run, as far as it occurred in those of its pipelines that `mayRead`
   * accepts; empty when there is none, or none yet.
   */
  async readOfRun(
    runId: string,
    mayRead: (pipelineId: string) => boolean,
  ): Promise<RunFailureResponse> {
    const row = await this.#store.readOfRun(runId);
    const pipelineIds = row
      ? await this.#store.listPipelines(row.fingerprint)
      : [];
    const totals =
      row &&
      (await this.#store.readTotals(
        row.fingerprint,
        pipelineIds.filter(mayRead),
      ));
    return row && totals
      ? {
          failure: {
            ...presentStanding(row),
            firstSeenAt: totals.first_seen.toISOString(),
            totalOccurrences: totals.runs,
            pipelineCount: totals.pipelines,
          },
        }
      : {};
  }

  /**
   * Resolves, ignores or unresolves it.
   *
   * @throws NotFoundError when there is no such failure; ConflictError when it is so already;
   * InputError when the time until which it is ignored is over
   */
  async change(action: FailureAction): Promise<FailureStanding> {
    return presentStanding(await this.#store.change(action));
  }
}

function encodePlace({ lastSeen, ...place }: FailurePlace): string {
  return encodeCursor({ lastSeen: lastSeen.toISOString(), ...place });
}

function decodePlace(cursor: string): FailurePlace {
  const { lastSeen, ...place } = decodeCursor(CursorSchema, cursor);
  return { lastSeen: new Date(lastSeen), ...place };
}
