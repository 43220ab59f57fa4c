import fc from 'fast-check';
import { RUN_STATES } from '@millrace/backstage-plugin-pipelines-common';
import {
  applyReport,
  attemptStateOf,
  type ReportedFacts,
} from './reportedFacts';

const NOW = new Date('2026-11-21T10:00:00Z');
const EARLIER = '2026-11-21T09:00:00.000Z';
const LATER = '2026-11-21T12:00:00.000Z';

type Report = Parameters<typeof applyReport>[1];

function factsAfter(...reports: Omit<Report, 'pipelineId'>[]): ReportedFacts {
  return reports.reduce<ReportedFacts | undefined>(
    (facts, report) =>
      applyReport(facts, { pipelineId: 'nightly', ...report }, NOW),
    undefined,
  )!;
}

describe('what a report makes of a run', () => {
  it('takes times from the report, and its own where there are none', () => {
    expect(
      factsAfter({ state: 'running', startedAt: EARLIER }, { state: 'failed' }),
    ).toMatchObject({
      state: 'failed',
      queued_at: new Date(EARLIER),
      started_at: new Date(EARLIER),
      finished_at: NOW,
    });
    expect(factsAfter({ state: 'running' })).toMatchObject({
      started_at: NOW,
      finished_at: null,
    });
    expect(factsAfter({ state: 'queued' })).toMatchObject({
      queued_at: NOW,
      started_at: null,
    });
  });

  it('keeps the word of a state that there is not, and knows its end by its time', () => {
    expect(factsAfter({ state: 'SUCCESS!' })).toMatchObject({
      state: 'unknown',
      foreign_state: 'SUCCESS!',
      finished_at: null,
    });
    expect(
      factsAfter({ state: 'SUCCESS!', finishedAt: EARLIER }),
    ).toMatchObject({
      state: 'unknown',
      finished_at: new Date(EARLIER),
    });
    expect(factsAfter({ state: 'a' }, { state: 'running' })).toMatchObject({
      state: 'running',
      foreign_state: null,
    });
  });

  it('shows a wrong clock for what it says', () => {
    expect(
      factsAfter({ state: 'failed', startedAt: LATER, finishedAt: EARLIER }),
    ).toMatchObject({
      started_at: new Date(LATER),
      finished_at: new Date(EARLIER),
    });
  });

  it.each([
    [{ startedAt: '1969-12-31T23:59:59Z' }, /startedAt.*set the clock/],
    [{ startedAt: '2100-01-01T00:00:00Z' }, /startedAt/],
    [{ finishedAt: '0001-01-01T00:00:00Z' }, /finishedAt/],
    [{ error: { message: 'x', exitCode: 2 ** 32 } }, /exitCode.*32 bits/],
  ])('refuses %j', (fields, message) => {
    expect(() => factsAfter({ state: 'failed', ...fields })).toThrow(message);
  });

  it('refuses the end of a run that goes on', () => {
    expect(() => factsAfter({ state: 'running', finishedAt: EARLIER })).toThrow(
      /running has no finishedAt/,
    );
  });

  it('keeps what a later report leaves out, and forgets the error of a run that goes on', () => {
    const error = { message: 'No space left', exitCode: 3, step: 'copy' };
    const failed = { state: 'failed', error, progress: 0.5, summary: 'half' };
    expect(factsAfter(failed, { state: 'failed' })).toMatchObject({
      error_kind: 'exit',
      error_message: 'No space left',
      error_step: 'copy',
      exit_code: 3,
      progress: 0.5,
      summary: 'half',
    });
    expect(factsAfter(failed, { state: 'running' })).toMatchObject({
      error_kind: null,
      finished_at: null,
    });
    expect(factsAfter(failed, { state: 'succeeded' })).toMatchObject({
      error_kind: null,
      exit_code: null,
    });
  });

  it.each([
    [{ message: 'x' }, 'failed', 'unknown'],
    [{ message: 'x', exitCode: 1 }, 'failed', 'exit'],
    [{ message: 'x', signal: 'SIGKILL' }, 'failed', 'signal'],
    [{ message: 'x', exitCode: 1 }, 'timed_out', 'timeout'],
    [{ message: 'x', kind: 'engine' as const }, 'failed', 'engine'],
  ])('takes %j of a run that %s for the kind %s', (error, state, kind) => {
    expect(factsAfter({ state, error }).error_kind).toBe(kind);
  });

  it('takes exit codes of Windows', () => {
    expect(
      factsAfter({
        state: 'failed',
        error: { message: 'x', exitCode: 3221225477 },
      }).exit_code,
    ).toBe(-1073741819);
  });

  it('makes a whole run of any reports in any order', () => {
    const time = fc
      .date({
        min: new Date(0),
        max: new Date('2099-12-31'),
        noInvalidDate: true,
      })
      .map(date => date.toISOString());
    const report = fc.record(
      {
        state: fc.oneof(
          fc.constantFrom(...RUN_STATES),
          fc.string({ minLength: 1 }),
        ),
        startedAt: time,
        finishedAt: time,
        progress: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: ['state'] },
    );
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 6 }), reports => {
        let facts: ReportedFacts | undefined;
        for (const item of reports) {
          try {
            facts = applyReport(facts, { pipelineId: 'x', ...item }, NOW);
          } catch {
            continue; // Refused, so nothing changed
          }
          const { state, queued_at, started_at, finished_at } = facts;
          const isTerminal = [
            'succeeded',
            'failed',
            'timed_out',
            'cancelled',
            'lost',
          ].includes(state);
          expect(isTerminal && finished_at === null).toBe(false);
          expect(
            finished_at !== null && !isTerminal && state !== 'unknown',
          ).toBe(false);
          expect(started_at === null || queued_at <= started_at).toBe(true);
          for (const value of [queued_at, started_at, finished_at]) {
            expect(value === null || Number.isFinite(value.getTime())).toBe(
              true,
            );
          }
          expect(attemptStateOf(state)).toBeTruthy();
        }
      }),
    );
  });
});
