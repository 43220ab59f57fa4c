import type { SettingField } from './settingFields';
import { isSame, valueAt, withValueAt, type JsonObject } from './values';

/**
 * What a patch says of one setting.
 *
 * @remarks
 * `inherited`: nothing, so the configuration holds; `removed`: that what the configuration says
 * does not hold; `emptied`: somebody cleared the field and has not said what holds instead.
 *
 * @public
 */
export type SettingCell =
  | { kind: 'inherited' }
  | { kind: 'removed' }
  | { kind: 'emptied' }
  | { kind: 'value'; value: unknown };

/** What a patch says of each setting, by the id of the field. @public */
export type SettingsDraft = Readonly<Record<string, SettingCell>>;

/** A setting that two patches say different things of. @public */
export interface SettingChange {
  field: SettingField;
  /** What holds without and with the change; undefined for nothing. */
  before: unknown;
  after: unknown;
  /** Whether the configuration holds after it. */
  isReset: boolean;
}

const INHERITED: SettingCell = { kind: 'inherited' };

/** What a patch says of each field. @internal */
export function draftOf(
  fields: readonly SettingField[],
  patch: JsonObject,
): SettingsDraft {
  return Object.fromEntries(
    fields.map(field => [field.id, cellOf(field, patch)]),
  );
}

function cellOf(field: SettingField, patch: JsonObject): SettingCell {
  const { path, removableParent, isNullable } = field;
  if (removableParent && valueAt(patch, removableParent) === null) {
    return { kind: 'removed' };
  }
  const value = valueAt(patch, path);
  if (value === undefined) {
    return INHERITED;
  }
  return value === null && isNullable
    ? { kind: 'removed' }
    : { kind: 'value', value };
}

/** The patch that a draft makes; an emptied field is left out, because it says nothing yet. @internal */
export function patchOf(
  fields: readonly SettingField[],
  draft: SettingsDraft,
): JsonObject {
  let patch: JsonObject = {};
  for (const field of fields) {
    const cell = draft[field.id] ?? INHERITED;
    if (cell.kind === 'value') {
      patch = withValueAt(patch, field.path, cell.value);
    } else if (cell.kind === 'removed') {
      const { removableParent: parent } = field;
      if (field.isNullable) {
        patch = withValueAt(patch, field.path, null);
      } else if (parent && isAllRemoved(fields, draft, parent)) {
        patch = withValueAt(patch, parent, null);
      }
    }
  }
  return patch;
}

function isAllRemoved(
  fields: readonly SettingField[],
  draft: SettingsDraft,
  parent: readonly string[],
): boolean {
  return fields
    .filter(field => field.removableParent?.join('.') === parent.join('.'))
    .every(field => draft[field.id]?.kind === 'removed');
}

/** What holds of a setting; undefined for nothing. @internal */
export function effectiveValue(
  field: SettingField,
  cell: SettingCell,
  configured: JsonObject,
): unknown {
  if (cell.kind === 'value') {
    return cell.value;
  }
  return cell.kind === 'inherited'
    ? configuredValue(field, configured)
    : undefined;
}

/** What the configuration says of a setting. @internal */
export function configuredValue(
  field: SettingField,
  configured: JsonObject,
): unknown {
  return valueAt(configured, field.path);
}

/** What holds with a draft, by the id of each field; what nothing holds of is left out. @internal */
export function effectiveOf(
  fields: readonly SettingField[],
  draft: SettingsDraft,
  configured: JsonObject,
): JsonObject {
  return Object.fromEntries(
    fields
      .map(field => [
        field.id,
        effectiveValue(field, draft[field.id] ?? INHERITED, configured),
      ])
      .filter(([, value]) => value !== undefined),
  );
}

/** The cell of a field after somebody gave it a value, or cleared it. @internal */
export function cellAfterEdit(
  field: SettingField,
  value: unknown,
  configured: JsonObject,
): SettingCell {
  if (value !== undefined) {
    return { kind: 'value', value };
  }
  if (configuredValue(field, configured) === undefined) {
    return INHERITED;
  }
  return { kind: field.isNullable ? 'removed' : 'emptied' };
}

/** Whether two drafts say the same of a field. @internal */
export function isSameCell(
  a: SettingCell = INHERITED,
  b: SettingCell = INHERITED,
): boolean {
  return a.kind === 'value' && b.kind === 'value'
    ? isSame(a.value, b.value)
    : a.kind === b.kind;
}

/** What changes from one draft to the other, in the order of the fields. @public */
export function settingChanges(options: {
  fields: readonly SettingField[];
  from: SettingsDraft;
  to: SettingsDraft;
  configured: JsonObject;
}): SettingChange[] {
  const { fields, from, to, configured } = options;
  return fields
    .filter(
      // An emptied one is not said to change anything before it has a value again.
      ({ id }) => !isSameCell(from[id], to[id]) && to[id]?.kind !== 'emptied',
    )
    .map(field => {
      const cell = to[field.id] ?? INHERITED;
      return {
        field,
        before: effectiveValue(field, from[field.id] ?? INHERITED, configured),
        after: effectiveValue(field, cell, configured),
        isReset: cell.kind === 'inherited',
      };
    });
}

/** One setting in three drafts, for whoever edits while somebody else saves. @public */
export interface SettingConflict {
  field: SettingField;
  base: SettingCell;
  theirs: SettingCell;
  yours: SettingCell;
  /** Who changed it; `both` to different things, so that somebody has to choose, or to the `same`. */
  change: 'theirs' | 'yours' | 'both' | 'same';
}

/** Which side of a conflict somebody has chosen, by the id of the field. @public */
export type ConflictChoices = Readonly<Record<string, 'theirs' | 'yours'>>;

/** Every setting that either side changed since the base, in the order of the fields. @public */
export function settingConflicts(
  fields: readonly SettingField[],
  drafts: { base: SettingsDraft; theirs: SettingsDraft; yours: SettingsDraft },
): SettingConflict[] {
  return fields.flatMap(field => {
    const { id } = field;
    const [base, theirs, yours] = [
      drafts.base[id] ?? INHERITED,
      drafts.theirs[id] ?? INHERITED,
      drafts.yours[id] ?? INHERITED,
    ];
    const change = whoChanged(base, theirs, yours);
    return change ? [{ field, base, theirs, yours, change }] : [];
  });
}

function whoChanged(
  base: SettingCell,
  theirs: SettingCell,
  yours: SettingCell,
): SettingConflict['change'] | undefined {
  const isTheirs = !isSameCell(base, theirs);
  const isYours = !isSameCell(base, yours);
  if (isTheirs && isYours) {
    return isSameCell(theirs, yours) ? 'same' : 'both';
  }
  if (isTheirs) {
    return 'theirs';
  }
  return isYours ? 'yours' : undefined;
}

/** The draft on top of what they saved: your changes, and where both changed, what was chosen. @public */
export function mergedDraft(
  conflicts: readonly SettingConflict[],
  theirs: SettingsDraft,
  choices: ConflictChoices,
): SettingsDraft {
  const merged: Record<string, SettingCell> = { ...theirs };
  for (const { field, yours, change } of conflicts) {
    const isKept = change === 'both' && choices[field.id] !== 'theirs';
    if (change === 'yours' || isKept) {
      merged[field.id] = yours;
    }
  }
  return merged;
}
