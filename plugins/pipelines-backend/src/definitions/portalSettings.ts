import {
  GlobalSettingsSchema,
  type GlobalSettings,
} from '@millrace/backstage-plugin-pipelines-common';
import path from 'node:path';
import {
  findFolder,
  type AllowedFolders,
  type CheckedFolder,
} from './AllowedFolders';
import type { DefinitionsService } from './DefinitionsService';
import { FittedPatch } from './FittedPatch';
import type { ConfiguredPortal, PortalSettings, WatchSettings } from './types';

/** What of a patch fits the configuration, and one problem for each thing that does not. */
export function fitPortalSettings(
  configured: ConfiguredPortal,
  patch: unknown,
  folders: AllowedFolders,
): FittedPatch<GlobalSettings> {
  const fitted = FittedPatch.read(GlobalSettingsSchema, patch);
  for (const [id, watch] of Object.entries(fitted.settings.watches ?? {})) {
    if (!Object.hasOwn(configured.watches, id)) {
      fitted.refuse(['watches', id], 'the configuration has no such watch');
    } else if (watch.folder !== undefined) {
      const problem = folders.check(watch.folder, configured.root);
      if (problem) {
        fitted.refuse(['watches', id, 'folder'], problem);
      }
    }
  }
  return fitted;
}

/** The settings of the portal with a patch over them. */
export function applyPortalSettings(
  configured: ConfiguredPortal,
  settings: GlobalSettings,
  revision: number,
): PortalSettings {
  const watches = Object.entries(configured.watches).map(
    ([id, watch]): [string, WatchSettings] => [
      id,
      { ...watch, ...settings.watches?.[id] },
    ],
  );
  return {
    revision,
    concurrency:
      settings.concurrency === undefined
        ? configured.concurrency
        : settings.concurrency ?? undefined,
    slots: settings.slots ?? configured.slots,
    watches: Object.fromEntries(watches),
    retention: { ...configured.retention, ...settings.retention },
  };
}

/**
 * The real folder of a watch, now.
 *
 * @remarks
 * The configured folder is trusted. An edited one must still be inside an allowed folder,
 * whatever links have become of it since it was saved.
 *
 * @returns undefined when there is no such watch
 */
export async function resolveWatchFolder(
  definitions: Pick<
    DefinitionsService,
    'configuredPortal' | 'folders' | 'portalSettings'
  >,
  watchId: string,
): Promise<CheckedFolder | undefined> {
  const { root, watches: configured } = definitions.configuredPortal();
  const { watches } = definitions.portalSettings();
  if (!Object.hasOwn(watches, watchId)) {
    return undefined;
  }
  const { folder } = watches[watchId];
  return folder === configured[watchId].folder
    ? findFolder(path.resolve(root, folder))
    : definitions.folders.resolve(folder, root);
}
