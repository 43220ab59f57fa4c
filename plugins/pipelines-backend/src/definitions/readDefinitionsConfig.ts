import { Config } from '@backstage/config';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { HumanDuration, JsonObject } from '@backstage/types';
import {
  MISSED_START_POLICIES,
  PIPELINE_ID_PATTERN,
  type Concurrency,
  type EngineCapabilities,
} from '@millrace/backstage-plugin-pipelines-common';
import type { EngineDefinition } from '@millrace/backstage-plugin-pipelines-node';
import { CronPattern } from './cronPattern';
import { Duration } from 'luxon';
import path from 'node:path';
import { z } from 'zod';
import { checkSecretParameters, readSecretsConfig } from '../secrets';
import { checkParametersSchema, ParametersValidator } from './parameters';
import type { PipelineDefinition } from './types';

const DEFAULT_STOP_GRACE_MS = 10_000;
const MAX_STOP_GRACE_MS = 300_000;
/** Timers of Node count no further than to 2^31 ms; beyond that they ring at once. */
const MAX_TIMEOUT_MS = 24 * 86_400_000;
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

const DefinitionSchema = z.strictObject({
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
        .transform(limit => ({ limit })),
      z.strictObject({
        limit: z.int().min(1).optional(),
        key: z.string().min(1).max(500).optional(),
        perKey: z.int().min(1).optional(),
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

/** What the definitions need to know of an engine. */
export interface EngineChecks {
  /** Undefined when there is no engine with this id. */
  capabilitiesOf(engineId: string): EngineCapabilities | undefined;
  /** Every problem of the engine's own part of a definition. */
  check(engineId: string, definition: EngineDefinition): string[];
}

/**
 * Reads and checks every definition under `pipelines.definitions`.
 *
 * @throws Error that names every problem of every definition at once
 */
export function readDefinitionsConfig(options: {
  config: Config;
  engines: EngineChecks;
  /** Folder that relative `cwd`s start from. */
  root: string;
}): PipelineDefinition[] {
  const { config, engines, root } = options;
  const section =
    config.getOptional<Record<string, unknown>>('pipelines.definitions') ?? {};
  const hasSecretsKey = readSecretsConfig(config).keys.length > 0;
  const problems: string[] = [];
  const definitions: PipelineDefinition[] = [];
  for (const [id, value] of Object.entries(section)) {
    const found = readDefinition(id, value, { engines, root, hasSecretsKey });
    problems.push(...found.problems.map(problem => `  ${id}: ${problem}`));
    if (found.definition) {
      definitions.push(found.definition);
    }
  }
  if (problems.length > 0) {
    throw new Error(
      `The pipeline definitions in 'pipelines.definitions' have ${
        problems.length === 1 ? 'a problem' : `${problems.length} problems`
      }; mend the configuration and start again:\n${problems.join('\n')}`,
    );
  }
  return definitions;
}

function readDefinition(
  id: string,
  value: unknown,
  options: { engines: EngineChecks; root: string; hasSecretsKey: boolean },
): { problems: string[]; definition?: PipelineDefinition } {
  const { engines, root, hasSecretsKey } = options;
  const parsed = DefinitionSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      issue => `${issue.path.join('.') || 'the definition'}: ${issue.message}`,
    );
    return { problems: [...checkId(id), ...issues] };
  }
  const fields = parsed.data;
  const engineDefinition: EngineDefinition = {
    pipelineId: id,
    command: fields.command,
    cwd: path.resolve(root, fields.cwd ?? '.'),
    env: fields.env,
    secrets: fields.secrets,
    stopGraceMs: fields.stopGrace,
    options: fields.options as JsonObject,
  };
  const parameters = {
    additionalProperties: false,
    ...fields.parameters,
  } as JsonObject;
  const capabilities = engines.capabilitiesOf(fields.engine);
  const problems = [
    ...checkId(id),
    ...checkParametersSchema(fields.parameters),
    ...checkSecretParameters({
      schema: fields.parameters as JsonObject,
      templates: {
        titleTemplate: fields.titleTemplate,
        'concurrency.key': (fields.concurrency as Concurrency | undefined)?.key,
      },
      hasKey: hasSecretsKey,
    }),
    ...(fields.schedule ? CronPattern.check(fields.schedule) : []),
    ...(fields.schedule ? checkScheduledParameters(id, parameters) : []),
    ...checkTimeout('timeout', fields.timeout),
    ...checkTimeout('queueTimeout', fields.queueTimeout),
    ...checkTimeout('stepTimeout', fields.stepTimeout),
    ...checkTimeout('noOutputTimeout', fields.noOutputTimeout),
    ...checkConcurrency(fields.concurrency),
    ...(fields.stopGrace > MAX_STOP_GRACE_MS
      ? [`stopGrace: is longer than ${MAX_STOP_GRACE_MS / 1_000} seconds`]
      : []),
    ...(capabilities
      ? engines.check(fields.engine, engineDefinition)
      : [`engine: there is no engine '${fields.engine}'`]),
  ];
  if (problems.length > 0 || !capabilities) {
    return { problems };
  }
  return {
    problems,
    definition: {
      id,
      title: fields.title ?? id,
      description: fields.description,
      owner: fields.owner,
      entity: fields.entity,
      engine: fields.engine,
      capabilities,
      version: fields.version,
      titleTemplate: fields.titleTemplate,
      parameters,
      outputFolderParameter: fields.outputFolderParameter,
      schedule: fields.schedule,
      after: fields.after.map(({ pipeline, parameters: values }) => ({
        pipelineId: pipeline,
        parameters: values as JsonObject,
      })),
      concurrency: fields.concurrency,
      timeoutMs: fields.timeout,
      queueTimeoutMs: fields.queueTimeout,
      stepTimeoutMs: fields.stepTimeout,
      noOutputTimeoutMs: fields.noOutputTimeout,
      stopGraceMs: fields.stopGrace,
      maxAttempts: fields.retry.maxAttempts,
      retry: {
        delayMs: fields.retry.delay,
        maxDelayMs: fields.retry.maxDelay,
        exitCodes: fields.retry.exitCodes,
        onTimeout: fields.retry.onTimeout,
      },
      resumableSteps: fields.resumableSteps,
      retention: fields.retention,
      settingsRevision: 0,
      engineDefinition,
    },
  };
}

function checkConcurrency(concurrency: Concurrency | undefined): string[] {
  if (!concurrency) {
    return [];
  }
  const { limit, key, perKey } = concurrency;
  if ((key === undefined) !== (perKey === undefined)) {
    return ['concurrency: key and perKey go together'];
  }
  return limit === undefined && perKey === undefined
    ? ['concurrency: say limit, or key and perKey']
    : [];
}

function checkTimeout(name: string, timeoutMs: number | undefined): string[] {
  return timeoutMs === undefined ||
    (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
    ? []
    : [
        `${name}: must be longer than nothing and at most 24 days; leave it out for no limit`,
      ];
}

function checkId(id: string): string[] {
  return PIPELINE_ID_PATTERN.test(id)
    ? []
    : [
        'the id may have lower-case letters, digits and inner hyphens, at most 63 of them',
      ];
}

/** A start by schedule has nobody who fills in a form. */
function checkScheduledParameters(
  id: string,
  parameters: JsonObject,
): string[] {
  if (checkParametersSchema(parameters).length > 0) {
    return [];
  }
  try {
    new ParametersValidator(id, parameters).validate({});
    return [];
  } catch (error) {
    return [
      `schedule: a start by schedule has only the defaults of the parameters, and they are not enough (${
        error instanceof Error ? error.message : error
      })`,
    ];
  }
}
