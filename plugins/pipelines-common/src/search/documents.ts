import { z } from 'zod';
import { UNSUCCESSFUL_RUN_STATES } from '../runs/state';

/** Type of the search documents of pipelines. @public */
export const PIPELINE_DOCUMENT_TYPE = 'pipeline';

/** Type of the search documents of failed runs. @public */
export const RUN_DOCUMENT_TYPE = 'pipeline-run';

const common = {
  title: z.string(),
  /** What is searched beside the title. */
  text: z.string(),
  /** Path in the portal. */
  location: z.string(),
  pipelineId: z.string(),
  /** Entity ref of the owner. */
  owner: z.string().optional(),
  /** Ref of the entity that the pipeline belongs to. */
  entity: z.string().optional(),
};

/** A pipeline in the search index. @public */
export const PipelineDocumentSchema = z.object({
  ...common,
  description: z.string().optional(),
});

/** {@inheritDoc PipelineDocumentSchema} @public */
export type PipelineDocument = z.infer<typeof PipelineDocumentSchema>;

/** A failed run in the search index. @public */
export const RunDocumentSchema = z.object({
  ...common,
  runId: z.uuid(),
  state: z.enum(UNSUCCESSFUL_RUN_STATES),
  pipelineTitle: z.string(),
  /** The error message on one line, cut. */
  reason: z.string().optional(),
  /** When it ended, or was submitted where that is not known. */
  at: z.iso.datetime(),
});

/** {@inheritDoc RunDocumentSchema} @public */
export type RunDocument = z.infer<typeof RunDocumentSchema>;
