import { z } from 'zod';
import { LabelsSchema } from './labels';
import { JsonObjectSchema, RunReceiptSchema } from './schema';

const ReasonSchema = z.string().max(2_000);

/** Body of `POST /runs/{id}/cancel`; `force` skips the grace. @public */
export const CancelRunRequestSchema = z
  .strictObject({
    reason: ReasonSchema.optional(),
    force: z.boolean().optional(),
  })
  .meta({ id: 'CancelRunRequest' });

/** {@inheritDoc CancelRunRequestSchema} @public */
export type CancelRunRequest = z.input<typeof CancelRunRequestSchema>;

/**
 * Body of `POST /runs/{id}/pause`.
 *
 * @remarks
 * What a pause does depends on the run: a queued one is held, so that it does not start; one
 * whose engine can freeze it stands still; any other goes on, but its next attempt is held.
 *
 * @public
 */
export const PauseRunRequestSchema = z
  .strictObject({ reason: ReasonSchema.optional() })
  .meta({ id: 'PauseRunRequest' });

/** {@inheritDoc PauseRunRequestSchema} @public */
export type PauseRunRequest = z.input<typeof PauseRunRequestSchema>;

/** Body of `POST /runs/{id}/resume`. @public */
export const ResumeRunRequestSchema = z
  .strictObject({ reason: ReasonSchema.optional() })
  .meta({ id: 'ResumeRunRequest' });

/** {@inheritDoc ResumeRunRequestSchema} @public */
export type ResumeRunRequest = z.input<typeof ResumeRunRequestSchema>;

/**
 * Body of `POST /runs/{id}/retry`: a new run with `retryOf`.
 *
 * @remarks
 * Whatever is left out is taken from the run that is retried; secret parameters too, unless
 * `parameters` is given, which then must have them. `fromFailedStep` begins at the first step
 * that did not succeed, where the pipeline declares `resumableSteps`.
 *
 * @public
 */
export const RetryRunRequestSchema = z
  .strictObject({
    parameters: JsonObjectSchema.optional(),
    fromFailedStep: z.boolean().optional(),
    labels: LabelsSchema.optional(),
    priority: z.int().min(-100).max(100).optional(),
    note: z.string().max(2_000).optional(),
  })
  .meta({ id: 'RetryRunRequest' });

/** {@inheritDoc RetryRunRequestSchema} @public */
export type RetryRunRequest = z.input<typeof RetryRunRequestSchema>;

/**
 * Body of `PATCH /runs/{id}`; only what is given changes.
 *
 * @remarks
 * `priority` and `runAt` are for queued runs; `runAt: "now"` lets one start at once and
 * `toFront` raises its priority above every other queued run of its pipeline.
 *
 * @public
 */
export const UpdateRunRequestSchema = z
  .strictObject({
    priority: z.int().min(-100).max(100).optional(),
    toFront: z.literal(true).optional(),
    runAt: z
      .union([z.literal('now'), z.iso.datetime({ offset: true })])
      .optional(),
    labels: LabelsSchema.optional(),
    /** An empty note removes it. */
    note: z.string().max(2_000).optional(),
  })
  .meta({ id: 'UpdateRunRequest' });

/** {@inheritDoc UpdateRunRequestSchema} @public */
export type UpdateRunRequest = z.input<typeof UpdateRunRequestSchema>;

/** A set of parameters that earlier runs of a pipeline were submitted with. @public */
export const ParameterSetSchema = z
  .object({
    /** The newest run that had them. */
    runId: z.uuid(),
    title: z.string(),
    submittedBy: z.string(),
    queuedAt: z.iso.datetime(),
    /** Without secret parameters, which must be typed again. */
    parameters: z.record(z.string(), z.unknown()),
    labels: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ParameterSet' });

/** {@inheritDoc ParameterSetSchema} @public */
export type ParameterSet = z.infer<typeof ParameterSetSchema>;

/** Answer of `GET /pipelines/{id}/parameter-sets`: the last five different ones, newest first. @public */
export const ParameterSetsResponseSchema = z.object({
  items: z.array(ParameterSetSchema),
});

/** Answer of an action on a run; see `RunReceipt`. @public */
export const RunActionResponseSchema = RunReceiptSchema;
