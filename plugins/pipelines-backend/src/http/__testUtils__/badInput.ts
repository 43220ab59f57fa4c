import type { ApiOperation } from '@millrace/backstage-plugin-pipelines-common';

const LONG = 'x'.repeat(2_001);
const NUL = 'a\u0000b';
const LONE_SURROGATE = 'a\ud800b';
const IMPOSSIBLE_DATE = '2026-02-30T00:00:00Z';
const NO_DATE = 'tomorrow';
const TOO_MANY_LABELS = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, index) => [`label-${index}`, 'x']),
);

type BadBody = [
  operation: ApiOperation,
  title: string,
  body: object,
  message: RegExp,
];

/** Operations that take a reason. */
const WITH_REASON: ApiOperation[] = [
  'cancelRun',
  'pauseRun',
  'resumeRun',
  'bulkRuns',
  'pauseQueue',
  'resumeQueue',
  'clearQueue',
  'pausePipeline',
  'resumePipeline',
  'resolveFailure',
  'ignoreFailure',
  'unresolveFailure',
];
/** Operations that take a note. */
const WITH_NOTE: ApiOperation[] = [
  'submitRun',
  'updateRun',
  'retryRun',
  'backfillPipeline',
  'savePipelineSettings',
  'saveSettings',
  'restorePipelineSettings',
  'restoreSettings',
];
const WITH_LABELS: ApiOperation[] = [
  'submitRun',
  'updateRun',
  'retryRun',
  'reportRun',
];
const WITH_PRIORITY: ApiOperation[] = ['submitRun', 'updateRun', 'retryRun'];
const WITH_REVISION: ApiOperation[] = [
  'savePipelineSettings',
  'saveSettings',
  'restorePipelineSettings',
  'restoreSettings',
];
const PAUSES: ApiOperation[] = ['pauseQueue', 'pausePipeline'];

function textsOf(operations: ApiOperation[], field: string): BadBody[] {
  const message = new RegExp(field);
  return operations.flatMap((operation): BadBody[] => [
    [operation, `a ${field} that is too long`, { [field]: LONG }, message],
    [operation, `NUL in its ${field}`, { [field]: NUL }, message],
    [
      operation,
      `half a character in its ${field}`,
      { [field]: LONE_SURROGATE },
      message,
    ],
    [operation, `a ${field} that is no text`, { [field]: 1 }, message],
  ]);
}

function valuesOf(
  operations: ApiOperation[],
  field: string,
  values: readonly unknown[],
): BadBody[] {
  return operations.flatMap(operation =>
    values.map((value): BadBody => {
      const shown = JSON.stringify(value).slice(0, 60);
      return [
        operation,
        `${field} ${shown}`,
        { [field]: value },
        new RegExp(field),
      ];
    }),
  );
}

