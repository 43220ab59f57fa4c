import { z } from 'zod';
import { commaList, pageOf, PageQuerySchema } from '../http/page';
import { RunSchema } from '../runs/schema';
import {
  PauseSchema,
  PAUSED_SCHEDULE_POLICIES,
  WaitingSchema,
} from './waiting';

const iso = z.iso.datetime();

/** A backend process that claims and executes runs. @public */
export const WorkerSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    /** `draining`: claims nothing more; `silent`: no heartbeat for longer than a lease. */
    state: z.enum(['active', 'draining', 'stopping', 'silent']),
    slots: z.int(),
    /** Runs that it holds a lease of and that the caller may see. */
    runIds: z.array(z.uuid()),
    /** All runs that it holds a lease of. */
    busySlots: z.int(),
    version: z.string(),
    startedAt: iso,
    heartbeatAt: iso,
    /** Who let it drain, and when. */
    drained: z.object({ by: z.string(), at: iso }).optional(),
  })
  .meta({ id: 'Worker' });

/** {@inheritDoc WorkerSchema} @public */
export type Worker = z.infer<typeof WorkerSchema>;

/** Answer of `GET /workers`, newest first. @public */
export const ListWorkersResponseSchema = z.object({
  items: z.array(WorkerSchema),
});

/** The queue of one pipeline. @public */
export const PipelineQueueSchema = z
  .object({
    pipelineId: z.string(),
    title: z.string(),
    owner: z.string().optional(),
    queued: z.int(),
    /** Of the queued ones, those whose start time has come. */
    due: z.int(),
    running: z.int(),
    /** Runs at once; absent means no limit. */
    limit: z.int().optional(),
    paused: PauseSchema.optional(),
  })
  .meta({ id: 'PipelineQueue' });

/** {@inheritDoc PipelineQueueSchema} @public */
export type PipelineQueue = z.infer<typeof PipelineQueueSchema>;

/** Answer of `GET /queue`; counts are of the pipelines that the caller may see. @public */
export const QueueSchema = z
  .object({
    asOf: iso,
    paused: PauseSchema.optional(),
    queued: z.int(),
    due: z.int(),
    running: z.int(),
    /** Slots of live workers that take new runs. */
    slots: z.int(),
    /** Runs at once over all pipelines; absent means no limit. */
    limit: z.int().optional(),
    /** How long the longest waiting due run has waited, in ms. */
    oldestWaitMs: z.int().optional(),
    /** Runs that were claimed in the last minute. */
    startedLastMinute: z.int(),
    /** Pipelines with queued or active runs, a limit or a pause; by title. */
    pipelines: z.array(PipelineQueueSchema),
  })
  .meta({ id: 'Queue' });

/** {@inheritDoc QueueSchema} @public */
export type Queue = z.infer<typeof QueueSchema>;

/** Query of `GET /queue/runs`. @public */
export const ListQueuedRunsQuerySchema = PageQuerySchema.extend({
  pipeline: commaList(z.string().max(100)).optional(),
});

/** {@inheritDoc ListQueuedRunsQuerySchema} @public */
export type ListQueuedRunsQuery = z.output<typeof ListQueuedRunsQuerySchema>;

/** A queued run with its place and the reason why it waits. @public */
export const QueuedRunSchema = z
  .object({
    run: RunSchema,
    /** From 1, among the runs that the caller may see, most urgent first. */
    position: z.int(),
    waiting: WaitingSchema,
  })
  .meta({ id: 'QueuedRun' });

/** {@inheritDoc QueuedRunSchema} @public */
export type QueuedRun = z.infer<typeof QueuedRunSchema>;

/** Answer of `GET /queue/runs`, most urgent first. @public */
export const ListQueuedRunsResponseSchema = pageOf(QueuedRunSchema).meta({
  id: 'QueuedRunPage',
});

/** {@inheritDoc ListQueuedRunsResponseSchema} @public */
export type ListQueuedRunsResponse = z.infer<
  typeof ListQueuedRunsResponseSchema
>;

/** Body of `POST /queue/pause` and `POST /pipelines/{id}/pause`. @public */
export const PauseRequestBodySchema = z
  .strictObject({
    reason: z.string().max(2_000).optional(),
    /** When it ends by itself; must be in the future. */
    until: z.iso.datetime({ offset: true }).optional(),
    scheduledRuns: z.enum(PAUSED_SCHEDULE_POLICIES).default('keep'),
  })
  .meta({ id: 'PauseRequestBody' });

/** {@inheritDoc PauseRequestBodySchema} @public */
export type PauseRequestBody = z.input<typeof PauseRequestBodySchema>;

/** Body of `POST /queue/resume` and `POST /pipelines/{id}/resume`. @public */
export const ResumeRequestBodySchema = z
  .strictObject({ reason: z.string().max(2_000).optional() })
  .meta({ id: 'ResumeRequestBody' });

/** {@inheritDoc ResumeRequestBodySchema} @public */
export type ResumeRequestBody = z.input<typeof ResumeRequestBodySchema>;

/** Answer of pausing and resuming: the pause that holds now, or none. @public */
export const PauseResponseSchema = z
  .object({ paused: PauseSchema.optional() })
  .meta({ id: 'PauseResponse' });

/** {@inheritDoc PauseResponseSchema} @public */
export type PauseResponse = z.infer<typeof PauseResponseSchema>;

/**
 * Body of `POST /queue/clear`: cancels queued runs.
 *
 * @remarks
 * `expected` is the number that the person was shown; when another number would be cancelled
 * the answer is 409 and nothing changes.
 *
 * @public
 */
export const ClearQueueRequestSchema = z
  .strictObject({
    pipeline: z.array(z.string().max(100)).min(1).max(50).optional(),
    /** Whether queued runs of schedules stay. */
    scheduledRuns: z.enum(PAUSED_SCHEDULE_POLICIES).default('keep'),
    expected: z.int().min(0).optional(),
    /** Only counts. */
    dryRun: z.boolean().optional(),
    reason: z.string().max(2_000).optional(),
  })
  .meta({ id: 'ClearQueueRequest' });

/** {@inheritDoc ClearQueueRequestSchema} @public */
export type ClearQueueRequest = z.input<typeof ClearQueueRequestSchema>;

/** Answer of `POST /queue/clear`. @public */
export const ClearQueueResponseSchema = z
  .object({
    /** Runs that were, or would be, cancelled. */
    cancelled: z.int(),
    /** Queued runs that stay, because the policy or the permission keeps them. */
    kept: z.int(),
  })
  .meta({ id: 'ClearQueueResponse' });

/** {@inheritDoc ClearQueueResponseSchema} @public */
export type ClearQueueResponse = z.infer<typeof ClearQueueResponseSchema>;
