import type { RunEvent } from '@millrace/backstage-plugin-pipelines-common';
import { moveToTopOf } from './moveToTopOf';

const event = (details: unknown, name = 'priority-changed'): RunEvent => ({
  seq: 1,
  at: '2026-10-01T12:00:00.000Z',
  kind: 'action',
  name,
  actor: 'user:default/anna',
  details,
});
const moved = (from: number, to: number) => event({ from, to, toFront: true });

describe('moveToTopOf', () => {
  it('goes back to the priority that the run had before all its moves', () => {
    expect(
      moveToTopOf([
        moved(4, 8),
        event(undefined, 'note-changed'),
        moved(-2, 4),
        event({ from: 0, to: -2 }),
        moved(0, 9),
      ]),
    ).toEqual({ from: -2, to: 8 });
  });

  it('knows of none when a person gave the number, or nothing was changed', () => {
    expect(
      moveToTopOf([event({ from: 8, to: 3 }), moved(0, 8)]),
    ).toBeUndefined();
    expect(moveToTopOf([event('odd')])).toBeUndefined();
    expect(moveToTopOf()).toBeUndefined();
  });
});
