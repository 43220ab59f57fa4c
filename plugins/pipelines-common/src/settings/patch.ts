import { z } from 'zod';
import { ConcurrencySchema } from '../definitions/schema';
import { MISSED_START_POLICIES } from '../schedules/policies';

const seconds = (max: number) => z.int().min(1).max(max);

/** Days that a pipeline may keep something; the global limit still holds. */
const days = z.int().min(1).max(3_650);

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
    concurrency: ConcurrencySchema.pick({ limit: true, perKey: true })
      .partial()
      .nullable()
      .optional()
      .describe('Runs of this pipeline at once'),
    schedule: z
      .strictObject({
        cron: z.string().min(1).max(200),
        timezone: z.string().min(1).max(100),
        missed: z.enum(MISSED_START_POLICIES),
        enabled: z.boolean(),
      })
      .partial()
      .nullable()
      .optional()
      .describe('When it starts by itself'),
    timeoutSeconds: seconds(24 * 86_400)
      .nullable()
      .optional()
      .describe('How long an attempt may execute, in seconds'),
    queueTimeoutSeconds: seconds(24 * 86_400)
      .nullable()
      .optional()
      .describe('How long a run may wait in the queue, in seconds'),
    noOutputTimeoutSeconds: seconds(24 * 86_400)
      .nullable()
      .optional()
      .describe('How long an attempt may write nothing, in seconds'),
    stopGraceSeconds: z
      .int()
      .min(0)
      .max(300)
      .optional()
      .describe('Time between the polite and the forced end, in seconds'),
    retry: z
      .strictObject({
        maxAttempts: z.int().min(1).max(20),
        delaySeconds: z.int().min(0).max(86_400),
        maxDelaySeconds: z.int().min(0).max(86_400),
      })
      .partial()
      .optional()
      .describe('How often it goes again after a failure'),
    retention: z
      .strictObject({ logDays: days, artifactDays: days })
      .partial()
      .optional()
      .describe(
        'How long logs and artifacts are kept; never longer than the portal keeps them',
      ),
    outputFolder: z
      .string()
      .max(1_000)
      .nullable()
      .optional()
      .describe('Default of the parameter that names the output folder'),
    parameterDefaults: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Defaults of parameters'),
    titleTemplate: z.string().max(500).optional().describe('Title of a run'),
  })
  .meta({ id: 'PipelineSettings' });

/** {@inheritDoc PipelineSettingsSchema} @public */
export type PipelineSettings = z.infer<typeof PipelineSettingsSchema>;

/** A folder watch, as it can be edited; rules stay in the configuration. @public */
export const WatchSettingsSchema = z
  .strictObject({
    enabled: z.boolean(),
    /** Under one of the configured roots. */
    folder: z.string().min(1).max(1_000),
    stableSeconds: z.int().min(1).max(3_600),
  })
  .partial();

/** The settings of the whole portal that can be edited; a patch like those of a pipeline. @public */
export const GlobalSettingsSchema = z
  .strictObject({
    concurrency: z
      .int()
      .min(1)
      .max(10_000)
      .nullable()
      .optional()
      .describe('Runs at once over all pipelines and workers'),
    slots: z
      .int()
      .min(1)
      .max(64)
      .nullable()
      .optional()
      .describe('Runs at once in each worker'),
    watches: z
      .record(z.string(), WatchSettingsSchema)
      .optional()
      .describe('Watched folders by the id of their watch'),
    retention: z
      .strictObject({ runDays: days, logDays: days })
      .partial()
      .optional()
      .describe('How long runs and logs are kept, in days'),
  })
  .meta({ id: 'GlobalSettings' });

/** {@inheritDoc GlobalSettingsSchema} @public */
export type GlobalSettings = z.infer<typeof GlobalSettingsSchema>;
