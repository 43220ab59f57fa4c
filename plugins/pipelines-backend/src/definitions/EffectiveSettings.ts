import { isDeepStrictEqual } from 'node:util';
import type { AllowedFolders } from './AllowedFolders';
import { sentenceOf } from './FittedPatch';
import type { NewestSettings } from './operations/readNewestSettings';
import { applyPipelineSettings, fitPipelineSettings } from './pipelineSettings';
import { applyPortalSettings, fitPortalSettings } from './portalSettings';
import type {
  ConfiguredPortal,
  PipelineDefinition,
  PortalSettings,
} from './types';

/** Scope of the settings of the portal. */
export const PORTAL_SCOPE = 'portal';

/** Scope of the settings of a pipeline. */
export const scopeOf = (pipelineId: string) => `pipeline:${pipelineId}`;

/** Everything that holds at one time: the configuration with the newest settings over it. */
export class EffectiveSettings {
  readonly #newest: readonly NewestSettings[];

  private constructor(
    /** By id. */
    readonly definitions: ReadonlyMap<string, PipelineDefinition>,
    readonly portal: PortalSettings,
    /** What was left out, as sentences by scope; only scopes that have some. */
    readonly problems: ReadonlyMap<string, readonly string[]>,
    newest: readonly NewestSettings[],
  ) {
    this.#newest = newest;
  }

  static of(options: {
    configured: ReadonlyMap<string, PipelineDefinition>;
    portal: ConfiguredPortal;
    folders: AllowedFolders;
    newest: readonly NewestSettings[];
  }): EffectiveSettings {
    const { configured, portal, folders } = options;
    const newest = new Map(options.newest.map(item => [item.scope, item]));
    const problems = new Map<string, readonly string[]>();
    const note = (scope: string, fitted: { problems: readonly Problem[] }) => {
      if (fitted.problems.length > 0) {
        problems.set(scope, fitted.problems.map(sentenceOf));
      }
    };

    const definitions = [...configured.values()].map(definition => {
      const scope = scopeOf(definition.id);
      const saved = newest.get(scope);
      if (!saved || definition.internal) {
        return definition;
      }
      const fitted = fitPipelineSettings(definition, saved.patch, folders);
      note(scope, fitted);
      return applyPipelineSettings(definition, fitted.settings, saved.revision);
    });

    const saved = newest.get(PORTAL_SCOPE);
    const fitted = fitPortalSettings(portal, saved?.patch ?? {}, folders);
    note(PORTAL_SCOPE, fitted);
    return new EffectiveSettings(
      new Map(definitions.map(item => [item.id, item])),
      applyPortalSettings(portal, fitted.settings, saved?.revision ?? 0),
      problems,
      options.newest,
    );
  }

  /** Whether they come from these revisions. */
  isOf(newest: readonly NewestSettings[]): boolean {
    return isDeepStrictEqual(this.#newest, newest);
  }
}

type Problem = Parameters<typeof sentenceOf>[0];
