import { InputError, NotFoundError } from '@backstage/errors';
import {
  MAX_PARAMETERS_BYTES,
  type ListRunsQuery,
  type ListRunsResponse,
  type RunAttempt,
  type RunDetail,
  type RunEventsResponse,
  type RunOutput,
  type RunStep,
  type RunTrigger,
  type SubmitRunRequestSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';
import type { TransactionOptions } from '../database';
import { renderTitle, type DefinitionsService } from '../definitions';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineSet } from '../permissions';
import { assertStorable } from './assertStorable';
import { AttemptRecorder } from './AttemptRecorder';
import { DatabaseRunsStore, type SubmittedRun } from './DatabaseRunsStore';
import type { NewRun } from './operations/insertRun';
import type { RunDetailRow } from './operations/readRun';
import {
  presentAttempt,
  presentEvent,
  presentOutput,
  presentRun,
  presentRunDetail,
  presentStep,
} from './present';
import { requestHash } from './requestHash';
import type { Actor, Lease } from './types';
import { uuidAt, uuidTime } from './uuidAt';

/** Rows that one page of a list looks at before it says how far back it has searched. */
const DEFAULT_SCAN_BUDGET = 10_000;

/** 1 to 200 printable ASCII characters, as a header can carry them. */
const IDEMPOTENCY_KEY_PATTERN = /^[\x20-\x7e]{1,200}$/;

/** What the column can hold. */
const MAX_ATTEMPT = 2 ** 31 - 1;

const RunsCursorSchema = z.strictObject({ before: z.uuid() });
const EventsCursorSchema = z.strictObject({ beforeSeq: z.int32().min(1) });

/** A run to be submitted, and by whom. */
export interface SubmitRunOptions {
  request: z.output<typeof SubmitRunRequestSchema>;
  actor: Actor;
  trigger: RunTrigger;
  /** Makes the submit repeatable: the same key and request make one run. */
  idempotencyKey?: string;
}

/** What callers need to know of a run to decide about it. */
export interface RunIdentity {
  id: string;
  pipelineId: string;
  submittedBy: Actor;
  /** Number of the latest attempt; 0 before the first. */
  attempt: number;
}

/** Submits and reads runs, for callers whose permissions were checked. */
export class RunsService {
  readonly #knex: Knex;
  readonly #store: DatabaseRunsStore;
  readonly #definitions: DefinitionsService;
  readonly #scanBudget: number;

  constructor(options: {
    knex: Knex;
    definitions: DefinitionsService;
    /** Rows that one page of a list looks at; default 10,000. */
    scanBudget?: number;
  }) {
    this.#knex = options.knex;
    this.#store = new DatabaseRunsStore(options.knex);
    this.#definitions = options.definitions;
    this.#scanBudget = options.scanBudget ?? DEFAULT_SCAN_BUDGET;
  }

  /**
   * Queues a run, or answers with the one that the same request and key have made before.
   *
   * @throws NotFoundError for an unknown pipeline; InputError for parameters that do not fit it
   * or cannot be stored; ConflictError when the key was used for another request
   */
  async submitRun(
    options: SubmitRunOptions,
    transaction: TransactionOptions = {},
  ): Promise<SubmittedRun> {
    return this.#store.submit(this.#newRun(options), transaction);
  }

  /** Queues the run of a planned start; the same start makes only one run, whoever asks. */
  async submitScheduledRun(options: {
    pipelineId: string;
    startAt: Date;
  }): Promise<void> {
    await this.submitRun({
      request: { pipelineId: options.pipelineId, parameters: {} },
      actor: `schedule:${options.pipelineId}`,
      trigger: 'schedule',
      idempotencyKey: options.startAt.toISOString(),
    });
  }

