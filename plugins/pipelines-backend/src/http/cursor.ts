import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** An opaque text for the place where a list goes on. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * The place that a cursor of {@link encodeCursor} stands for.
 *
 * @throws InputError when the text did not come from a list of this kind
 */
export function decodeCursor<TSchema extends z.ZodType>(
  schema: TSchema,
  cursor: string,
): z.output<TSchema> {
  try {
    return schema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InputError(
      `The cursor '${cursor.slice(
        0,
        80,
      )}' is not one of this list; begin again without a cursor`,
    );
  }
}
