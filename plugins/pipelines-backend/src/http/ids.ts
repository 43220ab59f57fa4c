import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';

const UuidSchema = z.uuid();
const MAX_QUOTED_LENGTH = 80;

/**
 * The id of a run as it is in a path.
 *
 * @throws NotFoundError when it cannot be one
 */
export function parseRunId(text: string): string {
  return parseId('run', text);
}

/**
 * The id of an artifact as it is in a path; never a path itself.
 *
 * @throws NotFoundError when it cannot be one
 */
export function parseArtifactId(text: string): string {
  return parseId('artifact', text);
}

/**
 * The id of a saved view as it is in a path.
 *
 * @throws NotFoundError when it cannot be one
 */
export function parseViewId(text: string): string {
  return parseId('view', text);
}

function parseId(noun: string, text: string): string {
  const { success, data } = UuidSchema.safeParse(text);
  if (!success) {
    throw new NotFoundError(`No ${noun} '${text.slice(0, MAX_QUOTED_LENGTH)}'`);
  }
  return data.toLowerCase();
}