  /** One page of the runs of these pipelines, newest first. */
  async listRuns(
    query: ListRunsQuery,
    pipelines: PipelineSet,
  ): Promise<ListRunsResponse> {
    const bounds = [
      ...(query.cursor
        ? [decodeCursor(RunsCursorSchema, query.cursor).before]
        : []),
      ...(query.to ? [uuidAt(new Date(query.to))] : []),
    ];
    const { rows, searchedBackTo } = await this.#store.list({
      filter: {
        pipelines,
        states: query.state,
        triggers: query.trigger,
        from: query.from ? uuidAt(new Date(query.from)) : undefined,
        before: bounds.sort()[0],
      },
      limit: query.limit + 1,
      scanBudget: this.#scanBudget,
    });
    const page = rows.slice(0, query.limit);
    const next = rows.length > query.limit ? page.at(-1)?.id : searchedBackTo;
    return {
      items: page.map(presentRun),
      ...(next && { nextCursor: encodeCursor({ before: next }) }),
      ...(next &&
        next === searchedBackTo && {
          searchedBackTo: uuidTime(next).toISOString(),
        }),
    };
  }

  /** @throws NotFoundError when there is no such run */
  async getRun(runId: string): Promise<RunDetail> {
    const row = await this.#read(runId);
    const known = await this.#definitions.listKnown();
    const definition = this.#definitions.find(row.pipeline_id);
    const pipeline = known.find(({ id }) => id === row.pipeline_id);
    return presentRunDetail(row, {
      title: pipeline?.title ?? row.pipeline_id,
      owner: pipeline?.owner,
      entity: pipeline?.entity,
      stopGraceMs: definition?.stopGraceMs ?? 0,
    });
  }

  /** @throws NotFoundError when there is no such run */
  async identifyRun(runId: string): Promise<RunIdentity> {
    const row = await this.#read(runId);
    return {
      id: row.id,
      pipelineId: row.pipeline_id,
      submittedBy: row.submitted_by,
      attempt: row.attempt,
    };
  }

  /** Newest first. */
  async listAttempts(runId: string): Promise<RunAttempt[]> {
    const rows = await this.#store.listAttempts(runId);
    return rows.map(presentAttempt);
  }

  /** Those of the attempts that ended before this time; others go on, or are not known here. */
  listEndedAttempts(
    attempts: readonly { runId: string; attempt: number }[],
    before: Date,
  ): Promise<{ runId: string; attempt: number }[]> {
    return this.#store.listEndedAttempts(attempts, before);
  }

  /** In order of position. */
  async listSteps(runId: string, attempt: number): Promise<RunStep[]> {
    if (attempt > MAX_ATTEMPT) {
      return [];
    }
    const rows = await this.#store.listSteps(runId, attempt);
    return rows.map(presentStep);
  }

  /** One page, newest first. */
  async listEvents(
    runId: string,
    query: { limit: number; cursor?: string },
  ): Promise<RunEventsResponse> {
    const before = query.cursor
      ? decodeCursor(EventsCursorSchema, query.cursor).beforeSeq
      : undefined;
    const rows = await this.#store.listEvents({
      runId,
      before,
      limit: query.limit + 1,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(presentEvent),
      ...(rows.length > query.limit &&
        last && { nextCursor: encodeCursor({ beforeSeq: last.seq }) }),
    };
  }

  /** Those of the newest attempt first, then by name. */
  async listOutputs(runId: string): Promise<RunOutput[]> {
    const rows = await this.#store.listOutputs(runId);
    return rows.map(presentOutput);
  }

  /** What a worker writes of the attempt that it holds. */
  recorderFor(lease: Lease, actor: Actor): AttemptRecorder {
    return new AttemptRecorder({ knex: this.#knex, lease, actor });
  }

  async #read(runId: string): Promise<RunDetailRow> {
    const row = await this.#store.read(runId);
    if (!row) {
      throw new NotFoundError(`No run '${runId}'`);
    }
    return row;
  }

  #newRun(options: SubmitRunOptions): NewRun {
    const { request, actor, trigger, idempotencyKey } = options;
    const definition = this.#definitions.get(request.pipelineId);
    assertStorable('parameters', request.parameters);
    assertStorable('labels', request.labels ?? {});
    assertStorable('note', request.note ?? '');
    const parameters = this.#definitions.validateParameters(
      definition.id,
      request.parameters,
    );
    const bytes = Buffer.byteLength(JSON.stringify(parameters));
    if (bytes > MAX_PARAMETERS_BYTES) {
      throw new InputError(
        `The parameters have ${bytes} bytes of JSON; at most ${MAX_PARAMETERS_BYTES} are allowed`,
      );
    }
    return {
      id: uuidV7(),
      pipelineId: definition.id,
      trigger,
      title: renderTitle(definition, parameters),
      parameters,
      labels: request.labels ?? {},
      priority: request.priority ?? 0,
      note: request.note,
      pipelineVersion: definition.version,
      submittedBy: actor,
      runAt: request.runAt ? new Date(request.runAt) : undefined,
      maxAttempts: definition.maxAttempts,
      key:
        idempotencyKey === undefined
          ? undefined
          : {
              key: checkKey(idempotencyKey),
              requestHash: requestHash(request),
            },
    };
  }
}

function checkKey(key: string): string {
  if (!IDEMPOTENCY_KEY_PATTERN.test(key)) {
    throw new InputError(
      'The header Idempotency-Key must have 1 to 200 printable ASCII characters',
    );
  }
  return key;
}
