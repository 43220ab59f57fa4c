import type { RunStep } from '@millrace/backstage-plugin-pipelines-common';
import { compareSteps } from './compareSteps';

const step = (
  name: string,
  position: number,
  seconds?: number,
  state: RunStep['state'] = 'succeeded',
): RunStep => ({
  attempt: 1,
  position,
  name,
  state,
  startedAt: '2026-11-21T10:00:00.000Z',
  ...(seconds !== undefined && {
    finishedAt: new Date(
      Date.parse('2026-11-21T10:00:00.000Z') + seconds * 1_000,
    ).toISOString(),
  }),
});

describe('compareSteps', () => {
  it('pairs steps by name, in the order of the right run', () => {
    expect(
      compareSteps(
        [step('read', 0, 2), step('tidy', 1, 1), step('write', 2, 9)],
        [step('write', 0, 4), step('read', 1, 5, 'failed')],
      ),
    ).toEqual([
      {
        name: 'write',
        left: { state: 'succeeded', durationMs: 9_000 },
        right: { state: 'succeeded', durationMs: 4_000 },
        differenceMs: -5_000,
      },
      {
        name: 'read',
        left: { state: 'succeeded', durationMs: 2_000 },
        right: { state: 'failed', durationMs: 5_000 },
        differenceMs: 3_000,
      },
      {
        name: 'tidy',
        left: { state: 'succeeded', durationMs: 1_000 },
        right: undefined,
      },
    ]);
  });

  it('knows no difference to a step that goes on', () => {
    const [compared] = compareSteps(
      [step('read', 0, 2)],
      [step('read', 0, undefined, 'running')],
    );
    expect(compared).toEqual({
      name: 'read',
      left: { state: 'succeeded', durationMs: 2_000 },
      right: { state: 'running' },
    });
  });
});
