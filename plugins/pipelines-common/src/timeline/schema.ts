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
