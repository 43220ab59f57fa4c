import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineDefinition } from '../definitions';
import type { RunCandidate } from '../runs';
import { refusalOf, type Circumstances } from './refusalOf';
import type { BulkRequest } from './types';

const PIPELINES: Record<string, Partial<PipelineDefinition>> = {
  plain: {
    capabilities: { cancel: true, pause: false, logs: true, artifacts: true },
  },
  able: {
    capabilities: { cancel: true, pause: true, logs: true, artifacts: true },
    resumableSteps: true,
  },
  stubborn: {
    capabilities: { cancel: false, pause: false, logs: true, artifacts: true },
  },
  ours: { internal: true },
};

function circumstances(changes: Partial<Circumstances> = {}): Circumstances {
  return {
    definitionOf: id => PIPELINES[id] as PipelineDefinition | undefined,
    mayControl: () => true,
    mayRun: () => true,
    resumable: new Set(['with-step']),
    ...changes,
  };
}

const run = (
  state: RunState,
  changes: Partial<RunCandidate> = {},
): RunCandidate => ({
  id: 'a',
  pipeline_id: 'plain',
  origin: 'own',
  state,
  title: 'A',
  labels: {},
  priority: 0,
  submitted_by: 'user:default/alice',
  cancel_force: false,
  pause_requested_at: null,
  ...changes,
});
const request = (
  action: BulkRequest['action'],
  changes: Partial<BulkRequest> = {},
): BulkRequest => ({ action, ...changes });

const PAUSED = { pause_requested_at: new Date() };
const TWENTY = Object.fromEntries(
  Array.from({ length: 20 }, (_, i) => [`l${i}`, 'x']),
);

describe('why something cannot be done to a run', () => {
  it.each<[BulkRequest, RunCandidate, string | undefined]>([
    [request('cancel'), run('queued'), undefined],
    [request('cancel'), run('running'), undefined],
    [request('cancel'), run('paused'), undefined],
    [request('cancel'), run('succeeded'), 'already ended'],
    [request('cancel'), run('cancelled'), 'already ended'],
    [request('cancel'), run('cancelling'), 'being cancelled already'],
    [request('cancel', { force: true }), run('cancelling'), undefined],
    [
      request('cancel', { force: true }),
      run('cancelling', { cancel_force: true }),
      'being cancelled already',
    ],
    [
      request('cancel'),
      run('running', { pipeline_id: 'stubborn' }),
      'its engine cannot cancel',
    ],
    [request('cancel'), run('queued', { pipeline_id: 'stubborn' }), undefined],
    [
      request('cancel'),
      run('running', { origin: 'reported' }),
      'executed elsewhere',
    ],
    [request('pause'), run('queued'), undefined],
    [request('pause'), run('running'), 'its engine cannot pause'],
    [request('pause'), run('running', { pipeline_id: 'able' }), undefined],
    [request('pause'), run('queued', PAUSED), 'paused or held already'],
    [request('pause'), run('cancelling'), 'being cancelled'],
    [request('pause'), run('failed'), 'already ended'],
    [
      request('pause'),
      run('running', { origin: 'imported' }),
      'executed elsewhere',
    ],
    [request('resume'), run('queued', PAUSED), undefined],
    [request('resume'), run('paused', PAUSED), undefined],
    [request('resume'), run('running'), 'neither paused nor held'],
    [request('resume'), run('pausing', PAUSED), 'still being paused'],
    [request('resume'), run('cancelling', PAUSED), 'being cancelled'],
    [request('resume'), run('lost', PAUSED), 'already ended'],
    [request('retry'), run('failed'), undefined],
    [request('retry'), run('succeeded'), undefined],
    [request('retry'), run('running'), 'not over yet'],
    [
      request('retry'),
      run('failed', { origin: 'reported' }),
      'executed elsewhere',
    ],
    [
      request('retry'),
      run('failed', { pipeline_id: 'gone' }),
      'its pipeline is not configured any more',
    ],
    [
      request('retry', { fromFailedStep: true }),
      run('failed'),
      'its pipeline cannot begin at a step',
    ],
    [
      request('retry', { fromFailedStep: true }),
      run('failed', { pipeline_id: 'able' }),
      'no step that did not succeed',
    ],
    [
      request('retry', { fromFailedStep: true }),
      run('failed', { pipeline_id: 'able', id: 'with-step' }),
      undefined,
    ],
    [request('priority', { priority: 5 }), run('queued'), undefined],
    [
      request('priority', { priority: 0 }),
      run('queued'),
      'has this priority already',
    ],
    [request('priority', { priority: 5 }), run('running'), 'started already'],
    [request('priority', { priority: 5 }), run('failed'), 'already ended'],
    [request('label', { labels: { a: '1' } }), run('failed'), undefined],
    [
      request('label', { labels: { a: '1' } }),
      run('failed', { labels: { a: '1', b: '2' } }),
      'has these labels already',
    ],
    [
      request('label', { labels: { a: '1' } }),
      run('failed', { labels: TWENTY }),
      'would have too many labels',
    ],
    [
      request('label', { labels: { l0: 'y' } }),
      run('failed', { labels: TWENTY }),
      undefined,
    ],
    [
      request('label', { labels: { a: '1' } }),
      run('running', { pipeline_id: 'ours' }),
      'a bulk action itself',
    ],
  ])('%j of %j: %s', (asked, candidate, reason) => {
    expect(refusalOf(candidate, asked, circumstances())).toBe(reason);
  });

  it('asks about the pipeline and the submitter, and about running only for a retry', () => {
    const mayControl = jest.fn(() => false);
    expect(
      refusalOf(
        run('running'),
        request('cancel'),
        circumstances({ mayControl }),
      ),
    ).toBe('not allowed');
    expect(mayControl).toHaveBeenCalledWith({
      pipelineId: 'plain',
      submittedBy: 'user:default/alice',
    });
    const mayRun = () => false;
    expect(
      refusalOf(run('failed'), request('retry'), circumstances({ mayRun })),
    ).toBe('not allowed to run its pipeline');
    expect(
      refusalOf(run('queued'), request('cancel'), circumstances({ mayRun })),
    ).toBeUndefined();
  });
});
