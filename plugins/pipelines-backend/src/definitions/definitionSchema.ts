import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { HumanDuration } from '@backstage/types';
import {
  MAX_CONCURRENCY,
  MISSED_START_POLICIES,
  type Concurrency,
} from '@millrace/backstage-plugin-pipelines-common';
import { Duration } from 'luxon';
import { z } from 'zod';

const DEFAULT_STOP_GRACE_MS = 10_000;
const MAX_ATTEMPTS = 20;
const MAX_AFTER = 20;
const DEFAULT_RETRY_DELAY_MS = 1_000;
const DEFAULT_MAX_RETRY_DELAY_MS = 300_000;

const DurationSchema = z
  .union([z.string(), z.record(z.string(), z.number())])
  .transform((value, context) => {
    const duration =
      typeof value === 'string'
        ? Duration.fromISO(value)
        : Duration.fromObject(value as HumanDuration);
    if (!duration.isValid || duration.toMillis() < 0) {
      context.addIssue({
        code: 'custom',
        message: 'is no duration; write for example { minutes: 30 } or PT30M',
      });
      return z.NEVER;
    }
    return duration.toMillis();
  });

const EntityRefSchema = (defaultKind: string) =>
  z.string().transform((value, context) => {
    try {
      return stringifyEntityRef(
        parseEntityRef(value, { defaultKind, defaultNamespace: 'default' }),
      );
    } catch {
      context.addIssue({
        code: 'custom',
        message: `'${value}' is no entity ref; write for example ${defaultKind}:default/name`,
      });
      return z.NEVER;
    }
  });

const VariableNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');

/** What the configuration may say of a pipeline; durations become ms. */
export const DefinitionSchema = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  description: z.string().max(2_000).optional(),
  owner: EntityRefSchema('group').optional(),
  entity: EntityRefSchema('component').optional(),
  engine: z.string().default('process'),
  command: z.array(z.string().min(1)).min(1).optional(),
  cwd: z.string().optional(),
  env: z.array(VariableNameSchema).default([]),
  secrets: z.array(VariableNameSchema).default([]),
  titleTemplate: z.string().max(500).optional(),
  version: z.coerce.string().max(100).optional(),
  parameters: z.record(z.string(), z.unknown()).default({ type: 'object' }),
  outputFolderParameter: z.string().optional(),
  schedule: z
    .strictObject({
      cron: z.string(),
      timezone: z.string().default('UTC'),
      missed: z.enum(MISSED_START_POLICIES).default('once'),
      enabled: z.boolean().default(true),
    })
    .optional(),
  after: z
    .array(
      z.union([
        z.string().transform(pipeline => ({ pipeline, parameters: {} })),
        z.strictObject({
          pipeline: z.string(),
          parameters: z.record(z.string(), z.unknown()).default({}),
        }),
      ]),
    )
    .max(MAX_AFTER)
    .default([]),
  concurrency: z
    .union([
      z
        .int()
        .min(1)
        .max(MAX_CONCURRENCY)
        .transform((limit): Concurrency => ({ limit })),
      z.strictObject({
        limit: z.int().min(1).max(MAX_CONCURRENCY).optional(),
        key: z.string().min(1).max(500).optional(),
        perKey: z.int().min(1).max(MAX_CONCURRENCY).optional(),
      }),
    ])
    .optional(),
  timeout: DurationSchema.optional(),
  queueTimeout: DurationSchema.optional(),
  stepTimeout: DurationSchema.optional(),
  noOutputTimeout: DurationSchema.optional(),
  stopGrace: DurationSchema.default(DEFAULT_STOP_GRACE_MS),
  retry: z
    .strictObject({
      maxAttempts: z.int().min(1).max(MAX_ATTEMPTS).default(1),
      delay: DurationSchema.default(DEFAULT_RETRY_DELAY_MS),
      maxDelay: DurationSchema.default(DEFAULT_MAX_RETRY_DELAY_MS),
      exitCodes: z.array(z.int().min(1).max(255)).min(1).optional(),
      onTimeout: z.boolean().default(true),
    })
    .prefault({}),
  resumableSteps: z.boolean().default(false),
  retention: z
    .strictObject({
      logDays: z.int().min(1).max(3_650).optional(),
      artifactDays: z.int().min(1).max(3_650).optional(),
    })
    .default({}),
  options: z.record(z.string(), z.unknown()).default({}),
});

/** What the configuration says of a pipeline, with every default filled in. */
export type DefinitionFields = z.output<typeof DefinitionSchema>;
