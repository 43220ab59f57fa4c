import type { Settings } from '@millrace/backstage-plugin-pipelines-common';
import {
  settingFieldsOf,
  specialiseSettingsSchema,
  type SettingField,
} from './settingFields';
import {
  draftOf,
  effectiveOf,
  isSameCell,
  patchOf,
  type SettingsDraft,
} from './settingsDraft';
import type { JsonObject } from './values';

/** Settings, ready to be edited. @public */
export interface SettingsModel {
  /** JSON Schema of a patch with the names that are known here. */
  schema: JsonObject;
  /** Every setting, by group. */
  fields: readonly SettingField[];
  configured: JsonObject;
  /** What was edited. */
  saved: SettingsDraft;
  revision: number;
  /** What a patch says of each setting. */
  draftOf(patch: JsonObject): SettingsDraft;
  /** The patch that a draft makes. */
  patchOf(draft: SettingsDraft): JsonObject;
  /** Everything that holds with a draft, as one document. */
  effectiveOf(draft: SettingsDraft): JsonObject;
  /** Whether two drafts make the same patch and leave the same fields empty. */
  isSame(a: SettingsDraft, b: SettingsDraft): boolean;
}

/**
 * Makes settings ready to be edited.
 *
 * @param options - `parameters`: JSON Schema of the pipeline's parameters; `others`: settings
 *   whose names are known as well, such as those that somebody else saved meanwhile
 *
 * @public
 */
export function settingsModelOf(
  settings: Settings,
  options: { parameters?: JsonObject; others?: readonly JsonObject[] } = {},
): SettingsModel {
  const { parameters, others = [] } = options;
  const { configured, patch } = settings;
  const schema = specialiseSettingsSchema({
    schema: settings.schema,
    values: [configured, patch, ...others],
    parameters,
  });
  const fields = settingFieldsOf(schema);
  return {
    schema,
    fields,
    configured,
    saved: draftOf(fields, patch),
    revision: settings.revision,
    draftOf: of => draftOf(fields, of),
    patchOf: draft => patchOf(fields, draft),
    effectiveOf: draft => effectiveOf(fields, draft, configured),
    isSame: (a, b) =>
      fields.every(({ id }) => isSameCell(a[id], b[id])),
  };
}
