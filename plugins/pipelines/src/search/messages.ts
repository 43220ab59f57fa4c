/** Texts of hits and filters in the search of the portal. */
export const searchMessages = {
  runType: 'Failed runs',
  pipelineType: 'Pipelines',
  runOf: 'Run of {{pipeline}}',
  pipeline: 'Pipeline',
  state: 'State',
} as const;
