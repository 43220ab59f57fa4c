import { runTimes } from './runTimes';

const QUEUED = '2026-11-21T10:00:00Z';
const NOW_MS = Date.parse('2026-11-21T10:10:00Z');

describe('runTimes', () => {
  it('lets a queued run wait until now', () => {
    expect(runTimes({ queuedAt: QUEUED }, NOW_MS)).toEqual({
      waitedMs: 600_000,
    });
  });

  it('lets a running run execute until now', () => {
    const startedAt = '2026-11-21T10:04:00Z';
    expect(runTimes({ queuedAt: QUEUED, startedAt }, NOW_MS)).toEqual({
      waitedMs: 240_000,
      ranMs: 360_000,
    });
  });

  it('stops at the end of the run', () => {
    const startedAt = '2026-11-21T10:04:00Z';
    const finishedAt = '2026-11-21T10:05:30Z';
    const times = runTimes({ queuedAt: QUEUED, startedAt, finishedAt }, NOW_MS);
    expect(times).toEqual({ waitedMs: 240_000, ranMs: 90_000 });
  });

  it('does not count a run that was cancelled in the queue as executed', () => {
    const finishedAt = '2026-11-21T10:01:00Z';
    expect(runTimes({ queuedAt: QUEUED, finishedAt }, NOW_MS)).toEqual({
      waitedMs: 60_000,
    });
  });

  it('never shows less than nothing where clocks differ', () => {
    const startedAt = '2026-11-21T10:10:05Z';
    expect(runTimes({ queuedAt: QUEUED, startedAt }, NOW_MS).ranMs).toBe(0);
  });

  it('counts the time that a run stood still apart, also while it still does', () => {
    const run = {
      queuedAt: QUEUED,
      startedAt: '2026-11-21T10:04:00Z',
      pausedMs: 30_000,
    };
    expect(runTimes({ ...run, state: 'running' }, NOW_MS)).toEqual({
      waitedMs: 240_000,
      ranMs: 330_000,
      pausedMs: 30_000,
    });
    const paused = {
      ...run,
      state: 'paused' as const,
      stateChangedAt: '2026-11-21T10:08:00Z',
    };
    expect(runTimes(paused, NOW_MS)).toMatchObject({
      ranMs: 210_000,
      pausedMs: 150_000,
    });
  });
});
