import { usePipelines } from '@millrace/backstage-plugin-pipelines-react';

/** Pipelines to choose from; a portal with more filters by the address. */
const MAX_PIPELINE_OPTIONS = 200;

/**
 * Pipelines as a `Select` takes them, by title.
 *
 * @param chosen - ids that are among them even when there is no such pipeline any more
 * @param entity - only pipelines of these
 */
export function usePipelineOptions(
  chosen: readonly string[],
  entity?: readonly string[],
): { id: string; label: string }[] {
  const pipelines = usePipelines({ entity, limit: MAX_PIPELINE_OPTIONS });
  const known = pipelines.data?.pages.flatMap(page => page.items) ?? [];
  const options = known.map(({ id, title }) => ({ id, label: title }));
  for (const id of new Set(chosen)) {
    // A pipeline that was removed still has its runs.
    if (!known.some(pipeline => pipeline.id === id)) {
      options.push({ id, label: id });
    }
  }
  return options;
}
