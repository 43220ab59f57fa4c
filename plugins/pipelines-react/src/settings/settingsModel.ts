import type { Settings } from '@millrace/backstage-plugin-pipelines-common';
import {
  completeSettingsSchema,
  settingFieldsOf,
  type SettingField,
} from './settingFields';
import {
  configuredValue,
  draftOf,
  effectiveOf,
  isSameCell,
  patchOf,
  type SettingsDraft,
} from './settingsDraft';
import type { JsonObject } from './values';

/** Settings, ready to be edited. @public */
export interface SettingsModel {
  /** JSON Schema of a patch. */
  schema: JsonObject;
  /** Every setting, by group. */
  fields: readonly SettingField[];
  configured: JsonObject;
  /** What was edited. */
  saved: SettingsDraft;
  revision: number;
  /** What the configuration says of a setting. */
  configuredValue(field: SettingField): unknown;
  /** What a patch says of each setting. */
  draftOf(patch: JsonObject): SettingsDraft;
  /** The patch that a draft makes. */
  patchOf(draft: SettingsDraft): JsonObject;
  /** What holds with a draft, by the id of each field; what nothing holds of is left out. */
  effectiveOf(draft: SettingsDraft): JsonObject;
  /** Whether two drafts make the same patch and leave the same fields empty. */
  isSame(a: SettingsDraft, b: SettingsDraft): boolean;
}

/**
 * Makes settings ready to be edited.
 *
 * @param others - patches whose names are known as well, such as the one that somebody else saved
 *   meanwhile
 *
 * @public
 */
export function settingsModelOf(
  settings: Settings,
  others: readonly JsonObject[] = [],
): SettingsModel {
  const { configured, patch } = settings;
  const schema = completeSettingsSchema(settings.schema, [patch, ...others]);
  const fields = settingFieldsOf(schema);
  return {
    schema,
    fields,
    configured,
    saved: draftOf(fields, patch),
    revision: settings.revision,
    configuredValue: field => configuredValue(field, configured),
    draftOf: of => draftOf(fields, of),
    patchOf: draft => patchOf(fields, draft),
    effectiveOf: draft => effectiveOf(fields, draft, configured),
    isSame: (a, b) => fields.every(({ id }) => isSameCell(a[id], b[id])),
  };
}
