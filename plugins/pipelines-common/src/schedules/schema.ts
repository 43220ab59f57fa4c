import { z } from 'zod';
import { PipelineScheduleSchema } from '../definitions/schema';
import { RUN_TRIGGERS } from '../runs/state';

const iso = z.iso.datetime();

/** A rule of a folder watch; the first rule of a watch whose glob matches a file is taken. @public */
export const WatchRuleSchema = z
  .object({
    /** Over the path of the file below the watched folder. */
    glob: z.string(),
    pipelineId: z.string(),
    /** Values of parameters; templates over the file such as `${{ file.path }}`. */
    parameters: z.record(z.string(), z.unknown()),
    /** Whether the file is deleted when its run has succeeded. */
    deleteInput: z.boolean(),
  })
  .meta({ id: 'WatchRule' });

/** {@inheritDoc WatchRuleSchema} @public */
export type WatchRule = z.infer<typeof WatchRuleSchema>;

/** What a folder watch last saw of a file. @public */
export const WatchedFileSchema = z
  .object({
    path: z.string(),
    bytes: z.int(),
    modifiedAt: iso,
    /** `growing`: not yet still for long enough; `unmatched`: no rule has taken it; `refused`: its run could not be submitted. */
    state: z.enum(['growing', 'submitted', 'unmatched', 'refused']),
    runId: z.uuid().optional(),
    message: z.string().optional(),
    seenAt: iso,
  })
  .meta({ id: 'WatchedFile' });

/** {@inheritDoc WatchedFileSchema} @public */
export type WatchedFile = z.infer<typeof WatchedFileSchema>;

/** A folder whose files start runs. @public */
export const FolderWatchSchema = z
  .object({
    id: z.string(),
    /** As the configuration writes it, never an absolute path of the host. */
    folder: z.string(),
    enabled: z.boolean(),
    /** Why it does not work now, such as a folder that is not there. */
    problem: z.string().optional(),
    /** How long a file must have stopped growing. */
    stableSeconds: z.number(),
    rules: z.array(WatchRuleSchema),
    /** The newest files, at most 20. */
    files: z.array(WatchedFileSchema),
  })
  .meta({ id: 'FolderWatch' });

/** {@inheritDoc FolderWatchSchema} @public */
export type FolderWatch = z.infer<typeof FolderWatchSchema>;

/** A start that made no run, for example because its parameters do not fit the pipeline. @public */
export const RefusedStartSchema = z
  .object({
    trigger: z.enum(RUN_TRIGGERS),
    /** What asked for it, as it would be `submittedBy` of the run: `schedule:…`, `webhook:…`. */
    source: z.string(),
    message: z.string(),
    at: iso,
  })
  .meta({ id: 'RefusedStart' });

/** {@inheritDoc RefusedStartSchema} @public */
export type RefusedStart = z.infer<typeof RefusedStartSchema>;

/** Everything that starts a pipeline by itself: answer of `GET /pipelines/{id}/triggers`. @public */
export const PipelineTriggersSchema = z
  .object({
    schedule: PipelineScheduleSchema.extend({
      /** The next starts, at most five; empty when it is not enabled. */
      next: z.array(iso),
      /** Every start up to this time was submitted or skipped. */
      servedUntil: iso.optional(),
    }).optional(),
    /** Folder watches with a rule for this pipeline; only those rules. */
    watches: z.array(FolderWatchSchema),
    /** Ids of webhook triggers, posted to `/triggers/{id}`. */
    webhooks: z.array(z.object({ id: z.string() })),
    /** Pipelines that start this one when they succeed. */
    after: z.array(z.string()),
    /** Pipelines that this one starts when it succeeds. */
    starts: z.array(z.string()),
    /** The newest starts that made no run, newest first, at most 20; those of files are with their watch. */
    refused: z.array(RefusedStartSchema).optional(),
  })
  .meta({ id: 'PipelineTriggers' });

/** {@inheritDoc PipelineTriggersSchema} @public */
export type PipelineTriggers = z.infer<typeof PipelineTriggersSchema>;

/** Body of `POST /pipelines/{id}/backfill`: one run for each planned start in `[from, to)`. @public */
export const BackfillRequestSchema = z
  .strictObject({
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
    /** Only says what would be made. */
    dryRun: z.boolean().optional(),
    /** Starts that already have a run are left out unless this is set. */
    again: z.boolean().optional(),
    note: z.string().max(2_000).optional(),
  })
  .meta({ id: 'BackfillRequest' });

/** {@inheritDoc BackfillRequestSchema} @public */
export type BackfillRequest = z.input<typeof BackfillRequestSchema>;

/** The runs that a backfill makes, or would make, oldest first. @public */
export const BackfillSchema = z
  .object({
    starts: z.array(
      z.object({
        startAt: iso,
        /** The run of this start, where there is one. */
        runId: z.uuid().optional(),
        /** Whether this backfill makes (or made) a run of it. */
        isNew: z.boolean(),
      }),
    ),
    /** How many new runs. */
    count: z.int(),
  })
  .meta({ id: 'Backfill' });

/** {@inheritDoc BackfillSchema} @public */
export type Backfill = z.infer<typeof BackfillSchema>;
