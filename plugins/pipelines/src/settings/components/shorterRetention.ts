import type { RetentionPreviewFilter } from '@millrace/backstage-plugin-pipelines-common';
import type { SettingsScope } from '@millrace/backstage-plugin-pipelines-react';

const FIELDS = ['runDays', 'logDays', 'artifactDays'] as const;

/**
 * How long things are kept for a shorter time than before, in days; undefined when nothing is.
 *
 * @param before - what holds of each setting, by the id of its field
 */
export function shorterRetention(
  scope: SettingsScope,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): RetentionPreviewFilter | undefined {
  const shorter = FIELDS.flatMap(name => {
    const was = before[`retention.${name}`];
    const is = after[`retention.${name}`];
    const isShorter =
      typeof is === 'number' && (typeof was !== 'number' || is < was);
    return isShorter ? [[name, is] as const] : [];
  });
  return shorter.length === 0
    ? undefined
    : { ...(scope && { pipeline: [scope] }), ...Object.fromEntries(shorter) };
}
