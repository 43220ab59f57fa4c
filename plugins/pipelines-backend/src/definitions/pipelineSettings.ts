import type { JsonObject, JsonValue } from '@backstage/types';
import {
  PipelineSettingsSchema,
  type PipelineSettings,
} from '@millrace/backstage-plugin-pipelines-common';
import { checkSecretParameters, secretPaths, valueAt } from '../secrets';
import type { AllowedFolders } from './AllowedFolders';
import { CronPattern } from './cronPattern';
import { FittedPatch } from './FittedPatch';
import {
  checkDefaults,
  checkScheduledParameters,
  propertiesOf,
  withDefaults,
} from './parameters';
import { checkTemplate } from './renderTitle';
import type { PipelineDefinition, PipelineScheduleDefinition } from './types';

/** What the folder of a pipeline's output starts from where it is relative: its `cwd`. */
export function outputBaseOf({ engineDefinition }: PipelineDefinition): string {
  return engineDefinition.cwd ?? '/';
}

/** The schemas of the parameters whose defaults can be edited, by their names. */
export function parametersWithDefault({
  parameters,
  outputFolderParameter,
}: PipelineDefinition): JsonObject {
  const secrets = secretPaths(parameters).flatMap(([name, ...rest]) =>
    rest.length === 0 ? [name] : [],
  );
  return Object.fromEntries(
    Object.entries(propertiesOf(parameters)).filter(
      ([name]) => name !== outputFolderParameter && !secrets.includes(name),
    ),
  );
}

/** What of a patch fits the configuration, and one problem for each thing that does not. */
export function fitPipelineSettings(
  configured: PipelineDefinition,
  patch: unknown,
  folders: AllowedFolders,
): FittedPatch<PipelineSettings> {
  const fitted = FittedPatch.read(PipelineSettingsSchema, patch);
  const { settings } = fitted;
  if (settings.concurrency?.perKey && !configured.concurrency?.key) {
    fitted.refuse(
      ['concurrency', 'perKey'],
      'the configuration of the pipeline gives its runs no key',
    );
  }
  fitTitle(configured, fitted);
  fitOutputFolder(configured, fitted, folders);
  fitDefaults(configured, fitted);
  fitSchedule(configured, fitted);
  return fitted;
}

function fitTitle(
  { parameters }: PipelineDefinition,
  fitted: FittedPatch<PipelineSettings>,
): void {
  const { titleTemplate } = fitted.settings;
  if (titleTemplate === undefined) {
    return;
  }
  const problems = [
    ...checkTemplate(titleTemplate, parameters),
    ...checkSecretParameters({
      schema: parameters,
      templates: { titleTemplate },
      hasKey: true,
    }),
  ];
  if (problems.length > 0) {
    fitted.refuse(
      ['titleTemplate'],
      problems.join('; ').replaceAll('titleTemplate: ', ''),
    );
  }
}

function fitOutputFolder(
  configured: PipelineDefinition,
  fitted: FittedPatch<PipelineSettings>,
  folders: AllowedFolders,
): void {
  const { outputFolder } = fitted.settings;
  if (outputFolder === undefined) {
    return;
  }
  if (!configured.outputFolderParameter) {
    fitted.refuse(
      ['outputFolder'],
      'the configuration of the pipeline has no outputFolderParameter',
    );
    return;
  }
  const problem =
    outputFolder === null
      ? undefined
      : folders.check(outputFolder, outputBaseOf(configured)) ??
        checkDefaults(configured.parameters, {
          [configured.outputFolderParameter]: outputFolder,
        })[0]?.message;
  if (problem) {
    fitted.refuse(['outputFolder'], problem);
  }
}

function fitDefaults(
  configured: PipelineDefinition,
  fitted: FittedPatch<PipelineSettings>,
): void {
  const defaults = fitted.settings.parameterDefaults;
  if (!defaults) {
    return;
  }
  const folder = configured.outputFolderParameter;
  if (folder !== undefined && Object.hasOwn(defaults, folder)) {
    fitted.refuse(
      ['parameterDefaults', folder],
      'is the output folder; set outputFolder instead',
    );
  }
  for (const [parameter, ...rest] of secretPaths(configured.parameters)) {
    const value = defaults[parameter] as JsonValue | undefined;
    if (valueAt(value, rest) !== undefined) {
      fitted.refuse(
        ['parameterDefaults', parameter],
        'is secret, so it has no default that everybody could read',
      );
    }
  }
  for (const { parameter, message } of checkDefaults(
    configured.parameters,
    defaults,
  )) {
    fitted.refuse(['parameterDefaults', parameter], message);
  }
}

