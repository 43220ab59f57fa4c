/** Texts of what people do to runs. */
export const actionsMessages = {
  retry: 'Retry…',
  runAgain: 'Run again with edits…',
  pause: 'Pause…',
  resume: 'Resume…',
  runNow: 'Run now',
  toFront: 'Move to top',
  priority: 'Set priority…',
  edit: 'Edit note and labels…',
  cancel: 'Cancel…',
  kill: 'Kill now…',
  more: 'More actions',
  withKey: '{{action}} ({{key}})',
  openRun: 'Open the run',

  retryTitle: 'Retry',
  retryConsequence:
    'A new run of {{pipeline}} is submitted; this one stays as it is.',
  retryWith: 'With',
  retrySame: 'The same parameters',
  retryEdited: 'Edited parameters',
  retryEditedHint: 'Opens the form with the parameters of this run.',
  retryFromStep: "From the failed step '{{step}}'",
  retryFromStepHint:
    'The steps before it are not done again; what they made is taken from this run.',
  retryConfirm: 'Retry',
  retryConfirmEdited: 'Edit parameters',
  retried: '{{title}} was submitted again',
  openNew: 'Open the new run',

  pauseTitle: 'Pause',
  holdTitle: 'Hold',
  pauseQueued: 'It has not started and does not until somebody resumes it.',
  pauseFreeze: 'Its processes stand still until somebody resumes it.',
  pauseFreezeSlot:
    'Its lease and its slot stay taken, so nothing else runs there.',
  pauseFreezeTimeouts: 'Its time limits wait; they go on when it does.',
  pauseFreezeConnections:
    'Connections that it holds open may drop, because nobody answers them.',
  pauseNoFreeze:
    'The engine of this pipeline cannot freeze a run: this attempt goes on, and only a next attempt is held.',
  pauseUnknown:
    'Where its engine can freeze a run, its processes stand still; where it cannot, this attempt goes on and the next one is held.',
  pauseConfirm: 'Pause',
  holdConfirm: 'Hold',
  paused: '{{title}} is being paused',
  held: '{{title}} is held',
  nextHeld: 'The next attempt of {{title}} is held',

  resumeTitle: 'Resume',
  resumeQueued: 'It starts as soon as there is a slot for it.',
  resumeFrozen: 'Its processes go on where they stood still.',
  resumeNext: 'Its next attempt, should there be one, is not held any more.',
  resumeConfirm: 'Resume',
  resumed: '{{title}} goes on',

  runNowDone: '{{title}} starts as soon as there is a slot for it',
  toFrontDone: '{{title}} is the next of its pipeline',
  notDone: '{{action}} was not done',
  close: 'Close',

  priorityTitle: 'Set priority',
  priorityConsequence: 'Queued runs with a higher priority start first.',
  priorityLabel: 'Priority',
  priorityHint: 'From -100 to 100; 0 is usual.',
  priorityMoved:
    'Move to top has raised it from {{from}} to {{to}}, above every other queued run of its pipeline. The number that you set holds instead.',
  priorityConfirm: 'Set priority',
  priorityDone: '{{title}} has priority {{priority}}',

  editTitle: 'Edit note and labels',
  editConsequence:
    'Everybody who sees the run sees them; who changed them is recorded.',
  editConfirm: 'Save',
  editDone: 'Note and labels of {{title}} were saved',

  conflictTitle: 'Somebody or something was faster',
  conflictNow: 'It is now',
  conflictLast: 'Last',
  conflictBy: 'by {{actor}}',
  reload: 'Reload',
} as const;

/** Texts of why a queued run waits: what must be, and what is. */
export const waitingMessages = {
  title: 'Not started yet',
  condition: 'Condition',
  wanted: 'Wanted',
  now: 'Now',
  'start-time': {
    condition: 'Start time',
    wanted: '{{time}} or later',
    now: '{{left}} to go',
  },
  'queue-paused': {
    condition: 'Queue',
    wanted: 'takes runs',
    now: 'paused',
  },
  'pipeline-paused': {
    condition: 'Pipeline',
    wanted: 'takes runs',
    now: 'paused',
  },
  'no-worker': {
    condition: 'Worker',
    wanted: 'one that knows this pipeline and takes new runs',
    now: 'none',
  },
  'queue-limit': {
    condition: 'Runs at once, of all pipelines',
    wanted: 'fewer than {{max}}',
    now: '{{active}}',
  },
  'pipeline-limit': {
    condition: 'Runs at once, of this pipeline',
    wanted: 'fewer than {{max}}',
    now: '{{active}}',
  },
  'key-limit': {
    condition: "Runs at once, of '{{key}}'",
    wanted: 'fewer than {{max}}',
    now: '{{active}}',
  },
  slot: {
    condition: 'Slot',
    wanted: 'a free one, and its turn',
    now: '{{active}} of {{max}} taken',
    nowUnknown: 'all taken, or others come first',
  },
  by: 'by {{actor}}',
  since: 'since {{time}}',
  until: 'until {{time}}',
  reason: 'Reason: {{reason}}',
} as const;

/** Texts of the run page's notices besides those of failures. */
export const noticeMessages = {
  held: 'Held',
  heldText: 'It does not start until somebody resumes it.',
  paused: 'Paused',
  pausing: 'Being paused',
  nextHeld: 'The next attempt is held',
  nextHeldText:
    'This attempt goes on, because its engine cannot freeze it; another one does not start until somebody resumes it.',
  byWhom: 'Asked by {{actor}}, {{age}}.',
  stoodStill:
    'It has stood still for {{duration}}; that is not part of its duration.',
  quarantined: 'Quarantined',
  quarantinedText:
    'It took its worker down too often, so it does not go again by itself. Find out why before you retry it.',
  bulk: 'What became of each of its runs',
  retryOf: 'A retry of {{run}}',
  scheduledFor: 'For the start planned for {{time}}',
  causedBy: 'Started by the success of {{run}}',
  followedBy: 'Its success started {{run}} of {{pipeline}}',
  resumedFrom: "which began at its step '{{step}}'",
  retriedAs: 'Retried as {{run}}',
} as const;
