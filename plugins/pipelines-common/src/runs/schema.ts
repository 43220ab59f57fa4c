import { z } from 'zod';
import { EngineCapabilitiesSchema } from '../engines/schema';
import { commaList, pageOf, PageQuerySchema } from '../http/page';
import { WaitingSchema } from '../queue/waiting';
import {
  areDurationsInOrder,
  DurationSecondsTextSchema,
  FingerprintSchema,
  DURATIONS_IN_ORDER,
  gatherLabels,
  LabelFilterSchema,
  RunTextSchema,
  SubmitterSchema,
} from './filter';
import { FORBIDDEN_KEYS, LabelsSchema } from './labels';
import {
  ATTEMPT_STATES,
  RUN_ORIGINS,
  RUN_STATES,
  RUN_TRIGGERS,
  STEP_STATES,
} from './state';

const MAX_JSON_DEPTH = 64;
const MAX_JSON_VALUES = 10_000;
const MAX_JSON_KEY_LENGTH = 1_000;

/** What is wrong with a JSON value that somebody sent; undefined when nothing is. */
function problemOf(root: unknown): string | undefined {
  const open = [{ value: root, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    seen++;
    if (depth > MAX_JSON_DEPTH) {
      return `is nested deeper than ${MAX_JSON_DEPTH} levels`;
    }
    if (seen + open.length > MAX_JSON_VALUES) {
      return `has more than ${MAX_JSON_VALUES} values`;
    }
    if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        if (FORBIDDEN_KEYS.has(key)) {
          return `the key '${key}' is not allowed`;
        }
        if (key.length > MAX_JSON_KEY_LENGTH) {
          return `has a key longer than ${MAX_JSON_KEY_LENGTH} characters`;
        }
      }
      for (const child of Object.values(value)) {
        open.push({ value: child, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/**
 * A JSON object of bounded depth and size, whose keys, at any depth, cannot reach the prototype
 * of an object.
 *
 * @public
 */
export const JsonObjectSchema = z
  .preprocess((value, context) => {
    // Before the record is read, because reading one drops the key `__proto__` silently.
    const problem = problemOf(value);
    if (problem) {
      context.addIssue({ code: 'custom', message: problem });
    }
    return value;
  }, z.record(z.string(), z.unknown()))
  .meta({ type: 'object' });

/** Largest parameters of a run, in bytes of JSON. @public */
export const MAX_PARAMETERS_BYTES = 256 * 1024;

const iso = z.iso.datetime();

/** Why a run did not succeed. @public */
export const RunErrorSchema = z
  .object({
    /** What ended it: an exit code, a signal, a timeout, a lost worker, a failure to start. */
    kind: z.enum([
      'exit',
      'signal',
      'timeout',
      'lost',
      'spawn',
      'engine',
      'unknown',
    ]),
    message: z.string(),
    /** The step that was running or had failed. */
    step: z.string().optional(),
    exitCode: z.int().optional(),
    signal: z.string().optional(),
  })
  .meta({ id: 'RunError' });

/** {@inheritDoc RunErrorSchema} @public */
export type RunError = z.infer<typeof RunErrorSchema>;

/** Who asked for a run to be cancelled, and when. @public */
export const CancelRequestSchema = z
  .object({
    at: iso,
    by: z.string(),
    reason: z.string().optional(),
    force: z.boolean(),
  })
  .meta({ id: 'CancelRequest' });

/** Who asked for a run to be paused or held, and when. @public */
export const PauseRequestSchema = z
  .object({ at: iso, by: z.string(), reason: z.string().optional() })
  .meta({ id: 'PauseRequest' });

/** One execution of a pipeline, as lists show it. @public */
export const RunSchema = z
  .object({
    id: z.uuid(),
    pipelineId: z.string(),
    title: z.string(),
    state: z.enum(RUN_STATES),
    origin: z.enum(RUN_ORIGINS),
    trigger: z.enum(RUN_TRIGGERS),
    /** Entity ref of the person, or `service:<subject>`, or `schedule:<pipeline>`. */
    submittedBy: z.string(),
    labels: z.record(z.string(), z.string()),
    /** Higher starts first; 0 is the default. */
    priority: z.int(),
    note: z.string().optional(),
    /** Number of the latest attempt; 0 before the first. */
    attempt: z.int(),
    maxAttempts: z.int(),
    queuedAt: iso,
    /** Earliest start. */
    runAt: iso,
    /** When the first attempt began to execute. */
    startedAt: iso.optional(),
    finishedAt: iso.optional(),
    stateChangedAt: iso,
    /** 0 to 1, as the runner last said. */
    progress: z.number().min(0).max(1).optional(),
    progressMessage: z.string().optional(),
    currentStep: z.string().optional(),
    error: RunErrorSchema.optional(),
    summary: z.string().optional(),
    cancelRequest: CancelRequestSchema.optional(),
    /** Set from the request until the run is resumed; a queued run that has it is held. */
    pauseRequest: PauseRequestSchema.optional(),
    /** How long the latest attempt stood still, in ms, without a pause that goes on. */
    pausedMs: z.int().optional(),
    retryOf: z.uuid().optional(),
    /** The step that a retry began at; the steps before it were taken from `retryOf`. */
    resumedFrom: z.string().optional(),
    /** Set on a lost run that took its worker down too often; it does not go again by itself. */
    quarantinedAt: iso.optional(),
    workerId: z.string().optional(),
    /** The reporter of a run that is executed elsewhere. */
    reporter: z.string().optional(),
    /** The word of its own system for its state, where that is shown as `unknown`. */
    foreignState: z.string().optional(),
    /** When its reporter was last heard of. */
    lastReportAt: iso.optional(),
    /** The version of the definition that the run was submitted with. */
    pipelineVersion: z.string().optional(),
  })
  .meta({ id: 'Run' });

/** {@inheritDoc RunSchema} @public */
export type Run = z.infer<typeof RunSchema>;

/** The newest value of one named number that a run reported. @public */
export const RunMetricSchema = z
  .object({ name: z.string(), value: z.number(), at: iso })
  .meta({ id: 'RunMetric' });

/** A run with everything that its page needs at once. @public */
export const RunDetailSchema = RunSchema.extend({
  /** Secret parameters are shown as `••••`. */
  parameters: z.record(z.string(), z.unknown()),
  /** What the engine of its pipeline can do; absent when the pipeline is not configured here. */
  capabilities: EngineCapabilitiesSchema.optional(),
  /** The first step that did not succeed, where the pipeline can begin there. */
  resumableFrom: z.string().optional(),
  /** Why a queued run has not started. */
  waiting: WaitingSchema.optional(),
  pipelineTitle: z.string(),
  owner: z.string().optional(),
  entity: z.string().optional(),
  metrics: z.array(RunMetricSchema),
  /** Seconds between the polite and the forced end of a cancelled run. */
  stopGraceSeconds: z.number(),
  /** When its log was removed because its pipeline keeps logs for a shorter time than the portal. */
  logRemovedAt: iso.optional(),
  /** When its artifacts were removed because its pipeline keeps them for a shorter time than runs. */
  artifactsRemovedAt: iso.optional(),
}).meta({ id: 'RunDetail' });

/** {@inheritDoc RunDetailSchema} @public */
export type RunDetail = z.infer<typeof RunDetailSchema>;

/**
 * Orders of the runs list: by when a run was submitted, newest first (`-queued`, the default) or
 * oldest first. Each is a range of the same index, so every page costs the same.
 *
 * @public
 */
export const RUN_SORTS = ['-queued', 'queued'] as const;

/** One of {@link RUN_SORTS}. @public */
export type RunSort = (typeof RUN_SORTS)[number];

/**
 * Query of `GET /runs`; all that is said must hold.
 *
 * @remarks
 * `label.<key>=<value>` may be said for several keys and is read as `label`.
 *
 * @public
 */
export const ListRunsQuerySchema = z.preprocess(
  gatherLabels,
  PageQuerySchema.extend({
    /** A cursor holds only for the order that it came from. */
    sort: z.enum(RUN_SORTS).optional(),
    state: commaList(z.enum(RUN_STATES), RUN_STATES.length).optional(),
    'state.not': commaList(z.enum(RUN_STATES), RUN_STATES.length).optional(),
    pipeline: commaList(z.string().max(100)).optional(),
    'pipeline.not': commaList(z.string().max(100)).optional(),
    owner: commaList(z.string().max(300)).optional(),
    entity: commaList(z.string().max(300)).optional(),
    trigger: commaList(z.enum(RUN_TRIGGERS), RUN_TRIGGERS.length).optional(),
    'trigger.not': commaList(
      z.enum(RUN_TRIGGERS),
      RUN_TRIGGERS.length,
    ).optional(),
    submittedBy: commaList(SubmitterSchema).optional(),
    label: LabelFilterSchema.optional(),
    /** Only runs that ended with this failure. */
    fingerprint: FingerprintSchema.optional(),
    /** Text in the title, the error message, the summary, the id or the parameters. */
    q: RunTextSchema.optional(),
    /** Only runs that were executed for at least this long, in seconds. */
    minDuration: DurationSecondsTextSchema.optional(),
    /** Only runs that were executed for at most this long, in seconds. */
    maxDuration: DurationSecondsTextSchema.optional(),
    /** Only runs submitted at or after this time. */
    from: z.iso.datetime({ offset: true }).optional(),
    /** Only runs submitted before this time. */
    to: z.iso.datetime({ offset: true }).optional(),
  }).refine(areDurationsInOrder, DURATIONS_IN_ORDER),
);

/** {@inheritDoc ListRunsQuerySchema} @public */
export type ListRunsQuery = z.output<typeof ListRunsQuerySchema>;

/** Answer of `GET /runs`; `searchedBackTo` is set where the scan budget ended the search, in either order. @public */
export const ListRunsResponseSchema = pageOf(RunSchema)
  .extend({ searchedBackTo: iso.optional() })
  .meta({ id: 'RunPage' });

/** {@inheritDoc ListRunsResponseSchema} @public */
export type ListRunsResponse = z.infer<typeof ListRunsResponseSchema>;

/** A run beside another one in a list. @public */
export const RunNeighbourSchema = z
  .object({ id: z.uuid(), title: z.string(), state: z.enum(RUN_STATES) })
  .meta({ id: 'RunNeighbour' });

/** {@inheritDoc RunNeighbourSchema} @public */
export type RunNeighbour = z.infer<typeof RunNeighbourSchema>;

/**
 * Answer of `GET /runs/{id}/neighbours`, which takes the filters of `GET /runs`: the runs before
 * and after a run in that list. One is absent where the list ends, or where the scan budget
 * ended the search.
 *
 * @public
 */
export const RunNeighboursSchema = z
  .object({
    newer: RunNeighbourSchema.optional(),
    older: RunNeighbourSchema.optional(),
  })
  .meta({ id: 'RunNeighbours' });

/** {@inheritDoc RunNeighboursSchema} @public */
export type RunNeighbours = z.infer<typeof RunNeighboursSchema>;

/** Body of `POST /runs`. @public */
export const SubmitRunRequestSchema = z
  .strictObject({
    pipelineId: z.string().min(1).max(100),
    parameters: JsonObjectSchema.default({}),
    labels: LabelsSchema.optional(),
    priority: z.int().min(-100).max(100).optional(),
    note: z.string().max(2_000).optional(),
    runAt: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'SubmitRunRequest' });

/** {@inheritDoc SubmitRunRequestSchema} @public */
export type SubmitRunRequest = z.input<typeof SubmitRunRequestSchema>;

/** Answer of `POST /runs` and of the actions on a run. @public */
export const RunReceiptSchema = z
  .object({ id: z.uuid(), state: z.enum(RUN_STATES) })
  .meta({ id: 'RunReceipt' });

/** {@inheritDoc RunReceiptSchema} @public */
export type RunReceipt = z.infer<typeof RunReceiptSchema>;

/** One try of a run. @public */
export const RunAttemptSchema = z
  .object({
    attempt: z.int(),
    state: z.enum(ATTEMPT_STATES),
    reason: z.string().optional(),
    workerId: z.string(),
    host: z.string(),
    /** When a worker claimed the run for this attempt. */
    claimedAt: iso,
    /** When its process (or other execution) was there. */
    startedAt: iso.optional(),
    finishedAt: iso.optional(),
    exitCode: z.int().optional(),
    signal: z.string().optional(),
    logLines: z.int(),
    logBytes: z.int(),
  })
  .meta({ id: 'RunAttempt' });

/** {@inheritDoc RunAttemptSchema} @public */
export type RunAttempt = z.infer<typeof RunAttemptSchema>;

/** A named stage of an attempt. @public */
export const RunStepSchema = z
  .object({
    attempt: z.int(),
    /** Order in which the steps first appeared, from 0. */
    position: z.int(),
    name: z.string(),
    state: z.enum(STEP_STATES),
    message: z.string().optional(),
    startedAt: iso.optional(),
    finishedAt: iso.optional(),
    /** The first line of the log that it wrote, counted from 0; absent when nobody counted. */
    firstLine: z.int().optional(),
    /** The line after the last one that it wrote. */
    endLine: z.int().optional(),
  })
  .meta({ id: 'RunStep' });

/** {@inheritDoc RunStepSchema} @public */
export type RunStep = z.infer<typeof RunStepSchema>;

/** A recorded transition, action, or message of the runner. @public */
export const RunEventSchema = z
  .object({
    seq: z.int(),
    at: iso,
    /** `transition` changed the state, `action` is somebody's doing, `runner` is from the runner, `warning` from us. */
    kind: z.enum(['transition', 'action', 'runner', 'warning']),
    /** What happened, one word: `submitted`, `claimed`, `cancel-requested`, … */
    name: z.string(),
    from: z.enum(RUN_STATES).optional(),
    to: z.enum(RUN_STATES).optional(),
    attempt: z.int().optional(),
    actor: z.string(),
    reason: z.string().optional(),
    details: z.unknown().optional(),
  })
  .meta({ id: 'RunEvent' });

/** {@inheritDoc RunEventSchema} @public */
export type RunEvent = z.infer<typeof RunEventSchema>;

/** A JSON document that a run made. @public */
export const RunOutputSchema = z
  .object({
    attempt: z.int(),
    name: z.string(),
    json: z.unknown(),
    createdAt: iso,
  })
  .meta({ id: 'RunOutput' });

/** {@inheritDoc RunOutputSchema} @public */
export type RunOutput = z.infer<typeof RunOutputSchema>;

/** Answer of `GET /runs/{id}/attempts`, newest first. @public */
export const RunAttemptsResponseSchema = z.object({
  items: z.array(RunAttemptSchema),
});

/** Query of `GET /runs/{id}/steps`: an attempt, by default the latest. @public */
export const RunStepsQuerySchema = z.object({
  attempt: z.coerce.number().int().min(1).optional(),
});

/** Answer of `GET /runs/{id}/steps`, in order of position. @public */
export const RunStepsResponseSchema = z.object({
  items: z.array(RunStepSchema),
});

/** Answer of `GET /runs/{id}/events`, newest first. @public */
export const RunEventsResponseSchema = pageOf(RunEventSchema);

/** {@inheritDoc RunEventsResponseSchema} @public */
export type RunEventsResponse = z.infer<typeof RunEventsResponseSchema>;

/** Answer of `GET /runs/{id}/outputs`. @public */
export const RunOutputsResponseSchema = z.object({
  items: z.array(RunOutputSchema),
});
