import { runFactory } from '../../../dev/fake/runFactory';
import { legalActions } from './legalActions';

const NOW = Date.now();

const CANNOT = { cancel: false, pause: false, logs: true, artifacts: true };

describe('legalActions', () => {
  it.each([
    [
      'queued',
      runFactory.queued(),
      'runAgain pause toFront priority edit cancel',
    ],
    [
      'queued for later',
      runFactory.queued({ runAt: new Date(NOW + 60_000).toISOString() }),
      'runAgain pause runNow toFront priority edit cancel',
    ],
    ['held', runFactory.held(), 'runAgain resume toFront priority edit cancel'],
    ['starting', runFactory.starting(), 'runAgain pause edit cancel'],
    ['running', runFactory.running(), 'runAgain pause edit cancel'],
    ['paused', runFactory.paused(), 'runAgain resume edit cancel'],
    ['cancelling', runFactory.cancelling(), 'runAgain edit kill'],
    ['failed', runFactory.failed(), 'retry runAgain edit'],
    ['succeeded', runFactory.succeeded(), 'retry runAgain edit'],
  ])('offers what is legal for a run that is %s', (_, run, actions) => {
    expect(legalActions(run, NOW).join(' ')).toBe(actions);
  });

  it('offers no second kill', () => {
    const run = runFactory.cancelling();
    const cancelRequest = { ...run.cancelRequest!, force: true };
    expect(legalActions({ ...run, cancelRequest }, NOW)).not.toContain('kill');
  });

  it('offers nothing that the engine cannot do', () => {
    const capabilities = CANNOT;
    const last = runFactory.running({ capabilities, maxAttempts: 1 });
    expect(legalActions(last, NOW)).toEqual(['runAgain', 'edit']);
    // The next attempt can be held.
    const first = runFactory.running({ capabilities, maxAttempts: 3 });
    expect(legalActions(first, NOW)).toContain('pause');
    // Nothing has been started yet that would have to be ended or frozen.
    const queued = runFactory.queued({ capabilities, maxAttempts: 1 });
    expect(legalActions(queued, NOW)).toEqual(
      expect.arrayContaining(['pause', 'cancel']),
    );
  });

  it('leaves runs that were executed elsewhere, and our own ones, to those who began them', () => {
    const reported = runFactory.running({ origin: 'reported' });
    expect(legalActions(reported, NOW)).toEqual(['edit']);
    const bulk = runFactory.running({ pipelineId: 'bulk-actions' });
    expect(legalActions(bulk, NOW)).toEqual(['edit', 'cancel']);
  });
});