/** A start by schedule has only defaults, so edited ones must not break the schedule either. */
function fitSchedule(
  configured: PipelineDefinition,
  fitted: FittedPatch<PipelineSettings>,
): void {
  const { settings } = fitted;
  if (settings.schedule && !applySchedule(configured, settings)) {
    fitted.refuse(
      ['schedule'],
      'the configuration has no schedule, so this one needs a cron',
    );
  }
  fitTimes(configured, fitted);
  const schedule = applySchedule(configured, settings);
  const { id } = configured;
  const problem =
    schedule &&
    checkScheduledParameters(id, applyDefaults(configured, fitted.settings));
  if (!problem) {
    return;
  }
  if (!configured.schedule) {
    fitted.refuse(['schedule'], problem);
    return;
  }
  for (const field of ['parameterDefaults', 'outputFolder'] as const) {
    if (fitted.settings[field] !== undefined) {
      fitted.refuse([field], problem);
    }
  }
}

/** Only edited times are looked at: configured ones may have come to their end meanwhile. */
function fitTimes(
  configured: PipelineDefinition,
  fitted: FittedPatch<PipelineSettings>,
): void {
  const edited = fitted.settings.schedule;
  const schedule = edited && applySchedule(configured, fitted.settings);
  const problem = schedule && CronPattern.problemOf(schedule);
  if (problem) {
    const path = edited[problem.field] === undefined ? [] : [problem.field];
    fitted.refuse(['schedule', ...path], problem.message);
    fitTimes(configured, fitted);
  }
}

function applySchedule(
  configured: PipelineDefinition,
  { schedule }: PipelineSettings,
): PipelineScheduleDefinition | undefined {
  if (!schedule) {
    return schedule === null ? undefined : configured.schedule;
  }
  const { cron, ...rest } = { ...configured.schedule, ...schedule };
  return cron === undefined
    ? undefined
    : { timezone: 'UTC', missed: 'once', enabled: true, ...rest, cron };
}

function applyDefaults(
  configured: PipelineDefinition,
  settings: PipelineSettings,
): JsonObject {
  const folder = configured.outputFolderParameter;
  return withDefaults(configured.parameters, {
    ...settings.parameterDefaults,
    ...(folder !== undefined &&
      settings.outputFolder !== undefined && {
        [folder]: settings.outputFolder ?? undefined,
      }),
  });
}

function applyConcurrency(
  configured: PipelineDefinition['concurrency'],
  edited: PipelineSettings['concurrency'],
): PipelineDefinition['concurrency'] {
  if (edited === undefined) {
    return configured;
  }
  return edited === null ? undefined : { ...configured, ...edited };
}

/** In ms: as configured, removed by null, or edited. */
function applySeconds(
  configured: number | undefined,
  seconds: number | null | undefined,
): number | undefined {
  if (seconds === undefined) {
    return configured;
  }
  return seconds === null ? undefined : seconds * 1_000;
}

/** A pipeline with its settings over the configuration. */
export function applyPipelineSettings(
  configured: PipelineDefinition,
  settings: PipelineSettings,
  revision: number,
): PipelineDefinition {
  const stopGraceMs =
    applySeconds(configured.stopGraceMs, settings.stopGraceSeconds) ?? 0;
  const { delayMs, maxDelayMs } = configured.retry;
  return {
    ...configured,
    settingsRevision: revision,
    titleTemplate: settings.titleTemplate ?? configured.titleTemplate,
    parameters: applyDefaults(configured, settings),
    schedule: applySchedule(configured, settings),
    concurrency: applyConcurrency(configured.concurrency, settings.concurrency),
    timeoutMs: applySeconds(configured.timeoutMs, settings.timeoutSeconds),
    queueTimeoutMs: applySeconds(
      configured.queueTimeoutMs,
      settings.queueTimeoutSeconds,
    ),
    noOutputTimeoutMs: applySeconds(
      configured.noOutputTimeoutMs,
      settings.noOutputTimeoutSeconds,
    ),
    stopGraceMs,
    maxAttempts: settings.retry?.maxAttempts ?? configured.maxAttempts,
    retry: {
      ...configured.retry,
      delayMs: applySeconds(delayMs, settings.retry?.delaySeconds) ?? 0,
      maxDelayMs:
        applySeconds(maxDelayMs, settings.retry?.maxDelaySeconds) ?? 0,
    },
    retention: { ...configured.retention, ...settings.retention },
    engineDefinition: { ...configured.engineDefinition, stopGraceMs },
  };
}
