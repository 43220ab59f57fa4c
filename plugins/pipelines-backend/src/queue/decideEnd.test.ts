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

  const timedOut = { end: exited(143, true), cause: 'timeout' } as const;

  it.each([
    [undefined, 'It took longer than it may'],
    [
      { what: 'run', limitMs: 90_000 },
      'It took longer than the 90 s that it may',
    ],
    [
      { what: 'step', limitMs: 1_500, step: 'encode' },
      "Its step 'encode' took longer than the 1.5 s that a step may take",
    ],
    [
      { what: 'no-output', limitMs: 60_000 },
      'It wrote nothing for longer than the 60 s that it may be silent',
    ],
    [
      { what: 'start', limitMs: 5_000 },
      'It was not there within the 5 s that its start may take',
    ],
  ] as const)('says which limit it was: %p', (timeout, message) => {
    expect(decideEnd(run(), { ...timedOut, timeout }).error).toEqual({
      kind: 'timeout',
      message,
    });
  });

  describe('with a retry policy', () => {
    const policy = { delayMs: 1_000, maxDelayMs: 5_000, onTimeout: true };
    const after = (
      attempt: number,
      fields: Partial<EndingRun>,
      ending: EndingAttempt,
      random = 1,
    ) =>
      decideEnd(
        run({ attempt, maxAttempts: 20, retry: policy, ...fields }),
        ending,
        () => random,
      );

    it('waits a random part of a time that doubles up to a maximum', () => {
      const delays = [1, 2, 3, 4, 15].map(
        attempt => after(attempt, {}, { end: exited(3) }).delayMs,
      );
      expect(delays).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
      expect(after(2, {}, { end: exited(3) }, 0).delayMs).toBe(0);
      expect(after(2, {}, { end: exited(3) }, 0.25).delayMs).toBe(500);
    });

    it('does not let attempts count that were given back', () => {
      const given = after(4, { releasedAttempts: 3 }, { end: exited(3) });
      expect(given.delayMs).toBe(1_000);
    });

    it('says no delay where the run does not go again, or was lost through no fault of its own', () => {
      expect(after(20, {}, { end: exited(3) }).delayMs).toBeUndefined();
      const next = after(1, {}, { end: lost, cause: 'lease' });
      expect([next.runState, next.delayMs]).toEqual(['queued', undefined]);
    });

    it.each<[string, EndingAttempt['end'], RunState]>([
      ['a listed exit code', exited(75), 'queued'],
      ['another exit code', exited(1), 'failed'],
      [
        'a signal, as shells report it',
        { kind: 'signalled', signal: 'SIGKILL' },
        'queued',
      ],
      ['another signal', { kind: 'signalled', signal: 'SIGSEGV' }, 'failed'],
      ['a failure without a code', { kind: 'failed', message: 'x' }, 'failed'],
      ['a loss', lost, 'queued'],
    ])('goes again only after listed exit codes: %s', (_, end, state) => {
      const retry = { ...policy, exitCodes: [75, 137] };
      expect(after(1, { retry }, { end }).runState).toBe(state);
    });

    it('goes again after a timeout only where the policy says so', () => {
      expect(after(1, {}, timedOut).runState).toBe('queued');
      const retry = { ...policy, onTimeout: false };
      expect(after(1, { retry }, timedOut).runState).toBe('timed_out');
    });
  });

  describe('with attempts that were lost with their worker', () => {
    const expired = { end: lost, cause: 'expiry' } as const;
    const many = run({ maxAttempts: 20 });

    it('quarantines the run at the third, whatever attempts are left', () => {
      expect(decideEnd({ ...many, workerDeaths: 1 }, expired)).toMatchObject({
        runState: 'queued',
        workerDied: true,
      });
      const third = decideEnd({ ...many, workerDeaths: 2 }, expired);
      expect(third).toMatchObject({
        attemptState: 'lost',
        runState: 'lost',
        workerDied: true,
        quarantined: true,
        error: {
          message:
            'gone. It was lost with its worker 3 times, so it does not go again by itself',
        },
      });
      const last = run({ attempt: 3, maxAttempts: 3, workerDeaths: 2 });
      expect(decideEnd(last, expired).quarantined).toBe(true);
    });

    it('counts what another worker found dead, and nothing else', () => {
      const found = { ...many, isAdopted: true };
      expect(decideEnd(found, { end: lost }).workerDied).toBe(true);
      expect(decideEnd(found, { end: exited(143, true) }).workerDied).toBe(
        true,
      );
      expect(decideEnd(found, { end: exited(1) }).workerDied).toBeUndefined();
      expect(decideEnd(many, { end: lost }).workerDied).toBeUndefined();
      expect(
        decideEnd(many, { end: lost, cause: 'lease' }).workerDied,
      ).toBeUndefined();
    });
  });
});
