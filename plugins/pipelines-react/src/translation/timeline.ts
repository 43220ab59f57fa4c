/** Texts of runs side by side. @internal */
export const timelineMessages = {
  grid: {
    title: 'Run grid',
    label_one: 'The newest run with its steps',
    label_other: 'The {{count}} newest runs with their steps, newest last',
    counts: 'These runs by state',
    count: '{{number}} {{state}}',
    newRuns_one: '{{count}} new run',
    newRuns_other: '{{count}} new runs',
    duration: 'Duration',
    p95: 'p95 {{duration}}',
    took: 'took {{duration}}',
    newSettings: 'settings changed to revision {{revision}}',
    step: '{{name}}: {{state}}, run of {{when}}',
    stepTook: '{{name}}: {{state}}, {{duration}}, run of {{when}}',
    noStep: '{{name}}: not in the run of {{when}}',
    nothing: 'Not in this run',
  },
} as const;
