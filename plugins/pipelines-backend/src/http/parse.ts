import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * The value in the shape of the schema: the only way in for anything from outside.
 *
 * @throws InputError naming every field that is wrong
 */
export function parse<TSchema extends z.ZodType>(
  schema: TSchema,
  value: unknown,
): z.output<TSchema> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new InputError(z.prettifyError(result.error));
  }
  return result.data;
}
