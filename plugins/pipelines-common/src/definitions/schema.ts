import { z } from 'zod';
import { commaList, pageOf, PageQuerySchema } from '../http/page';
import { PauseSchema } from '../queue/waiting';
import { EngineCapabilitiesSchema } from '../engines/schema';
import { MISSED_START_POLICIES } from '../schedules/policies';
import { RUN_STATES } from '../runs/state';

/** The form of a pipeline's id. @public */
export const PIPELINE_ID_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** How many runs of a pipeline may be executed at once. @public */
export const ConcurrencySchema = z
  .object({
    /** Of the whole pipeline. */
    limit: z.int().min(1).optional(),
    /** Template over the parameters that gives each run its key. */
    key: z.string().optional(),
    /** Of runs with the same key. */
    perKey: z.int().min(1).optional(),
  })
  .meta({ id: 'Concurrency' });

/** {@inheritDoc ConcurrencySchema} @public */
export type Concurrency = z.infer<typeof ConcurrencySchema>;

/** When a pipeline starts by itself. @public */
export const PipelineScheduleSchema = z
  .object({
    /** Five or six fields. */
    cron: z.string(),
    /** IANA name. */
    timezone: z.string(),
    /** What happens to starts that nobody was there for. */
    missed: z.enum(MISSED_START_POLICIES),
    /** A schedule that is not enabled starts nothing, and what it misses meanwhile is skipped. */
    enabled: z.boolean(),
    nextAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'PipelineSchedule' });

/** A short line about one of the latest runs of a pipeline. @public */
export const RecentRunSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(RUN_STATES),
    queuedAt: z.iso.datetime(),
    durationMs: z.int().optional(),
  })
  .meta({ id: 'RecentRun' });

/** {@inheritDoc RecentRunSchema} @public */
export type RecentRun = z.infer<typeof RecentRunSchema>;

/** A definition: what to execute, its parameters, owner, entity, schedule and limits. @public */
export const PipelineSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string().optional(),
    /** Entity ref of the owner. */
    owner: z.string().optional(),
    /** Ref of the entity that the pipeline belongs to. */
    entity: z.string().optional(),
    engine: z.string(),
    capabilities: EngineCapabilitiesSchema,
    version: z.string().optional(),
    /** JSON Schema of the parameters. */
    parameters: z.record(z.string(), z.unknown()),
    schedule: PipelineScheduleSchema.optional(),
    timeoutSeconds: z.number().optional(),
    stopGraceSeconds: z.number(),
    maxAttempts: z.int(),
    /** Whether a retry can begin at the first step that did not succeed. */
    resumableSteps: z.boolean(),
    /** Runs at once; absent means no limit. */
    concurrency: ConcurrencySchema.optional(),
    /** Pipelines that start this one when they succeed. */
    after: z.array(z.string()),
    /** Set while the pipeline is paused: nothing of it starts. */
    paused: PauseSchema.optional(),
    /** The newest revision of its settings; 0 when they were never edited. */
    settingsRevision: z.int(),
    /** Counts of runs that are not over. */
    active: z.object({ queued: z.int(), running: z.int() }),
    /** The newest runs, newest first, at most 14. */
    recentRuns: z.array(RecentRunSchema),
  })
  .meta({ id: 'Pipeline' });

/** {@inheritDoc PipelineSchema} @public */
export type Pipeline = z.infer<typeof PipelineSchema>;

/** Query of `GET /pipelines`. @public */
export const ListPipelinesQuerySchema = PageQuerySchema.extend({
  owner: commaList(z.string().max(300)).optional(),
  entity: commaList(z.string().max(300)).optional(),
});

/** {@inheritDoc ListPipelinesQuerySchema} @public */
export type ListPipelinesQuery = z.output<typeof ListPipelinesQuerySchema>;

/** Answer of `GET /pipelines`, by title. @public */
export const ListPipelinesResponseSchema = pageOf(PipelineSchema).meta({
  id: 'PipelinePage',
});

/** {@inheritDoc ListPipelinesResponseSchema} @public */
export type ListPipelinesResponse = z.infer<typeof ListPipelinesResponseSchema>;
