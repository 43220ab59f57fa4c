export {
  settingAnchor,
  SettingsForm,
  type SettingsFormProps,
} from './SettingsForm';
export { SettingsJson, type SettingsJsonProps } from './SettingsJson';
export {
  SETTING_GROUPS,
  type SettingField,
  type SettingGroup,
} from './settingFields';
export {
  problemsOfDraft,
  problemsOfRefusal,
  type SettingProblems,
} from './settingProblems';
export {
  mergedDraft,
  settingChanges,
  settingConflicts,
  type ConflictChoices,
  type SettingCell,
  type SettingChange,
  type SettingConflict,
  type SettingsDraft,
} from './settingsDraft';
export { settingsModelOf, type SettingsModel } from './settingsModel';
export {
  settingsKeys,
  settingsOptions,
  settingsRevisionsOptions,
  useRestoreSettings,
  useSaveSettings,
  useSettings,
  useSettingsRevisions,
  type RestoreSettingsVariables,
  type SaveSettingsVariables,
  type SettingsScope,
} from './settingsQueries';
export { useRetentionPreview } from './useRetentionPreview';
export { useSettingTexts, type SettingTexts } from './settingTexts';
export type { JsonObject } from './values';