/** Fields in place of those of a good body, and what the refusal says. */
export const BAD_BODIES: BadBody[] = [
  ...textsOf(WITH_REASON, 'reason'),
  ...textsOf(WITH_NOTE, 'note'),
  ...valuesOf(WITH_LABELS, 'labels', [
    'x',
    [],
    { a: 1 },
    { a: LONG },
    { [LONG]: 'x' },
    TOO_MANY_LABELS,
  ]),
  ...WITH_LABELS.map(
    (operation): BadBody => [
      operation,
      'NUL in a label',
      { labels: { a: NUL } },
      /NUL/,
    ],
  ),
  ...valuesOf(WITH_PRIORITY, 'priority', [-101, 101, 1.5, '1', null, 1e308]),
  ...valuesOf(WITH_REVISION, 'baseRevision', [-1, 1.5, '0', null, 1e308]),
  ...valuesOf(PAUSES, 'until', [NO_DATE, IMPOSSIBLE_DATE, 1, '', null]),
  ...valuesOf(PAUSES, 'scheduledRuns', ['stop', true, null]),
  ...valuesOf(['cancelRun'], 'force', ['yes', 1, null]),
  ...valuesOf(['updateRun'], 'runAt', [NO_DATE, IMPOSSIBLE_DATE, 0, null]),
  ...valuesOf(['updateRun'], 'toFront', [false, 'yes']),
  ...valuesOf(['retryRun'], 'fromFailedStep', ['yes', 1]),
  ...valuesOf(['retryRun', 'reportRun'], 'parameters', [[], 'x', null]),
  ['retryRun', 'parameters with NUL', { parameters: { a: NUL } }, /./],
  ...valuesOf(['clearQueue'], 'pipeline', ['nightly', [], [1], [LONG]]),
  ...valuesOf(['clearQueue', 'bulkRuns'], 'expected', [-1, 0.5, '1', null]),
  ...valuesOf(['clearQueue', 'bulkRuns'], 'dryRun', ['yes', 1]),
  ...valuesOf(['clearQueue'], 'scheduledRuns', ['all']),
  ...valuesOf(['bulkRuns'], 'action', ['explode', ['cancel'], null]),
  ...valuesOf(['bulkRuns'], 'runIds', [
    'x',
    [],
    ['x'],
    [NUL],
    Array.from({ length: 1_001 }, () => '01890000-0000-7000-8000-000000000000'),
  ]),
  ['bulkRuns', 'runs and a filter', { filter: {} }, /either runIds or filter/],
  ['bulkRuns', 'a priority to cancel', { priority: 1 }, /priority/],
  ['bulkRuns', 'labels to cancel', { labels: { a: 'b' } }, /labels/],
  ['bulkRuns', 'no priority', { action: 'priority' }, /priority/],
  [
    'bulkRuns',
    'a priority that is too high',
    { action: 'priority', priority: 1_000 },
    /priority/,
  ],
  ...[
    { state: ['exploded'] },
    { state: [] },
    { pipeline: [LONG] },
    { trigger: ['x'] },
    { from: NO_DATE },
    { to: IMPOSSIBLE_DATE },
    { everything: true },
    { owner: Array.from({ length: 51 }, () => 'x') },
  ].map(
    (filter): BadBody => [
      'bulkRuns',
      `the filter ${JSON.stringify(filter).slice(0, 60)}`,
      { runIds: undefined, filter },
      /filter/,
    ],
  ),
  ...valuesOf(['backfillPipeline'], 'from', [
    NO_DATE,
    IMPOSSIBLE_DATE,
    '0000-00-00T00:00:00Z',
    1,
    null,
  ]),
  [
    'backfillPipeline',
    'a range that ends before it begins',
    { to: '2026-01-04T00:00:00Z' },
    /must end after it begins/,
  ],
  [
    'backfillPipeline',
    'starts that are still to come',
    { from: '2099-01-01T00:00:00Z', to: '2099-01-02T00:00:00Z' },
    /still to come/,
  ],
  [
    'backfillPipeline',
    'more starts than it looks at',
    { from: '0001-01-01T00:00:00Z' },
    /more than 1000 planned starts/,
  ],
  ...valuesOf(['savePipelineSettings', 'saveSettings'], 'patch', [
    [],
    'x',
    null,
    { surprise: 1 },
  ]),
  ...valuesOf(['ignoreFailure'], 'count', [0, -1, 1.5, '1', null, 1e308]),
  [
    'ignoreFailure',
    'a time and a count',
    { until: '2099-01-01T00:00:00Z' },
    /either until or count/,
  ],
  ...valuesOf(['ignoreFailure'], 'until', [NO_DATE, IMPOSSIBLE_DATE, 1, '']),
  ...valuesOf(['createView', 'updateView'], 'name', [
    '',
    '  ',
    LONG,
    NUL,
    'a\nb',
    LONE_SURROGATE,
    1,
    null,
  ]),
  ...valuesOf(['createView', 'updateView'], 'query', [
    '?state=failed',
    'state=failed#x',
    'q=a b',
    'q=ü',
    NUL,
    LONG.repeat(2),
    1,
    null,
  ]),
  ...valuesOf(['createView', 'updateView'], 'owner', ['', LONG, 1, null]),
  ...valuesOf(['createView'], 'page', ['', 'queue', 1, null]),
  ...valuesOf(['updateView'], 'revision', [0, -1, 1.5, '1', null, 1e308]),
  ...valuesOf(['reportRun'], 'state', ['', 1, null, LONG]),
  ...valuesOf(['reportRun'], 'title', [LONG, 1]),
  ...valuesOf(['reportRun'], 'progress', [-0.1, 1.1, '1']),
  ...valuesOf(['reportRun'], 'startedAt', [NO_DATE, IMPOSSIBLE_DATE, 1]),
  ...valuesOf(['reportRun'], 'sequence', [-1, 1.5, '1', 1e308]),
  ...valuesOf(['reportRun'], 'attachTo', ['x', 1]),
  ...valuesOf(['reportRun'], 'metrics', [{ a: '1' }, { a: null }, []]),
  ...valuesOf(['reportRun'], 'pipelineId', ['', 1, null]),
  ['reportRun', 'NUL in its title', { title: NUL }, /./],
  ['reportRun', 'NUL in an output', { outputs: { a: { b: NUL } } }, /./],
  ['reportRun', 'NUL in its state', { state: NUL }, /./],
  ...valuesOf(['reportSteps'], 'steps', [
    'x',
    [{}],
    [{ name: '', state: 'running' }],
    [{ name: 'a', state: 'exploded' }],
    [{ name: 'a', state: 'running', startedAt: NO_DATE }],
    [{ name: 'a', state: 'running', surprise: 1 }],
    [{ name: LONG, state: 'running' }],
    Array.from({ length: 1_001 }, () => ({ name: 'a', state: 'running' })),
  ]),
  [
    'reportSteps',
    'NUL in a name',
    { steps: [{ name: NUL, state: 'running' }] },
    /./,
  ],
];

