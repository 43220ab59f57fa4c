/** Texts of charts. @internal */
export const statsMessages = {
  outcomes: {
    title: 'Runs by outcome',
    chart: 'Chart',
    table: 'Table',
    view: 'Show as',
    empty: 'No run ended in this period.',
    summary_one:
      '{{count}} run ended from {{from}} to {{to}}: {{states}}. Most on {{busiest}}.',
    summary_other:
      '{{count}} runs ended from {{from}} to {{to}}: {{states}}. Most on {{busiest}}.',
    bucket: 'Period',
    total: 'Total',
    other: 'Other',
    unfinished: 'still running up',
    open: 'Show the runs of {{bucket}}',
  },
  durations: {
    title: 'Durations',
    p50: 'p50',
    p95: 'p95',
    accuracy: 'Right to about 10 %',
    summary:
      'From {{from}} to {{to}}, half of the runs took at most {{leastP50}} to {{mostP50}}, and 95 % at most {{leastP95}} to {{mostP95}}. Longest on {{slowest}}.',
  },
  rates: {
    title: 'Success rates',
    rate: 'Success rate',
    legend: 'Succeeded among those that succeeded or failed',
    summary: 'It was {{first}} on {{from}}, and {{last}} on {{to}}.',
  },
} as const;
