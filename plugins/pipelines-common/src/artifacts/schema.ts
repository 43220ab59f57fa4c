import { z } from 'zod';

/** A file that a run made. Its bytes are at `GET /runs/{runId}/artifacts/{id}/content`. @public */
export const RunArtifactSchema = z
  .object({
    id: z.uuid(),
    attempt: z.int(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    /** Lower-case hex. */
    sha256: z.string(),
    createdAt: z.iso.datetime(),
    /** How a browser may show it in place; absent means download only. */
    preview: z.enum(['image', 'video', 'audio', 'text']).optional(),
  })
  .meta({ id: 'RunArtifact' });

/** {@inheritDoc RunArtifactSchema} @public */
export type RunArtifact = z.infer<typeof RunArtifactSchema>;

/** Answer of `GET /runs/{id}/artifacts`. @public */
export const RunArtifactsResponseSchema = z.object({
  items: z.array(RunArtifactSchema),
});
