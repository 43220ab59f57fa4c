import { z } from 'zod';

const iso = z.iso.datetime();

/** Successful runs before a run with which it is compared. @public */
export const COMPARED_SUCCESSES = 50;

/** Changes that one answer tells; `moreChanges` says how many others there are. @public */
export const MAX_RUN_CHANGES = 50;

/**
 * What can differ between a run and the last success before it.
 *
 * @remarks
 * `worker` is the host that executed it. The three that begin with `upstream` are about the run
 * whose success started it. `duration` is of a run without steps.
 *
 * @public
 */
export const RUN_CHANGE_SUBJECTS = [
  'parameter',
  'settings',
  'version',
  'worker',
  'upstream-pipeline',
  'upstream-version',
  'upstream-settings',
  'trigger',
  'submitter',
  'resumed-from',
  'attempts',
  'new-step',
  'step-duration',
  'duration',
  'metric',
] as const;

/** One of {@link RUN_CHANGE_SUBJECTS}. @public */
export type RunChangeSubject = (typeof RUN_CHANGE_SUBJECTS)[number];

/** A value as it is told: lists and objects as JSON text, durations in ms, long texts cut. */
const ChangedValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);

/** One thing that differs from the last success. @public */
export const RunChangeSchema = z
  .object({
    subject: z.enum(RUN_CHANGE_SUBJECTS),
    /** The path of the parameter, or the name of the step or metric. */
    name: z.string().optional(),
    /** In the last success; absent where it had none. */
    before: ChangedValueSchema.optional(),
    /** In this run; absent where it has none. */
    after: ChangedValueSchema.optional(),
    /**
     * In how many of the compared successes it was as in this run; of durations and metrics, in
     * how many it was at least as far from the usual.
     */
    seenIn: z.int(),
  })
  .meta({ id: 'RunChange' });

/** {@inheritDoc RunChangeSchema} @public */
export type RunChange = z.infer<typeof RunChangeSchema>;

/** Answer of `GET /runs/{id}/changes`. @public */
export const RunChangesSchema = z
  .object({
    /** The newest success of the pipeline that was submitted before; absent when there is none. */
    lastSuccess: z
      .object({ id: z.uuid(), title: z.string(), finishedAt: iso })
      .optional(),
    /** How many successes before the run were compared, at most 50. */
    comparedSuccesses: z.int(),
    /** Rarest first; none when there is no success to compare with. */
    changes: z.array(RunChangeSchema),
    /** Changes that were left out. */
    moreChanges: z.int(),
  })
  .meta({ id: 'RunChanges' });

/** {@inheritDoc RunChangesSchema} @public */
export type RunChanges = z.infer<typeof RunChangesSchema>;

/**
 * Answer of `GET /runs/{id}/usual-duration`: how long the last successes before the run were
 * executed.
 *
 * @public
 */
export const UsualDurationSchema = z
  .object({
    /**
     * In ms and shortest first, at most 50; without the time that they stood still, and without
     * runs that began at a later step.
     */
    durationsMs: z.array(z.number()),
  })
  .meta({ id: 'UsualDuration' });

/** {@inheritDoc UsualDurationSchema} @public */
export type UsualDuration = z.infer<typeof UsualDurationSchema>;
