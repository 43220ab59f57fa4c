import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import { lookup } from 'mime-types';

const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';
const MEDIA_TYPE_PATTERN =
  /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,60}$/;

/**
 * What a browser may show in place. Everything else is downloaded: SVG and HTML above all,
 * which could run scripts in the portal's origin.
 */
const PREVIEWS: Readonly<Record<string, NonNullable<RunArtifact['preview']>>> =
  {
    'image/png': 'image',
    'image/jpeg': 'image',
    'image/gif': 'image',
    'image/webp': 'image',
    'image/avif': 'image',
    'video/mp4': 'video',
    'video/webm': 'video',
    'video/ogg': 'video',
    'audio/mpeg': 'audio',
    'audio/mp4': 'audio',
    'audio/ogg': 'audio',
    'audio/wav': 'audio',
    'audio/webm': 'audio',
    'text/plain': 'text',
    'text/csv': 'text',
    'application/json': 'text',
  };

/** The media type that the runner named, if it is one, else that of the name's ending. */
export function mediaTypeOf(name: string, named?: string): string {
  const essence = named?.split(';')[0].trim().toLowerCase() ?? '';
  return MEDIA_TYPE_PATTERN.test(essence)
    ? essence
    : lookup(name) || UNKNOWN_MEDIA_TYPE;
}

/** How a browser may show it in place; undefined means download only. */
export function previewOf(mediaType: string): RunArtifact['preview'] {
  return Object.hasOwn(PREVIEWS, mediaType) ? PREVIEWS[mediaType] : undefined;
}

/** What the bytes are said to be when they are sent: nothing that a browser would execute. */
export function servedTypeOf(mediaType: string): string {
  const preview = previewOf(mediaType);
  if (preview === 'text') {
    return 'text/plain; charset=utf-8';
  }
  return preview ? mediaType : UNKNOWN_MEDIA_TYPE;
}