const LISTS: ApiOperation[] = [
  'listQueuedRuns',
  'listFailures',
  'listBulkItems',
  'listPipelineSettingsRevisions',
  'listSettingsRevisions',
];

/** Queries that are wrong. */
export const BAD_QUERIES: [operation: ApiOperation, query: string][] = [
  ...LISTS.flatMap(operation =>
    [
      'limit=0',
      'limit=-1',
      'limit=201',
      'limit=x',
      'limit=1.5',
      'cursor=garbage',
      'cursor=%00',
      `cursor=${Buffer.from('{"after":"x"}').toString('base64url')}`,
      `cursor=${Buffer.from('{"after":-1}').toString('base64url')}`,
      `cursor=${'x'.repeat(600)}`,
    ].map((query): [ApiOperation, string] => [operation, query]),
  ),
  ['listBulkItems', 'state=exploded'],
  ...[
    '',
    'page=queue',
    'page=runs&limit=0',
    'page=runs&limit=201',
    'page=runs&cursor=garbage',
    `page=runs&cursor=${Buffer.from('{"after":"x"}').toString('base64url')}`,
  ].map((query): [ApiOperation, string] => ['listViews', query]),
  ['listRuns', 'sort=duration'],
  ['listRuns', 'sort='],
  ['listFailures', 'state=exploded'],
  ['listFailures', 'kind=x'],
  ['listFailures', 'from=tomorrow'],
  ['listFailures', 'from=2001-01-01T00:00:00Z'],
  ['listFailures', 'q=%00'],
  ['listFailures', `q=${'x'.repeat(201)}`],
  ['getFailure', 'from=2001-01-01T00:00:00Z'],
  ['listQueuedRuns', `pipeline=${'x'.repeat(101)}`],
  ['getPipelineGrid', 'limit=0'],
  ['getPipelineGrid', 'limit=101'],
  ['getPipelineGrid', 'limit=x'],
  ['getPipelineGrid', 'state=exploded'],
  ['getPipelineGrid', 'trigger=x'],
  ['getTimeline', ''],
  ['getTimeline', 'from=2026-01-01T00:00:00Z&to=tomorrow'],
  ['getTimeline', 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'],
  ['getTimeline', 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z'],
  [
    'getTimeline',
    'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&state=exploded',
  ],
  ['reportLog', 'offset=-1'],
  ['reportLog', 'offset=x'],
  ['reportLog', 'offset=0&stream=both'],
  ['reportLog', 'stream=stdout'],
  ['reportArtifact', 'sha256=x'],
  ['reportArtifact', `sha256=${'0'.repeat(64)}`],
];

/** Paths whose ids are none, or belong to nothing. */
export const BAD_PATHS: [operation: ApiOperation, path: string][] = [
  ...['x', '<uuid>', '%00', "'%20or%201=1--"].flatMap(
    (id): [ApiOperation, string][] => [
      ['getView', `/views/${id}`],
      ['updateView', `/views/${id}`],
      ['deleteView', `/views/${id}`],
    ],
  ),
  ...(['pause', 'resume', 'retry', 'cancel'] as const).flatMap(verb =>
    ['x', '<uuid>', '%00', "'%20or%201=1--", '..%2f..'].map(
      (id): [ApiOperation, string] => [`${verb}Run`, `/runs/${id}/${verb}`],
    ),
  ),
  ...['x', '0123456789abcdef', '%00', '0123456789ABCDEF'].flatMap(
    (id): [ApiOperation, string][] => [
      ['getFailure', `/failures/${id}`],
      ['resolveFailure', `/failures/${id}/resolve`],
      ['ignoreFailure', `/failures/${id}/ignore`],
      ['unresolveFailure', `/failures/${id}/unresolve`],
    ],
  ),
  ['getRunFailure', '/runs/x/failure'],
  ['getRunFailure', '/runs/<uuid>/failure'],
  ['getRunNeighbours', '/runs/x/neighbours'],
  ['getRunNeighbours', '/runs/<uuid>/neighbours'],
  ['getUsualDuration', '/runs/x/usual-duration'],
  ['getUsualDuration', '/runs/<uuid>/usual-duration'],
  ['getRunChanges', '/runs/x/changes'],
  ['getRunChanges', '/runs/<uuid>/changes'],
  ['updateRun', '/runs/x'],
  ['updateRun', '/runs/<uuid>'],
  ...['x', '<uuid>', '%00'].flatMap((id): [ApiOperation, string][] => [
    ['getBulk', `/runs/bulk/${id}`],
    ['listBulkItems', `/runs/bulk/${id}/items`],
  ]),
  ...[
    'nope',
    '%00',
    '..%2f..%2fetc',
    'x'.repeat(5_000),
    'bulk-actions',
  ].flatMap((id): [ApiOperation, string][] => [
    ['listParameterSets', `/pipelines/${id}/parameter-sets`],
    ['getPipelineGrid', `/pipelines/${id}/grid`],
    ['pausePipeline', `/pipelines/${id}/pause`],
    ['resumePipeline', `/pipelines/${id}/resume`],
    ['getPipelineTriggers', `/pipelines/${id}/triggers`],
    ['backfillPipeline', `/pipelines/${id}/backfill`],
    ['getPipelineSettings', `/pipelines/${id}/settings`],
    ['savePipelineSettings', `/pipelines/${id}/settings`],
    ['listPipelineSettingsRevisions', `/pipelines/${id}/settings/revisions`],
  ]),
  ...['0', '-1', 'x', '1.5', '987', '99999999999999999999', '%00'].flatMap(
    (revision): [ApiOperation, string][] => [
      ['restoreSettings', `/settings/revisions/${revision}/restore`],
      [
        'restorePipelineSettings',
        `/pipelines/nightly/settings/revisions/${revision}/restore`,
      ],
    ],
  ),
  ...['nobody', '%00', '%20', 'x'.repeat(301)].flatMap(
    (id): [ApiOperation, string][] => [
      ['drainWorker', `/workers/${id}/drain`],
      ['undrainWorker', `/workers/${id}/undrain`],
    ],
  ),
  ...['nope', '%00', 'x'.repeat(5_000)].map((id): [ApiOperation, string] => [
    'reportRun',
    `/runs/external/${id}/1`,
  ]),
  ...['%00', '%0a', 'x'.repeat(201)].map((id): [ApiOperation, string] => [
    'reportRun',
    `/runs/external/cron/${id}`,
  ]),
  ['reportSteps', '/runs/external/cron/nope/steps'],
  ['reportLog', '/runs/external/cron/nope/logs?offset=0'],
  ['reportArtifact', '/runs/external/cron/nope/artifacts/x'],
];
