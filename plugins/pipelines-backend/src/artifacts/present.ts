import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import { previewOf } from './mediaTypes';
import type { ArtifactRow } from './types';

/** An artifact on the wire. */
export function presentArtifact(row: ArtifactRow): RunArtifact {
  const preview = previewOf(row.media_type);
  return {
    id: row.id,
    attempt: row.attempt,
    name: row.name,
    mediaType: row.media_type,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    createdAt: row.created_at.toISOString(),
    ...(preview && { preview }),
  };
}
