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
} as const;
