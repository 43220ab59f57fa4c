import type { JsonObject } from '@backstage/types';
import type { GlobalSettings } from '@millrace/backstage-plugin-pipelines-common';
import {
  applyPortalSettings,
  fitPortalSettings,
  PORTAL_SCOPE,
  type DefinitionsService,
  type PatchProblem,
  type PortalSettings,
} from '../definitions';
import { portalPatchSchema } from './patchSchema';
import type { PatchOutcome, SettingsSubject } from './types';

/** The settings of the portal. */
export class PortalSubject implements SettingsSubject {
  readonly scope = PORTAL_SCOPE;
  readonly configured: JsonObject;
  readonly schema: JsonObject;
  readonly #definitions: DefinitionsService;

  constructor(definitions: DefinitionsService) {
    const configured = definitions.configuredPortal();
    this.configured = settingsOf(configured);
    this.schema = portalPatchSchema(Object.keys(configured.watches));
    this.#definitions = definitions;
  }

  apply(patch: JsonObject): PatchOutcome {
    const configured = this.#definitions.configuredPortal();
    const { settings, problems } = fitPortalSettings(
      configured,
      patch,
      this.#definitions.folders,
    );
    return {
      effective: settingsOf(applyPortalSettings(configured, settings, 0)),
      problems,
    };
  }

  async checkWorld(patch: JsonObject): Promise<PatchProblem[]> {
    const { root } = this.#definitions.configuredPortal();
    const { watches = {} } = patch as GlobalSettings;
    const problems: PatchProblem[] = [];
    for (const [id, { folder }] of Object.entries(watches)) {
      if (folder !== undefined) {
        const found = await this.#definitions.folders.resolve(folder, root);
        if ('problem' in found) {
          problems.push({
            path: ['watches', id, 'folder'],
            message: found.problem,
          });
        }
      }
    }
    return problems;
  }
}

/** What of the portal can be edited, in the shape of a patch. */
function settingsOf(portal: Omit<PortalSettings, 'revision'>): JsonObject {
  const { concurrency, slots, watches, retention } = portal;
  return {
    ...(concurrency !== undefined && { concurrency }),
    slots,
    watches: JSON.parse(JSON.stringify(watches)),
    retention,
  };
}
