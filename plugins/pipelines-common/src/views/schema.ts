import { z } from 'zod';
import { pageOf, PageQuerySchema } from '../http/page';

/** Lists of which views can be saved. @public */
export const VIEW_PAGES = ['runs'] as const;

/** One of {@link VIEW_PAGES}. @public */
export type ViewPage = (typeof VIEW_PAGES)[number];

/** Longest name of a saved view, in characters. @public */
export const MAX_VIEW_NAME_LENGTH = 100;

/** Longest query of a saved view, in characters. @public */
export const MAX_VIEW_QUERY_LENGTH = 4_000;

/** Most views that one person or one team can have of all pages together. @public */
export const MAX_VIEWS_PER_OWNER = 100;

const MAX_OWNER_LENGTH = 300;

const iso = z.iso.datetime();

const ViewNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_VIEW_NAME_LENGTH)
  .refine(
    name => !/\p{Cc}|\p{Surrogate}/u.test(name),
    'has a control character or half of a surrogate pair',
  );

const ViewQuerySchema = z
  .string()
  .max(MAX_VIEW_QUERY_LENGTH)
  .regex(
    /^[\w*.%+=&,:@/~-]*$/,
    'is the encoded query of an address, without its question mark',
  );

const ViewOwnerSchema = z.string().min(1).max(MAX_OWNER_LENGTH);

/** Filters, order and columns of a list under a name, of a person or a team. @public */
export const SavedViewSchema = z
  .object({
    id: z.uuid(),
    page: z.enum(VIEW_PAGES),
    name: z.string(),
    /** The query of the address, without its question mark; relative times stay relative. */
    query: z.string(),
    /** Entity ref of the person or the group whose view it is. */
    owner: z.string(),
    /** From 1; another one is another state of the view. */
    revision: z.int(),
    createdBy: z.string(),
    createdAt: iso,
    changedBy: z.string(),
    changedAt: iso,
    /** Whether the caller may change and delete it. */
    isEditable: z.boolean(),
  })
  .meta({ id: 'SavedView' });

/** {@inheritDoc SavedViewSchema} @public */
export type SavedView = z.infer<typeof SavedViewSchema>;

/** Query of `GET /views`. @public */
export const ListViewsQuerySchema = PageQuerySchema.extend({
  page: z.enum(VIEW_PAGES),
});

/** {@inheritDoc ListViewsQuerySchema} @public */
export type ListViewsQuery = z.output<typeof ListViewsQuerySchema>;

/** Answer of `GET /views`: the caller's own first, then those of teams, each by name. @public */
export const ListViewsResponseSchema = pageOf(SavedViewSchema)
  .extend({
    /** Whose views the caller may save: the caller first, then the caller's groups. */
    owners: z.array(z.string()),
  })
  .meta({ id: 'SavedViewPage' });

/** {@inheritDoc ListViewsResponseSchema} @public */
export type ListViewsResponse = z.infer<typeof ListViewsResponseSchema>;

/** Body of `POST /views`. @public */
export const CreateViewRequestSchema = z
  .strictObject({
    page: z.enum(VIEW_PAGES),
    name: ViewNameSchema,
    query: ViewQuerySchema,
    /** The caller or a group of the caller; default the caller. */
    owner: ViewOwnerSchema.optional(),
  })
  .meta({ id: 'CreateViewRequest' });

/** {@inheritDoc CreateViewRequestSchema} @public */
export type CreateViewRequest = z.infer<typeof CreateViewRequestSchema>;

/** Body of `PUT /views/{id}`. @public */
export const UpdateViewRequestSchema = z
  .strictObject({
    name: ViewNameSchema,
    query: ViewQuerySchema,
    /** The caller or a group of the caller, or whose it is already. */
    owner: ViewOwnerSchema,
    /** The revision that was edited; another one in between is a 409. */
    revision: z.int32().min(1),
  })
  .meta({ id: 'UpdateViewRequest' });

/** {@inheritDoc UpdateViewRequestSchema} @public */
export type UpdateViewRequest = z.infer<typeof UpdateViewRequestSchema>;
