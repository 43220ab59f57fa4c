/** Texts of what entity pages show of pipelines. */
export const entityMessages = {
  cardTitle: 'Pipeline runs',
  listLabel: 'Pipelines of this entity',
  allRuns: 'All runs',
  neverRan: 'It has not run yet.',
  health: '{{good}} of the last {{all}} succeeded',
  noneEnded: 'No run has ended yet',
  next: 'Next run',
  showAll_one: 'Show all {{count}} pipelines',
  showAll_other: 'Show all {{count}} pipelines',
  more: 'There are more on the page Pipelines',
  pause: 'Pause {{title}}',
  resume: 'Resume {{title}}',
  outside: 'Executed elsewhere',
} as const;
