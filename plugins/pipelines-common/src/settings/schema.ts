import { z } from 'zod';
import { pageOf, PageQuerySchema } from '../http/page';
import { GlobalSettingsSchema, PipelineSettingsSchema } from './patch';

const iso = z.iso.datetime();

/** One saved state of the settings of a pipeline or of the portal. @public */
export const SettingsRevisionSchema = z
  .object({
    /** From 1, without gaps. */
    revision: z.int(),
    author: z.string(),
    at: iso,
    note: z.string().optional(),
    /** The revision that this one has brought back. */
    restored: z.int().optional(),
    /** The whole patch, not the difference to the one before. */
    patch: z.record(z.string(), z.unknown()),
    /** Paths whose value differs from the revision before. */
    changed: z.array(z.string()),
  })
  .meta({ id: 'SettingsRevision' });

/** {@inheritDoc SettingsRevisionSchema} @public */
export type SettingsRevision = z.infer<typeof SettingsRevisionSchema>;

/** Answer of `GET /pipelines/{id}/settings` and `GET /settings`. @public */
export const SettingsSchema = z
  .object({
    /** 0 when nothing was ever edited. */
    revision: z.int(),
    author: z.string().optional(),
    at: iso.optional(),
    /** What was edited. */
    patch: z.record(z.string(), z.unknown()),
    /** What the configuration says, in the same shape. */
    configured: z.record(z.string(), z.unknown()),
    /** What holds: the patch over the configuration. */
    effective: z.record(z.string(), z.unknown()),
    /** JSON Schema of a patch, for forms; a number has its unit under `x-unit`. */
    schema: z.record(z.string(), z.unknown()),
    /** What of the patch no longer fits the configuration and is left out, as sentences. */
    problems: z.array(z.string()).optional(),
  })
  .meta({ id: 'Settings' });

/** {@inheritDoc SettingsSchema} @public */
export type Settings = z.infer<typeof SettingsSchema>;

const saveOf = <TPatch extends z.ZodType>(patch: TPatch) =>
  z.strictObject({
    patch,
    /** The revision that was edited; another one in between is a 409. */
    baseRevision: z.int().min(0),
    note: z.string().max(2_000).optional(),
    /** Only checks. */
    dryRun: z.boolean().optional(),
  });

/** Body of `PUT /pipelines/{id}/settings`. @public */
export const SavePipelineSettingsRequestSchema = saveOf(
  PipelineSettingsSchema,
).meta({ id: 'SavePipelineSettingsRequest' });

/** {@inheritDoc SavePipelineSettingsRequestSchema} @public */
export type SavePipelineSettingsRequest = z.input<
  typeof SavePipelineSettingsRequestSchema
>;

/** Body of `PUT /settings`. @public */
export const SaveGlobalSettingsRequestSchema = saveOf(
  GlobalSettingsSchema,
).meta({ id: 'SaveGlobalSettingsRequest' });

/** {@inheritDoc SaveGlobalSettingsRequestSchema} @public */
export type SaveGlobalSettingsRequest = z.input<
  typeof SaveGlobalSettingsRequestSchema
>;

/** Body of `POST …/settings/revisions/{n}/restore`: makes a new revision like the old one. @public */
export const RestoreSettingsRequestSchema = z
  .strictObject({
    baseRevision: z.int().min(0),
    note: z.string().max(2_000).optional(),
  })
  .meta({ id: 'RestoreSettingsRequest' });

/** {@inheritDoc RestoreSettingsRequestSchema} @public */
export type RestoreSettingsRequest = z.input<
  typeof RestoreSettingsRequestSchema
>;

/** Query of `GET …/settings/revisions`. @public */
export const ListRevisionsQuerySchema = PageQuerySchema;

/** Answer of `GET …/settings/revisions`, newest first. @public */
export const ListRevisionsResponseSchema = pageOf(SettingsRevisionSchema);

/** {@inheritDoc ListRevisionsResponseSchema} @public */
export type ListRevisionsResponse = z.infer<typeof ListRevisionsResponseSchema>;
