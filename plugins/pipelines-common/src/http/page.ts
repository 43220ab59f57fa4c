import { z } from 'zod';

/** Rows of a list page when the caller does not say. @public */
export const DEFAULT_PAGE_SIZE = 50;

/** Most rows that one list page can have. @public */
export const MAX_PAGE_SIZE = 200;

/** Longest cursor that is looked at, in characters. @public */
export const MAX_CURSOR_LENGTH = 512;

/** The two query parameters of every list: `limit` (1 to 200) and the opaque `cursor`. @public */
export const PageQuerySchema = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE_SIZE)
    .default(DEFAULT_PAGE_SIZE),
  cursor: z.string().min(1).max(MAX_CURSOR_LENGTH).optional(),
});

/**
 * The shape of every list answer: the items, and the cursor of the next page where more follow.
 *
 * @public
 */
export const pageOf = <TItem extends z.ZodType>(item: TItem) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

/** A comma separated list of the given values in one query parameter. @public */
export const commaList = <TItem extends z.ZodType<unknown, string>>(
  item: TItem,
  max = 50,
) =>
  z
    .string()
    .max(10_000)
    .transform(text => text.split(',').filter(part => part !== ''))
    .pipe(z.array(item).min(1).max(max));
