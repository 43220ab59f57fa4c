import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { decideEnd, type EndingAttempt, type EndingRun } from './decideEnd';

const run = (fields: Partial<EndingRun> = {}): EndingRun => ({
  state: 'running',
  attempt: 1,
  maxAttempts: 1,
  releasedAttempts: 0,
  workerDeaths: 0,
  ...fields,
});
const retryable = run({ maxAttempts: 2 });
const cancelling = run({ state: 'cancelling', maxAttempts: 2 });
const exited = (exitCode: number, stopped?: boolean) =>
  ({ kind: 'exited', exitCode, stopped } as const);
const lost = { kind: 'lost', message: 'gone' } as const;

describe('decideEnd', () => {
  it.each<
    [
      string,
      EndingRun,
      EndingAttempt['end'],
      EndingAttempt['cause'],
      string,
      RunState,
    ]
  >([
    ['exit 0', run(), exited(0), undefined, 'succeeded', 'succeeded'],
    [
      'exit 0 before the signal of a cancel',
      cancelling,
      exited(0),
      undefined,
      'succeeded',
      'succeeded',
    ],
    [
      'exit 0 in answer to a cancel',
      cancelling,
      exited(0, true),
      undefined,
      'cancelled',
      'cancelled',
    ],
    [
      'exit 3 before the signal of a cancel',
      cancelling,
      exited(3),
      undefined,
      'failed',
      'failed',
    ],
    [
      'exit 0 before the signal of a timeout',
      run(),
      exited(0),
      'timeout',
      'succeeded',
      'succeeded',
    ],
    [
      'exit 3 without attempts left',
      run(),
      exited(3),
      undefined,
      'failed',
      'failed',
    ],
    [
      'exit 3 with attempts left',
      retryable,
      exited(3),
      undefined,
      'failed',
      'queued',
    ],
    [
      'a signal',
      run(),
      { kind: 'signalled', signal: 'SIGSEGV' },
      undefined,
      'failed',
      'failed',
    ],
    [
      'a failure of the engine',
      retryable,
      { kind: 'failed', message: 'x' },
      undefined,
      'failed',
      'queued',
    ],
    [
      'a failed start with attempts left',
      retryable,
      { kind: 'failed', message: 'no such file' },
      'spawn',
      'failed',
      'failed',
    ],
    [
      'a timeout without attempts left',
      run(),
      exited(143, true),
      'timeout',
      'timed_out',
      'timed_out',
    ],
    [
      'a timeout with attempts left',
      retryable,
      exited(143, true),
      'timeout',
      'timed_out',
      'queued',
    ],
    [
      'a timeout of a cancelled run',
      cancelling,
      exited(143, true),
      'timeout',
      'cancelled',
      'cancelled',
    ],
    [
      'a lost end without attempts left',
      run(),
      lost,
      undefined,
      'lost',
      'lost',
    ],
    [
      'a lost end with attempts left',
      retryable,
      lost,
      undefined,
      'lost',
      'queued',
    ],
    [
      'a lost end of a cancelled run',
      cancelling,
      lost,
      undefined,
      'cancelled',
      'cancelled',
    ],
    [
      'an expired lease of a cancelled run',
      cancelling,
      lost,
      'expiry',
      'lost',
      'lost',
    ],
    [
      'a lease that was not renewed',
      retryable,
      exited(143, true),
      'lease',
      'lost',
      'queued',
    ],
    [
      'a stopping worker with attempts allowed',
      retryable,
      exited(143, true),
      'stop',
      'released',
      'queued',
    ],
    [
      'a stopping worker on the last of its attempts',
      run({ attempt: 2, maxAttempts: 2 }),
      exited(143, true),
      'stop',
      'released',
      'queued',
    ],
    [
      'a stopping worker of a run that may start once',
      run(),
      exited(143, true),
      'stop',
      'lost',
      'lost',
    ],
    [
      'a stopping worker of such a run released before',
      run({ attempt: 2, maxAttempts: 2, releasedAttempts: 1 }),
      exited(143, true),
      'stop',
      'lost',
      'lost',
    ],
    [
      'a stop that nobody explains',
      run(),
      { kind: 'signalled', signal: 'SIGKILL', stopped: true },
      undefined,
      'lost',
      'lost',
    ],
  ])('takes %s for what it is', (_, before, end, cause, attempt, after) => {
    const decision = decideEnd(before, { end, cause });

    expect([decision.attemptState, decision.runState]).toEqual([
      attempt,
      after,
    ]);
  });

  it('explains every end but success', () => {
    expect(decideEnd(run(), { end: exited(3) })).toMatchObject({
      exitCode: 3,
      error: { kind: 'exit', message: 'It ended with exit code 3' },
    });
    expect(
      decideEnd(run(), {
        end: { kind: 'failed', message: 'no such file' },
        cause: 'spawn',
      }).error,
    ).toEqual({ kind: 'spawn', message: 'no such file' });
    expect(decideEnd(retryable, { end: exited(3) })).toMatchObject({
      reason: 'It ended with exit code 3',
      error: undefined,
    });
  });

  it('ends the explanation with the last words of the execution', () => {
    expect(
      decideEnd(run(), { end: exited(3), lastWords: 'disk is full' }).error,
    ).toEqual({
      kind: 'exit',
      message: 'It ended with exit code 3: disk is full',
    });
    expect(
      decideEnd(run(), { end: exited(0), lastWords: 'a warning' }).error,
    ).toBeUndefined();
  });
});
