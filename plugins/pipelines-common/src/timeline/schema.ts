import { z } from 'zod';
import { commaList } from '../http/page';
import { RUN_STATES, RUN_TRIGGERS, STEP_STATES } from '../runs/state';

const iso = z.iso.datetime();

/** Runs of a grid when the caller does not say. @public */
export const DEFAULT_GRID_RUNS = 25;

/** Most runs of a grid. @public */
export const MAX_GRID_RUNS = 100;

/** Steps of each run that a grid shows, the first ones. @public */
export const MAX_GRID_STEPS = 50;

/** Query of `GET /pipelines/{id}/grid`. @public */
export const PipelineGridQuerySchema = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_GRID_RUNS)
    .default(DEFAULT_GRID_RUNS),
  state: commaList(z.enum(RUN_STATES), RUN_STATES.length).optional(),
  trigger: commaList(z.enum(RUN_TRIGGERS), RUN_TRIGGERS.length).optional(),
});

/** {@inheritDoc PipelineGridQuerySchema} @public */
export type PipelineGridQuery = z.output<typeof PipelineGridQuerySchema>;

/** A step of the latest attempt of a run in the grid. @public */
export const GridStepSchema = z
  .object({
    /** Index in `steps` of the grid. */
    step: z.int(),
    state: z.enum(STEP_STATES),
    startedAt: iso.optional(),
    finishedAt: iso.optional(),
  })
  .meta({ id: 'GridStep' });

/** {@inheritDoc GridStepSchema} @public */
export type GridStep = z.infer<typeof GridStepSchema>;

/** A column of the grid. @public */
export const GridRunSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    state: z.enum(RUN_STATES),
    trigger: z.enum(RUN_TRIGGERS),
    /** Number of the latest attempt; 0 before the first. */
    attempt: z.int(),
    queuedAt: iso,
    startedAt: iso.optional(),
    finishedAt: iso.optional(),
    /** Revision of the settings of the pipeline that it was submitted with; 0 when they had never been edited. */
    settingsRevision: z.int(),
    /** At most {@link MAX_GRID_STEPS}, in the order in which they first appeared. */
    steps: z.array(GridStepSchema),
  })
  .meta({ id: 'GridRun' });

/** {@inheritDoc GridRunSchema} @public */
export type GridRun = z.infer<typeof GridRunSchema>;

/** The newest runs of a pipeline with their steps: answer of `GET /pipelines/{id}/grid`. @public */
export const PipelineGridSchema = z
  .object({
    asOf: iso,
    /** Names of all steps of these runs, in the order of the newest run that has them. */
    steps: z.array(z.string()),
    /** Newest first. */
    runs: z.array(GridRunSchema),
    /** Set where so many runs did not match that older ones were not looked at. */
    searchedBackTo: iso.optional(),
  })
  .meta({ id: 'PipelineGrid' });

/** {@inheritDoc PipelineGridSchema} @public */
export type PipelineGrid = z.infer<typeof PipelineGridSchema>;

/** Longest window of the timeline, in days. @public */
export const MAX_TIMELINE_DAYS = 15;

/** Most runs of one answer, the newest. @public */
export const MAX_TIMELINE_RUNS = 10_000;

/** Most pipelines of one answer. @public */
export const MAX_TIMELINE_PIPELINES = 500;

/** Most planned starts that are named of a pipeline, the next ones. @public */
export const MAX_PLANNED_STARTS = 100;

/** Query of `GET /timeline`. @public */
export const TimelineQuerySchema = z.object({
  from: z.iso.datetime({ offset: true }),
  /** At most 15 days after `from`; may be still to come. */
  to: z.iso.datetime({ offset: true }),
  pipeline: commaList(z.string().max(100)).optional(),
  owner: commaList(z.string().max(300)).optional(),
  entity: commaList(z.string().max(300)).optional(),
  /** Only runs in these states; planned starts are named all the same. */
  state: commaList(z.enum(RUN_STATES), RUN_STATES.length).optional(),
});

/** {@inheritDoc TimelineQuerySchema} @public */
export type TimelineQuery = z.output<typeof TimelineQuerySchema>;

/** A run that was executed in the window; times in ms since the epoch, because there are many. @public */
export const TimelineRunSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(RUN_STATES),
    start: z.int(),
    /** Absent while it goes on. */
    end: z.int().optional(),
  })
  .meta({ id: 'TimelineRun' });

/** {@inheritDoc TimelineRunSchema} @public */
export type TimelineRun = z.infer<typeof TimelineRunSchema>;

/** A row of the timeline. @public */
export const TimelinePipelineSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string().optional(),
    /** Oldest first. */
    runs: z.array(TimelineRunSchema),
    /** Times at which its schedule starts it in the rest of the window, in ms since the epoch; at most 100. */
    planned: z.array(z.int()),
    /** Median time of the last 20 runs that succeeded; only where something is planned or goes on. */
    expectedMs: z.number().optional(),
  })
  .meta({ id: 'TimelinePipeline' });

/** {@inheritDoc TimelinePipelineSchema} @public */
export type TimelinePipeline = z.infer<typeof TimelinePipelineSchema>;

/** What was, is and will be executed in a window: answer of `GET /timeline`. @public */
export const TimelineSchema = z
  .object({
    from: iso,
    to: iso,
    asOf: iso,
    /** By title; those that did nothing in the window too. */
    pipelines: z.array(TimelinePipelineSchema),
    /**
     * Set where there are more runs than 10,000, or than could be looked at: of those submitted
     * before it, some or all are missing.
     */
    runsSince: iso.optional(),
    /** Whether there are more pipelines than 500. */
    hasMorePipelines: z.boolean(),
  })
  .meta({ id: 'Timeline' });

/** {@inheritDoc TimelineSchema} @public */
export type Timeline = z.infer<typeof TimelineSchema>;
