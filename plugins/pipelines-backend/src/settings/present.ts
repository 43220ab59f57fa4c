import type { JsonObject } from '@backstage/types';
import type {
  Settings,
  SettingsRevision,
} from '@millrace/backstage-plugin-pipelines-common';
import { sentenceOf } from '../definitions';
import { changedPaths } from './changedPaths';
import type { RevisionRow, SettingsSubject } from './types';

/**
 * Settings on the wire.
 *
 * @param newest - undefined when they were never edited
 * @param patch - of the newest revision, or one that was only checked
 */
export function presentSettings(
  subject: SettingsSubject,
  newest: RevisionRow | undefined,
  patch: JsonObject,
): Settings {
  const { effective, problems } = subject.apply(patch);
  return {
    revision: newest?.revision ?? 0,
    ...(newest && { author: newest.author, at: newest.at.toISOString() }),
    patch,
    configured: subject.configured,
    effective,
    schema: subject.schema,
    ...(problems.length > 0 && { problems: problems.map(sentenceOf) }),
  };
}

/**
 * A revision on the wire.
 *
 * @param before - the one before it; undefined for the first
 */
export function presentRevision(
  row: RevisionRow,
  before: RevisionRow | undefined,
): SettingsRevision {
  return {
    revision: row.revision,
    author: row.author,
    at: row.at.toISOString(),
    ...(row.note !== null && { note: row.note }),
    ...(row.restored !== null && { restored: row.restored }),
    patch: row.patch,
    changed: changedPaths(before?.patch ?? {}, row.patch),
  };
}
