import type { Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import {
  PIPELINE_ID_PATTERN,
  type WatchRule,
} from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';
import type { PipelineDefinition } from '../definitions';
import { secretPaths } from '../secrets';
import { checkValues, pathsIn } from './renderValues';
import { problemOfSecret } from './webhooks/signingSecret';

const DEFAULT_MAX_MISSED_STARTS = 100;
const MAX_MISSED_STARTS = 1_000;
const MAX_RULES = 50;
const MAX_SECRETS = 5;

const ParametersSchema = z.record(z.string(), z.unknown()).default({});

const WatchSchema = z.strictObject({
  // What settings can change; read and checked with the other settings of the portal.
  folder: z.string(),
  enabled: z.unknown().optional(),
  stable: z.unknown().optional(),
  usePolling: z.boolean().default(false),
  rules: z
    .array(
      z.strictObject({
        glob: z.string().min(1).max(1_000),
        pipeline: z.string(),
        parameters: ParametersSchema,
        deleteInput: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(MAX_RULES),
});

const WebhookSchema = z
  .strictObject({
    pipeline: z.string(),
    secret: z.string().optional(),
    secrets: z.array(z.string()).max(MAX_SECRETS).default([]),
    parameters: ParametersSchema,
  })
  .transform(({ secret, secrets, ...rest }) => ({
    ...rest,
    secrets: secret === undefined ? secrets : [secret, ...secrets],
  }));

/** What of a folder watch only the configuration can say. */
export interface WatchConfig {
  /** Whether the folder tells of no changes, so that it is only looked at again and again. */
  usePolling: boolean;
  /** In order: the first whose glob matches is taken. */
  rules: readonly WatchRule[];
}

/** A webhook trigger. */
export interface WebhookConfig {
  id: string;
  pipelineId: string;
  /** At least one; a call is good when it is signed with any of them. */
  secrets: readonly string[];
  /** Templates over the body of a call, such as `${{ body.name }}`. */
  parameters: JsonObject;
}

/** What starts runs by itself besides the schedules and `after` of definitions. */
export interface TriggersConfig {
  /** Most runs that are made at once of starts that a schedule has missed. */
  maxMissedStarts: number;
  /** By id. */
  watches: ReadonlyMap<string, WatchConfig>;
  /** By id. */
  webhooks: ReadonlyMap<string, WebhookConfig>;
}

type Definitions = ReadonlyMap<string, PipelineDefinition>;

/**
 * Reads `pipelines.schedules`, `pipelines.watches` and `pipelines.webhooks`, and checks the
 * templates of `after`.
 *
 * @throws Error that names every problem at once
 */
export function readTriggersConfig(
  config: Config,
  configured: readonly PipelineDefinition[],
): TriggersConfig {
  const definitions: Definitions = new Map(
    configured
      .filter(({ internal }) => !internal)
      .map(definition => [definition.id, definition]),
  );
  const problems: string[] = [];
  const read = <TFields>(
    key: string,
    schema: z.ZodType<TFields>,
    check: (fields: TFields) => string[],
  ): Map<string, TFields> => {
    const section = config.getOptional<Record<string, unknown>>(key) ?? {};
    return new Map(
      Object.entries(section).flatMap(([id, value]) => {
        const parsed = schema.safeParse(value);
        const found = [
          ...checkId(id),
          ...(parsed.success ? check(parsed.data) : issuesOf(parsed.error)),
        ];
        problems.push(...found.map(problem => `  ${key}.${id}: ${problem}`));
        return parsed.success ? [[id, parsed.data] as const] : [];
      }),
    );
  };

  const watches = read('pipelines.watches', WatchSchema, ({ rules }) =>
    rules.flatMap((rule, index) =>
      checkMapping(rule, 'file', definitions).map(
        problem => `rules[${index}]: ${problem}`,
      ),
    ),
  );
  const webhooks = read('pipelines.webhooks', WebhookSchema, webhook => [
    ...checkSecrets(webhook.secrets),
    ...checkMapping(webhook, 'body', definitions),
  ]);
  problems.push(...checkAfterTemplates(definitions));
  const maxMissedStarts = readMaxMissedStarts(config, problems);
  if (problems.length > 0) {
    throw new Error(
      `What starts pipelines by itself has ${
        problems.length === 1 ? 'a problem' : `${problems.length} problems`
      }; mend the configuration and start again:\n${problems.join('\n')}`,
    );
  }
  return {
    maxMissedStarts,
    watches: new Map(
      [...watches].map(([id, { usePolling, rules }]) => [
        id,
        {
          usePolling,
          rules: rules.map(({ glob, pipeline, parameters, deleteInput }) => ({
            glob,
            pipelineId: pipeline,
            parameters,
            deleteInput,
          })),
        },
      ]),
    ),
    webhooks: new Map(
      [...webhooks].map(([id, { pipeline, secrets, parameters }]) => [
        id,
        {
          id,
          pipelineId: pipeline,
          secrets,
          parameters: parameters as JsonObject,
        },
      ]),
    ),
  };
}

function readMaxMissedStarts(config: Config, problems: string[]): number {
  const key = 'pipelines.schedules.maxMissedStarts';
  const most = config.getOptionalNumber(key) ?? DEFAULT_MAX_MISSED_STARTS;
  if (!(Number.isInteger(most) && most >= 1 && most <= MAX_MISSED_STARTS)) {
    problems.push(
      `  ${key}: is ${most}; it must be a whole number from 1 to ${MAX_MISSED_STARTS}`,
    );
  }
  return most;
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.map(
    issue => `${issue.path.join('.') || 'it'}: ${issue.message}`,
  );
}

function checkId(id: string): string[] {
  return PIPELINE_ID_PATTERN.test(id)
    ? []
    : [
        'the id may have lower-case letters, digits and inner hyphens, at most 63 of them',
      ];
}

function checkSecrets(secrets: readonly string[]): string[] {
  return secrets.length === 0
    ? ['there is no secret; set `secret` or `secrets`']
    : secrets.flatMap(secret => problemOfSecret(secret) ?? []);
}

/** Whether the pipeline can ever be started with what the mapping gives it. */
function checkMapping(
  mapping: { pipeline: string; parameters: Record<string, unknown> },
  root: string,
  definitions: Definitions,
): string[] {
  const definition = definitions.get(mapping.pipeline);
  if (!definition) {
    return [`there is no pipeline '${mapping.pipeline}'`];
  }
  const { parameters: schema } = definition;
  const known = (schema.properties ?? {}) as Record<string, JsonObject>;
  const given = Object.keys(mapping.parameters);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return [
    ...given
      .filter(
        name =>
          schema.additionalProperties === false && !Object.hasOwn(known, name),
      )
      .map(name => `parameters: there is no parameter '${name}'`),
    ...required
      .map(String)
      .filter(
        name => !given.includes(name) && known[name]?.default === undefined,
      )
      .map(
        name =>
          `parameters: the parameter '${name}' is missing and has no default`,
      ),
    ...checkValues(mapping.parameters as JsonObject, [root]).map(
      problem => `parameters: ${problem}`,
    ),
  ];
}

/** Names and circles of `after` are checked with the definitions. */
function checkAfterTemplates(definitions: Definitions): string[] {
  return [...definitions.values()].flatMap(({ id, after }) =>
    after.flatMap(({ pipelineId, parameters }) => {
      const before = definitions.get(pipelineId);
      const secrets = before ? secretPaths(before.parameters) : [];
      const shown = pathsIn(parameters)
        .filter(([, kind]) => kind === 'parameters')
        .map(path => path.slice(2).join('.'))
        .filter(name =>
          secrets.some(secret => startsWith(secret.join('.'), name)),
        );
      return [
        ...checkValues(parameters, ['run']),
        ...shown.map(
          name =>
            `'${
              name || 'parameters'
            }' of '${pipelineId}' is or has a secret parameter, which is not handed on`,
        ),
      ].map(problem => `  pipelines.definitions.${id}: after: ${problem}`);
    }),
  );
}

/** Whether the path `outer` is the path `inner` or leads to it, or the other way round. */
function startsWith(inner: string, outer: string): boolean {
  return (
    outer === '' ||
    inner === outer ||
    inner.startsWith(`${outer}.`) ||
    outer.startsWith(`${inner}.`)
  );
}
