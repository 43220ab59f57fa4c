import { Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import {
  PIPELINE_ID_PATTERN,
  type EngineCapabilities,
} from '@millrace/backstage-plugin-pipelines-common';
import type { EngineDefinition } from '@millrace/backstage-plugin-pipelines-node';
import path from 'node:path';
import { readSecretsConfig } from '../secrets';
import { checkAfter, type AfterFields } from './checkAfter';
import { checkFields } from './checkFields';
import { DefinitionSchema } from './definitionSchema';
import type { PipelineDefinition } from './types';

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
  const found = Object.entries(section).map(([id, value]) => ({
    id,
    ...readDefinition(id, value, { engines, root, hasSecretsKey }),
  }));
  const afterProblems = checkAfter(
    new Map(found.map(({ id, starts }) => [id, starts])),
  );
  const problems = found.flatMap(({ id, problems: own }) =>
    [...own, ...(afterProblems.get(id) ?? [])].map(
      problem => `  ${id}: ${problem}`,
    ),
  );
  if (problems.length > 0) {
    throw new Error(
      `The pipeline definitions in 'pipelines.definitions' have ${
        problems.length === 1 ? 'a problem' : `${problems.length} problems`
      }; mend the configuration and start again:\n${problems.join('\n')}`,
    );
  }
  return found.flatMap(({ definition }) => definition ?? []);
}

function readDefinition(
  id: string,
  value: unknown,
  options: { engines: EngineChecks; root: string; hasSecretsKey: boolean },
): {
  problems: string[];
  definition?: PipelineDefinition;
  /** What is started by others, also where something else is wrong. */
  starts?: AfterFields;
} {
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
    ...checkFields(id, fields, { parameters, hasSecretsKey }),
    ...(capabilities
      ? engines.check(fields.engine, engineDefinition)
      : [`engine: there is no engine '${fields.engine}'`]),
  ];
  const starts = { after: fields.after, parameters };
  if (problems.length > 0 || !capabilities) {
    return { problems, starts };
  }
  return {
    problems,
    starts,
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

function checkId(id: string): string[] {
  return PIPELINE_ID_PATTERN.test(id)
    ? []
    : [
        'the id may have lower-case letters, digits and inner hyphens, at most 63 of them',
      ];
}
