import { z } from 'zod';
import { MISSED_START_POLICIES } from '../schedules/policies';

/** Most runs at once that a setting can allow. @public */
export const MAX_CONCURRENCY = 10_000;

/** Most slots of one worker. @public */
export const MAX_SLOTS = 64;

const MAX_DURATION_SECONDS = 24 * 86_400;
const MAX_RETENTION_DAYS = 3_650;

const runs = z.int().min(1).max(MAX_CONCURRENCY);
const seconds = z.int().min(1).max(MAX_DURATION_SECONDS);
const delaySeconds = z.int().min(0).max(86_400);
const days = z.int().min(1).max(MAX_RETENTION_DAYS);

/** What a form shows of a setting; `x-unit` is what its number counts. */
function shown(
  title: string,
  description: string,
  unit?: 'seconds' | 'days' | 'runs' | 'slots' | 'attempts',
) {
  return { title, description, ...(unit && { 'x-unit': unit }) };
}

/**
 * The settings of one pipeline that can be edited in the portal.
 *
 * @remarks
 * A patch over the configuration: what is absent is as configured, `null` where it is allowed
 * removes what the configuration says. Never a command, an environment or a secret.
 *
 * @public
 */
export const PipelineSettingsSchema = z
  .strictObject({
    concurrency: z
      .strictObject({
        limit: runs.meta(
          shown('Runs at once', 'Of this pipeline, over all workers.', 'runs'),
        ),
        perKey: runs.meta(
          shown(
            'Runs at once with the same key',
            'Where the configuration gives each run a key.',
            'runs',
          ),
        ),
      })
      .partial()
      .nullable()
      .optional()
      .meta(shown('Concurrency', 'Runs of this pipeline at once.')),
    schedule: z
      .strictObject({
        cron: z
          .string()
          .min(1)
          .max(200)
          .meta(
            shown('Cron', 'Five fields, or six with seconds in front of them.'),
          ),
        timezone: z
          .string()
          .min(1)
          .max(100)
          .meta(shown('Time zone', 'IANA name, such as Europe/Berlin.')),
        missed: z
          .enum(MISSED_START_POLICIES)
          .meta(
            shown(
              'Missed starts',
              'What happens to planned starts that nobody was there for.',
            ),
          ),
        enabled: z
          .boolean()
          .meta(shown('Enabled', 'Whether the schedule starts runs.')),
      })
      .partial()
      .nullable()
      .optional()
      .meta(shown('Schedule', 'When it starts by itself.')),
    timeoutSeconds: seconds
      .nullable()
      .optional()
      .meta(shown('Timeout', 'How long an attempt may execute.', 'seconds')),
    queueTimeoutSeconds: seconds
      .nullable()
      .optional()
      .meta(
        shown(
          'Timeout in the queue',
          'How long a run may wait in the queue.',
          'seconds',
        ),
      ),
    noOutputTimeoutSeconds: seconds
      .nullable()
      .optional()
      .meta(
        shown(
          'Timeout without output',
          'How long an attempt may write nothing.',
          'seconds',
        ),
      ),
    stopGraceSeconds: z
      .int()
      .min(0)
      .max(300)
      .optional()
      .meta(
        shown(
          'Grace',
          'Time between the polite and the forced end.',
          'seconds',
        ),
      ),
    retry: z
      .strictObject({
        maxAttempts: z
          .int()
          .min(1)
          .max(20)
          .meta(
            shown(
              'Attempts',
              'Starts of one run at most; 1 is at most once.',
              'attempts',
            ),
          ),
        delaySeconds: delaySeconds.meta(
          shown(
            'Delay',
            'Longest wait before the second attempt; it doubles with each further one.',
            'seconds',
          ),
        ),
        maxDelaySeconds: delaySeconds.meta(
          shown('Longest delay', 'What the delay grows to at most.', 'seconds'),
        ),
      })
      .partial()
      .optional()
      .meta(shown('Retry', 'How often it goes again after a failure.')),
    retention: z
      .strictObject({
        logDays: days.meta(
          shown('Logs', 'How long its logs are kept.', 'days'),
        ),
        artifactDays: days.meta(
          shown('Artifacts', 'How long its artifacts are kept.', 'days'),
        ),
      })
      .partial()
      .optional()
      .meta(
        shown(
          'Retention',
          'Counted from the end of a run; never longer than the portal keeps logs and runs.',
        ),
      ),
    outputFolder: z
      .string()
      .min(1)
      .max(1_000)
      .nullable()
      .optional()
      .meta(
        shown(
          'Output folder',
          'Default of the parameter that names the folder of the output.',
        ),
      ),
    parameterDefaults: z
      .record(z.string(), z.unknown())
      .optional()
      .meta(
        shown(
          'Defaults of parameters',
          'For forms, schedules and whoever leaves a parameter out.',
        ),
      ),
    titleTemplate: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta(
        shown('Title of a run', 'A text with ${{ parameters.name }} in it.'),
      ),
  })
  .meta({ id: 'PipelineSettings' });

/** {@inheritDoc PipelineSettingsSchema} @public */
export type PipelineSettings = z.infer<typeof PipelineSettingsSchema>;

/** A folder watch, as it can be edited; rules stay in the configuration. @public */
export const WatchSettingsSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .meta(shown('Enabled', 'Whether its files start runs.')),
    folder: z
      .string()
      .min(1)
      .max(1_000)
      .meta(shown('Folder', 'Inside one of the allowed folders.')),
    stableSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .meta(
        shown(
          'Still for',
          'How long a file must have stopped growing.',
          'seconds',
        ),
      ),
  })
  .partial();

/** The settings of the whole portal that can be edited; a patch like those of a pipeline. @public */
export const GlobalSettingsSchema = z
  .strictObject({
    concurrency: runs
      .nullable()
      .optional()
      .meta(
        shown('Runs at once', 'Over all pipelines and all workers.', 'runs'),
      ),
    slots: z
      .int()
      .min(1)
      .max(MAX_SLOTS)
      .optional()
      .meta(shown('Slots', 'Runs at once in each worker.', 'slots')),
    watches: z
      .record(z.string(), WatchSettingsSchema)
      .optional()
      .meta(shown('Watched folders', 'By the id of their watch.')),
    retention: z
      .strictObject({
        runDays: days.meta(
          shown('Runs', 'How long ended runs are kept.', 'days'),
        ),
        logDays: days.meta(shown('Logs', 'How long logs are kept.', 'days')),
      })
      .partial()
      .optional()
      .meta(shown('Retention', 'What a pipeline keeps for less is its own.')),
  })
  .meta({ id: 'GlobalSettings' });

/** {@inheritDoc GlobalSettingsSchema} @public */
export type GlobalSettings = z.infer<typeof GlobalSettingsSchema>;
