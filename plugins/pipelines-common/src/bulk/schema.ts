import { z } from 'zod';
import { pageOf, PageQuerySchema } from '../http/page';
import {
  areDurationsInOrder,
  DurationSecondsSchema,
  FingerprintSchema,
  DURATIONS_IN_ORDER,
  LabelFilterSchema,
  RunTextSchema,
  SubmitterSchema,
} from '../runs/filter';
import { LabelsSchema } from '../runs/labels';
import { RunSchema } from '../runs/schema';
import { RUN_STATES, RUN_TRIGGERS } from '../runs/state';

const iso = z.iso.datetime();

/** What can be done to many runs at once. @public */
export const BULK_ACTIONS = [
  'cancel',
  'pause',
  'resume',
  'retry',
  'priority',
  'label',
] as const;

/** One of {@link BULK_ACTIONS}. @public */
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** The pipeline of our own whose runs do bulk actions. @public */
export const BULK_PIPELINE_ID = 'bulk-actions';

/** Most runs that one bulk action takes. @public */
export const MAX_BULK_RUNS = 10_000;

/** Which runs a bulk action is for: the filter of the runs list. @public */
export const BulkFilterSchema = z
  .strictObject({
    state: z.array(z.enum(RUN_STATES)).min(1).optional(),
    'state.not': z.array(z.enum(RUN_STATES)).min(1).optional(),
    pipeline: z.array(z.string().max(100)).min(1).max(50).optional(),
    'pipeline.not': z.array(z.string().max(100)).min(1).max(50).optional(),
    owner: z.array(z.string().max(300)).min(1).max(50).optional(),
    entity: z.array(z.string().max(300)).min(1).max(50).optional(),
    trigger: z.array(z.enum(RUN_TRIGGERS)).min(1).optional(),
    'trigger.not': z.array(z.enum(RUN_TRIGGERS)).min(1).optional(),
    submittedBy: z.array(SubmitterSchema).min(1).max(50).optional(),
    label: LabelFilterSchema.optional(),
    fingerprint: FingerprintSchema.optional(),
    q: RunTextSchema.optional(),
    minDuration: DurationSecondsSchema.optional(),
    maxDuration: DurationSecondsSchema.optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(areDurationsInOrder, DURATIONS_IN_ORDER)
  .meta({ id: 'BulkFilter' });

/** {@inheritDoc BulkFilterSchema} @public */
export type BulkFilter = z.infer<typeof BulkFilterSchema>;

/**
 * Body of `POST /runs/bulk`: an action on the runs that are named, or on all that match.
 *
 * @remarks
 * With `dryRun` nothing happens and the answer says what would. `expected` is the number that
 * the person was shown: when the number of runs that can be acted on differs, the answer is 409.
 *
 * @public
 */
export const BulkRequestSchema = z
  .strictObject({
    action: z.enum(BULK_ACTIONS),
    runIds: z.array(z.uuid()).min(1).max(1_000).optional(),
    filter: BulkFilterSchema.optional(),
    dryRun: z.boolean().optional(),
    expected: z.int().min(0).optional(),
    reason: z.string().max(2_000).optional(),
    /** For `cancel`. */
    force: z.boolean().optional(),
    /** For `retry`. */
    fromFailedStep: z.boolean().optional(),
    /** For `priority`. */
    priority: z.int().min(-100).max(100).optional(),
    /** For `label`: added to those that a run has. */
    labels: LabelsSchema.optional(),
  })
  .refine(
    ({ runIds, filter }) => (runIds === undefined) !== (filter === undefined),
    {
      message: 'say either runIds or filter',
    },
  )
  .refine(
    ({ action, priority }) =>
      (action === 'priority') === (priority !== undefined),
    {
      message: 'priority goes with the action priority',
      path: ['priority'],
    },
  )
  .refine(
    ({ action, labels }) => (action === 'label') === (labels !== undefined),
    {
      message: 'labels go with the action label',
      path: ['labels'],
    },
  )
  .meta({ id: 'BulkRequest' });

/** {@inheritDoc BulkRequestSchema} @public */
export type BulkRequest = z.input<typeof BulkRequestSchema>;

/** Runs that are left out of a bulk action, and why. @public */
export const BulkSkippedSchema = z
  .object({ reason: z.string(), count: z.int() })
  .meta({ id: 'BulkSkipped' });

/** What a bulk action would do; answer of `POST /runs/bulk` with `dryRun`. @public */
export const BulkPreviewSchema = z
  .object({
    action: z.enum(BULK_ACTIONS),
    /** Runs that are named or match, and that the caller may see. */
    matches: z.int(),
    /** Runs that the action can be done to now. */
    count: z.int(),
    skipped: z.array(BulkSkippedSchema),
    /** The first five that it would be done to. */
    examples: z.array(RunSchema.pick({ id: true, title: true, state: true })),
  })
  .meta({ id: 'BulkPreview' });

/** {@inheritDoc BulkPreviewSchema} @public */
export type BulkPreview = z.infer<typeof BulkPreviewSchema>;

/** States of one run of a bulk action. @public */
export const BULK_ITEM_STATES = [
  'pending',
  'done',
  'skipped',
  'failed',
] as const;

/** A bulk action with its progress: answer of `POST /runs/bulk` and `GET /runs/bulk/{id}`. @public */
export const BulkSchema = z
  .object({
    /** Id of the run of the system pipeline that does it. */
    id: z.uuid(),
    state: z.enum(RUN_STATES),
    action: z.enum(BULK_ACTIONS),
    submittedBy: z.string(),
    reason: z.string().optional(),
    filter: BulkFilterSchema.optional(),
    queuedAt: iso,
    finishedAt: iso.optional(),
    total: z.int(),
    counts: z.object({
      pending: z.int(),
      done: z.int(),
      skipped: z.int(),
      failed: z.int(),
    }),
  })
  .meta({ id: 'Bulk' });

/** {@inheritDoc BulkSchema} @public */
export type Bulk = z.infer<typeof BulkSchema>;

/** Answer of `POST /runs/bulk`: a preview, or the bulk action that was begun. @public */
export const BulkResponseSchema = z.union([BulkSchema, BulkPreviewSchema]);

/** What became of one run of a bulk action. @public */
export const BulkItemSchema = z
  .object({
    runId: z.uuid(),
    title: z.string(),
    state: z.enum(BULK_ITEM_STATES),
    /** Why it was skipped or failed. */
    message: z.string().optional(),
    /** The new run, for `retry`. */
    newRunId: z.uuid().optional(),
  })
  .meta({ id: 'BulkItem' });

/** {@inheritDoc BulkItemSchema} @public */
export type BulkItem = z.infer<typeof BulkItemSchema>;

/** Query of `GET /runs/bulk/{id}/items`. @public */
export const ListBulkItemsQuerySchema = PageQuerySchema.extend({
  state: z.enum(BULK_ITEM_STATES).optional(),
});

/** {@inheritDoc ListBulkItemsQuerySchema} @public */
export type ListBulkItemsQuery = z.output<typeof ListBulkItemsQuerySchema>;

/** Answer of `GET /runs/bulk/{id}/items`, in the order in which they are done. @public */
export const ListBulkItemsResponseSchema = pageOf(BulkItemSchema);

/** {@inheritDoc ListBulkItemsResponseSchema} @public */
export type ListBulkItemsResponse = z.infer<typeof ListBulkItemsResponseSchema>;
