import { z } from 'zod';
import { LabelsSchema } from '../runs/labels';
import { JsonObjectSchema, RunErrorSchema } from '../runs/schema';
import { RUN_STATES, STEP_STATES } from '../runs/state';

const time = z.iso.datetime({ offset: true });

/** The form of a reporter's name. @public */
export const REPORTER_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Most metrics of a reported run. @public */
export const MAX_REPORTED_METRICS = 100;

/** Most outputs of a reported run. @public */
export const MAX_REPORTED_OUTPUTS = 100;

/**
 * Body of `PUT /runs/external/{reporter}/{externalId}`: what a run that is executed elsewhere
 * looks like now. Repeatable; a later report of the same run changes it.
 *
 * @public
 */
export const ReportRunRequestSchema = z
  .strictObject({
    pipelineId: z.string().min(1).max(100),
    /** A word of ours, or of the reporter's system: an unknown one is shown as `unknown`. */
    state: z.union([z.enum(RUN_STATES), z.string().min(1).max(100)]),
    title: z.string().max(500).optional(),
    parameters: JsonObjectSchema.optional(),
    labels: LabelsSchema.optional(),
    /** The machine that executes it. */
    host: z.string().max(255).optional(),
    /** When it began by the reporter's clock; default for a run that is executed: now. */
    startedAt: time.optional(),
    /** When it ended by the reporter's clock; default for a run that is over: now. */
    finishedAt: time.optional(),
    progress: z.number().min(0).max(1).optional(),
    progressMessage: z.string().max(2_000).optional(),
    summary: z.string().max(20_000).optional(),
    error: RunErrorSchema.partial({ kind: true }).optional(),
    /** Newest values of named numbers; others of earlier reports stay. */
    metrics: z
      .record(z.string().min(1).max(200), z.number())
      .refine(metrics => Object.keys(metrics).length <= MAX_REPORTED_METRICS, {
        message: `a run has at most ${MAX_REPORTED_METRICS} metrics`,
      })
      .optional(),
    /** JSON documents by name; others of earlier reports stay. */
    outputs: z
      .record(z.string().min(1).max(200), z.unknown())
      .refine(outputs => Object.keys(outputs).length <= MAX_REPORTED_OUTPUTS, {
        message: `a run has at most ${MAX_REPORTED_OUTPUTS} outputs`,
      })
      .optional(),
    /**
     * The id of a run of ours that this one is part of, such as MILLRACE_RUN_ID: then the report
     * is an event of that run, and nothing is counted twice.
     */
    attachTo: z.uuid().optional(),
    /** Number of the report, so that a late one changes nothing; default: as it arrives. */
    sequence: z.int().min(0).optional(),
  })
  .meta({ id: 'ReportRunRequest' });

/** {@inheritDoc ReportRunRequestSchema} @public */
export type ReportRunRequest = z.input<typeof ReportRunRequestSchema>;

/** Body of `PUT …/steps`: all steps of the run so far, in order. @public */
export const ReportStepsRequestSchema = z
  .strictObject({
    steps: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200),
          state: z.enum(STEP_STATES),
          message: z.string().max(2_000).optional(),
          startedAt: time.optional(),
          finishedAt: time.optional(),
        }),
      )
      .max(1_000),
    /** Number of the report, so that a late one changes nothing; default: as it arrives. */
    sequence: z.int().min(0).optional(),
  })
  .meta({ id: 'ReportStepsRequest' });

/** {@inheritDoc ReportStepsRequestSchema} @public */
export type ReportStepsRequest = z.input<typeof ReportStepsRequestSchema>;

/**
 * Query of `PUT …/logs`, whose body is the bytes of whole lines.
 *
 * @remarks
 * `offset` is where the bytes begin in the log that the reporter keeps. Bytes that are there
 * already are dropped; a gap is a 409 that says how many bytes there are.
 *
 * @public
 */
export const ReportLogQuerySchema = z.object({
  offset: z.coerce.number().int().min(0),
  stream: z.enum(['stdout', 'stderr']).default('stdout'),
});

/** Answer of `PUT …/logs`: how many bytes of the reporter's log are stored. @public */
export const ReportLogResponseSchema = z
  .object({ bytes: z.int() })
  .meta({ id: 'ReportLogResponse' });

/** Query of `PUT …/artifacts/{name}`, whose body is the file. @public */
export const ReportArtifactQuerySchema = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
