/** Texts of the runs before and after a run. */
export const neighboursMessages = {
  newer: 'Newer run: {{title}} ({{key}})',
  older: 'Older run: {{title}} ({{key}})',
  no: {
    newer: 'No newer run in the list',
    older: 'No older run in the list',
  },
} as const;

/** Texts of how long a run usually takes, and how long this one will. */
export const usualMessages = {
  label: 'Usually',
  range: '{{from}} to {{to}}',
  rangeAndLeft: '{{from}} to {{to}}, about {{left}} left',
  few_one: '{{from}} in the only earlier success',
  few_other: '{{from}} to {{to}} in {{count}} earlier successes',
  longerThanAll: '{{from}} to {{to}}, longer than all of the last {{of}}',
  longerThan: '{{from}} to {{to}}, longer than {{number}} of the last {{of}}',
} as const;

/** Texts of the steps of several attempts. */
export const attemptStepsMessages = {
  title: 'Steps compared',
  step: 'Step',
  attempt: 'Attempt {{attempt}}',
  notThere: 'not there',
  unknown: 'The steps of these attempts could not be loaded',
  waited: 'Waited',
} as const;

/** Texts of what changed since the last success of a pipeline. */
export const changesMessages = {
  title: 'Since the last success',
  count_one: '{{count}} thing changed since the last success, {{when}}.',
  count_other: '{{count}} things changed since the last success, {{when}}.',
  none: 'Nothing that is recorded changed since the last success, {{when}}.',
  noneHint:
    'Parameters, settings, version, worker, durations and metrics are as they were, so look for the cause outside of the pipeline.',
  neverTitle: 'Never succeeded before',
  never:
    'No earlier run of this pipeline that is still kept has succeeded, so there is nothing to compare with.',
  compare: 'Compare with it',
  more_one: 'and {{count}} more change',
  more_other: 'and {{count}} more changes',
  what: 'What',
  before: 'Last success',
  after: 'This run',
  rarity: 'How rare',
  nothing: '–',
  neverSeen: 'In none of {{of}} successes',
  seen: 'In {{seen}} of {{of}} successes',
  neverAsFar: 'Further out than all of {{of}} successes',
  seenAsFar: 'As far out in {{seen}} of {{of}} successes',
  revision: 'Revision {{number}}',
  unedited: 'Not edited',

  subject: {
    parameter: 'Parameter {{name}}',
    settings: 'Settings',
    version: 'Code version',
    worker: 'Host of the worker',
    'upstream-pipeline': 'Started by',
    'upstream-version': 'Version of what started it',
    'upstream-settings': 'Settings of what started it',
    trigger: 'Trigger',
    submitter: 'Submitted by',
    'resumed-from': 'Began at step',
    attempts: 'Attempts',
    'new-step': 'New step',
    'step-duration': 'Duration of {{name}}',
    duration: 'Duration',
    metric: 'Metric {{name}}',
  },
} as const;
