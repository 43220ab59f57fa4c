import { NotFoundError } from '@backstage/errors';
import {
  isTerminalRunState,
  type ListRunsQuery,
  type RunSort,
  type ListRunsResponse,
  type RetentionPreview,
  type RetentionPreviewQuery,
  type ParameterSet,
  type RunAttempt,
  type RunDetail,
  type RunEventsResponse,
  type RunNeighbours,
  type RunOutput,
  type RunReceipt,
  type RunStep,
  type Waiting,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { TransactionOptions } from '../database';
import type { DefinitionsService } from '../definitions';
import { decodeCursor, encodeCursor } from '../http';
import type { PipelineSet } from '../permissions';
import { AttemptRecorder } from './AttemptRecorder';
import { DatabaseRunsStore, type SubmittedRun } from './DatabaseRunsStore';
import {
  CANDIDATE_COLUMNS,
  type RunCandidate,
} from './operations/listCandidates';
import type { RunListFilter } from './operations/listRuns';
import type { RunDetailRow } from './operations/readRun';
import {
  previewRetention,
  type RemovedPart,
} from './operations/previewRetention';
import { readTime } from './operations/readTime';
import { listFilter, type RunsQuery } from './listFilter';
import { prepareRun } from './prepareRun';
import {
  presentAttempt,
  presentEvent,
  presentNeighbour,
  presentOutput,
  presentParameterSet,
  presentRun,
  presentRunDetail,
  presentStep,
} from './present';
import { RunEditor, type ChangeRunRequest } from './RunEditor';
import { RunRetrier } from './RunRetrier';
import type {
  Actor,
  Lease,
  RetryRequest,
  RunAction,
  SecretParameters,
  SubmitRunOptions,
} from './types';
import { logsFrom } from './retention';
import { uuidTime } from './uuidAt';

/** Rows that one page of a list looks at before it says how far back it has searched. */
const DEFAULT_SCAN_BUDGET = 10_000;
/** Bytes of text, as they are stored, that one page of a list looks through. */
const DEFAULT_TEXT_BUDGET = 4 * 1024 * 1024;

/** Newest runs of a pipeline among which different sets of parameters are looked for. */
const RUNS_WITH_PARAMETER_SETS = 100;
/** Sets of parameters that are offered. */
const PARAMETER_SETS = 5;

/** Rows that are looked at for an action on all that match. */
const CANDIDATES_SCAN_BUDGET = 1_000_000;
/** Bytes of text, as they are stored, that are looked through for such an action. */
const CANDIDATES_TEXT_BUDGET = 32 * 1024 * 1024;

/** What the page of a run shows of the runs beside it. */
const NEIGHBOUR_COLUMNS = ['id', 'title', 'state'] as const;

/** What can be done with a run that is executed elsewhere. */
const FOREIGN_CAPABILITIES = {
  cancel: false,
  pause: false,
  logs: true,
  artifacts: true,
};

/** What the column can hold. */
const MAX_ATTEMPT = 2 ** 31 - 1;

const RunsCursorSchema = z.strictObject({ before: z.uuid() });
const OldestFirstCursorSchema = z.strictObject({ after: z.uuid() });
const EventsCursorSchema = z.strictObject({ beforeSeq: z.int32().min(1) });

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
  readonly #secrets: SecretParameters | undefined;
  readonly #waitingOf: (runId: string) => Promise<Waiting | undefined>;
  readonly #retrier: RunRetrier;
  readonly #editor: RunEditor;
  readonly #scanBudget: number;
  readonly #textBudget: number;

  constructor(options: {
    knex: Knex;
    definitions: DefinitionsService;
    /** Keeps secret parameters secret; default: there are none. */
    secrets?: SecretParameters;
    /** Why a queued run has not started; default: nobody knows. */
    waitingOf?: (runId: string) => Promise<Waiting | undefined>;
    /** Rows that one page of a list looks at; default 10,000. */
    scanBudget?: number;
    /** Bytes of text that one page of a list looks through; default 4 MiB. */
    textBudget?: number;
  }) {
    this.#knex = options.knex;
    this.#store = new DatabaseRunsStore(options.knex);
    this.#definitions = options.definitions;
    this.#secrets = options.secrets;
    this.#waitingOf = options.waitingOf ?? (async () => undefined);
    this.#retrier = new RunRetrier({
      ...options,
      submit: (submit, transaction) => this.submitRun(submit, transaction),
    });
    this.#editor = new RunEditor(options);
    this.#scanBudget = options.scanBudget ?? DEFAULT_SCAN_BUDGET;
    this.#textBudget = options.textBudget ?? DEFAULT_TEXT_BUDGET;
  }

  /** Whether the pipeline is one of our own, which nobody runs by hand. */
  isInternal(pipelineId: string): boolean {
    return this.#definitions.find(pipelineId)?.internal === true;
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
    return this.#store.submit(
      prepareRun(options, {
        definitions: this.#definitions,
        secrets: this.#secrets,
      }),
      transaction,
    );
  }

  /**
   * Queues an ended run once more, as a new run; what the request leaves out is as it was.
   *
   * @throws NotFoundError when there is no such run; ConflictError when it is not over, is not
   * ours or its pipeline is not configured any more; InputError when its parameters do not fit
   * the pipeline, or there is no failed step to begin at
   */
  async retryRun(
    action: RunAction<RetryRequest> & { idempotencyKey?: string },
    transaction: TransactionOptions = {},
  ): Promise<SubmittedRun> {
    return this.#retrier.retry(action, transaction);
  }

  /**
   * Changes note and labels of a run, or priority and start time of a queued one.
   *
   * @throws NotFoundError when there is no such run; ConflictError when it is not queued any
   * more; InputError when there is nothing to change
   */
  async updateRun(
    action: RunAction<ChangeRunRequest>,
    transaction: TransactionOptions = {},
  ): Promise<RunReceipt> {
    return this.#editor.update(action, transaction);
  }

  /**
   * One page of the runs of these pipelines, newest first unless `sort` says otherwise.
   *
   * @throws InputError when the cursor is not one, or one of another order
   */
  async listRuns(
    query: ListRunsQuery,
    pipelines: PipelineSet,
  ): Promise<ListRunsResponse> {
    const end = query.cursor && endOf(query.cursor, query.sort);
    const { rows, searchedBackTo } = await this.#store.list({
      filter: listFilter(query, pipelines, end),
      limit: query.limit + 1,
      scanBudget: this.#scanBudget,
      textBudget: this.#textBudget,
    });
    const page = rows.slice(0, query.limit);
    const next = rows.length > query.limit ? page.at(-1)?.id : searchedBackTo;
    return {
      items: page.map(presentRun),
      ...(next && {
        nextCursor: encodeCursor(
          query.sort === 'queued' ? { after: next } : { before: next },
        ),
      }),
      ...(next &&
        next === searchedBackTo && {
          searchedBackTo: uuidTime(next).toISOString(),
        }),
    };
  }

  /**
   * The runs before and after a run in a list; one that too many others would have to be looked
   * at for is left out.
   *
   * @param query - the filter of the list, which the run itself need not match
   */
  async readNeighbours(
    runId: string,
    query: RunsQuery,
    pipelines: PipelineSet,
  ): Promise<RunNeighbours> {
    const filter = listFilter(query, pipelines);
    const nearest = async (
      bound: Pick<RunListFilter, 'before' | 'after' | 'isOldestFirst'>,
    ) => {
      const { rows } = await this.#store.list({
        filter: { ...filter, ...bound },
        limit: 1,
        scanBudget: this.#scanBudget,
        textBudget: this.#textBudget,
        columns: NEIGHBOUR_COLUMNS,
      });
      return rows[0] && presentNeighbour(rows[0]);
    };
    const { before = runId } = filter;
    const [newer, older] = await Promise.all([
      nearest({ after: runId, isOldestFirst: true }),
      nearest({
        before: before < runId ? before : runId,
        after: undefined,
        isOldestFirst: false,
      }),
    ]);
    return { ...(newer && { newer }), ...(older && { older }) };
  }

  /** Those of the named runs that are of these pipelines, newest first. */
  listNamedCandidates(
    runIds: readonly string[],
    pipelines: PipelineSet,
  ): Promise<RunCandidate[]> {
    return this.#store.listCandidates(runIds, pipelines);
  }

  /**
   * The runs of these pipelines that match, newest first, for an action on all of them.
   *
   * @returns undefined when more than `limit` match, or too many would have to be looked at
   */
  async listMatchingCandidates(
    query: RunsQuery,
    pipelines: PipelineSet,
    limit: number,
  ): Promise<RunCandidate[] | undefined> {
    const { rows, searchedBackTo } = await this.#store.list({
      filter: listFilter(query, pipelines),
      limit: limit + 1,
      scanBudget: CANDIDATES_SCAN_BUDGET,
      textBudget: CANDIDATES_TEXT_BUDGET,
      columns: CANDIDATE_COLUMNS,
    });
    return searchedBackTo || rows.length > limit ? undefined : rows;
  }

  /** @throws NotFoundError when there is no such run */
  async getRun(runId: string): Promise<RunDetail> {
    const row = await this.#read(runId);
    const known = await this.#definitions.listKnown();
    const definition = this.#definitions.find(row.pipeline_id);
    const pipeline = known.find(({ id }) => id === row.pipeline_id);
    const [resumableFrom, waiting] = await Promise.all([
      definition?.resumableSteps && isTerminalRunState(row.state)
        ? this.listResumeSteps([row.id]).then(steps => steps.get(row.id))
        : undefined,
      row.state === 'queued' ? this.#waitingOf(row.id) : undefined,
    ]);
    return presentRunDetail(row, {
      title: pipeline?.title ?? row.pipeline_id,
      owner: pipeline?.owner,
      entity: pipeline?.entity,
      stopGraceMs: definition?.stopGraceMs ?? 0,
      capabilities:
        row.origin === 'own' ? definition?.capabilities : FOREIGN_CAPABILITIES,
      resumableFrom,
      waiting,
    });
  }

  /** The first step that did not succeed of each of these runs that has one, by id of the run. */
  listResumeSteps(runIds: readonly string[]): Promise<Map<string, string>> {
    return this.#store.listResumeSteps(runIds);
  }

  /** What would be removed if things were kept for as long as the query says. */
  async previewRetention(
    query: RetentionPreviewQuery,
    pipelines: PipelineSet,
  ): Promise<RetentionPreview> {
    const now = await readTime(this.#knex);
    const { logDays } = this.#definitions.portalSettings().retention;
    const preview = (
      part: RemovedPart,
      days: number | undefined,
      submittedFrom?: Date,
    ) =>
      days === undefined
        ? undefined
        : previewRetention({
            knex: this.#knex,
            part,
            pipelines,
            days,
            now,
            submittedFrom,
          });
    const [runs, logs, artifacts] = await Promise.all([
      preview('runs', query.runDays),
      preview('logs', query.logDays, logsFrom(now, logDays)),
      preview('artifacts', query.artifactDays),
    ]);
    return {
      asOf: now.toISOString(),
      ...(runs && { runs }),
      ...(logs && { logs }),
      ...(artifacts && { artifacts }),
    };
  }

  /**
   * The last five different sets of parameters that a pipeline was run with, newest first.
   *
   * @throws NotFoundError when the pipeline is not configured
   */
  async listParameterSets(pipelineId: string): Promise<ParameterSet[]> {
    const rows = await this.#store.listParameterSets({
      pipelineId: this.#definitions.get(pipelineId).id,
      among: RUNS_WITH_PARAMETER_SETS,
      limit: PARAMETER_SETS,
    });
    return rows.map(presentParameterSet);
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

  /** Those of the named runs that there are, whose pipelines they are and who submitted them. */
  async identifyRuns(
    runIds: readonly string[],
  ): Promise<Omit<RunIdentity, 'attempt'>[]> {
    const rows = await this.#store.listCandidates(runIds, 'all');
    return rows.map(row => ({
      id: row.id,
      pipelineId: row.pipeline_id,
      submittedBy: row.submitted_by,
    }));
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
}

/** The id with which a page ended; a cursor of another order is none. */
function endOf(cursor: string, sort: RunSort | undefined): string {
  return sort === 'queued'
    ? decodeCursor(OldestFirstCursorSchema, cursor).after
    : decodeCursor(RunsCursorSchema, cursor).before;
}
