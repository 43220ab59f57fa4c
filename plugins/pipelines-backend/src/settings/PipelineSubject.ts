import type { JsonObject } from '@backstage/types';
import type { PipelineSettings } from '@millrace/backstage-plugin-pipelines-common';
import {
  applyPipelineSettings,
  defaultsOf,
  fitPipelineSettings,
  outputBaseOf,
  scopeOf,
  type DefinitionsService,
  type PatchProblem,
  type PipelineDefinition,
} from '../definitions';
import { pipelinePatchSchema } from './patchSchema';
import type { PatchOutcome, SettingsSubject } from './types';

/** The settings of one pipeline. */
export class PipelineSubject implements SettingsSubject {
  readonly scope: string;
  readonly configured: JsonObject;
  readonly schema: JsonObject;
  readonly #definitions: DefinitionsService;
  readonly #definition: PipelineDefinition;

  /** @param definition - as configured */
  constructor(definitions: DefinitionsService, definition: PipelineDefinition) {
    this.scope = scopeOf(definition.id);
    this.configured = settingsOf(definition);
    this.schema = pipelinePatchSchema(definition);
    this.#definitions = definitions;
    this.#definition = definition;
  }

  apply(patch: JsonObject): PatchOutcome {
    const { settings, problems } = fitPipelineSettings(
      this.#definition,
      patch,
      this.#definitions.folders,
    );
    return {
      effective: settingsOf(
        applyPipelineSettings(this.#definition, settings, 0),
      ),
      problems,
    };
  }

  async checkWorld(patch: JsonObject): Promise<PatchProblem[]> {
    const { retention, outputFolder } = patch as PipelineSettings;
    const { retention: portal } = this.#definitions.portalSettings();
    const problems = [
      ...checkDays('logDays', retention?.logDays, portal.logDays),
      ...checkDays('artifactDays', retention?.artifactDays, portal.runDays),
    ];
    if (outputFolder) {
      const found = await this.#definitions.folders.resolve(
        outputFolder,
        outputBaseOf(this.#definition),
      );
      if ('problem' in found) {
        problems.push({ path: ['outputFolder'], message: found.problem });
      }
    }
    return problems;
  }
}

function checkDays(
  field: 'logDays' | 'artifactDays',
  days: number | undefined,
  most: number,
): PatchProblem[] {
  return days === undefined || days <= most
    ? []
    : [
        {
          path: ['retention', field],
          message: `is longer than the ${most} days that the portal keeps them`,
        },
      ];
}

/** What of a pipeline can be edited, in the shape of a patch. */
function settingsOf(definition: PipelineDefinition): JsonObject {
  const { concurrency, retry, outputFolderParameter: folder } = definition;
  const { [folder ?? '']: outputFolder, ...parameterDefaults } = defaultsOf(
    definition.parameters,
  );
  return withoutUndefined({
    concurrency: concurrency && {
      limit: concurrency.limit,
      perKey: concurrency.perKey,
    },
    schedule: definition.schedule,
    timeoutSeconds: secondsOf(definition.timeoutMs),
    queueTimeoutSeconds: secondsOf(definition.queueTimeoutMs),
    noOutputTimeoutSeconds: secondsOf(definition.noOutputTimeoutMs),
    stopGraceSeconds: secondsOf(definition.stopGraceMs),
    retry: {
      maxAttempts: definition.maxAttempts,
      delaySeconds: secondsOf(retry.delayMs),
      maxDelaySeconds: secondsOf(retry.maxDelayMs),
    },
    retention: definition.retention,
    outputFolder,
    parameterDefaults,
    titleTemplate: definition.titleTemplate,
  });
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

function withoutUndefined(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
