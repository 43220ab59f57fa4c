import { RunReceiptSchema } from '@millrace/backstage-plugin-pipelines-common';
import { uuidTime } from '../runs';
import { foreignRunId } from './foreignRunId';

const NOW = new Date('2026-11-21T10:00:00Z');
const START = new Date('2026-11-20T02:30:00.123Z');

function idOf(changes: Partial<Parameters<typeof foreignRunId>[0]> = {}) {
  return foreignRunId({
    origin: 'reported',
    sender: 'nightly-cron',
    externalId: '4711',
    startAt: START,
    now: NOW,
    ...changes,
  });
}

describe('the id of a run from elsewhere', () => {
  it('is a UUIDv7 of its start', () => {
    expect(RunReceiptSchema.parse({ id: idOf(), state: 'failed' }).id).toBe(
      idOf(),
    );
    expect(idOf()[14]).toBe('7');
    expect(uuidTime(idOf())).toEqual(START);
  });

  it('is the same for the same run, and another for any other', () => {
    const others = [
      idOf({ externalId: '4712' }),
      idOf({ sender: 'nightly' }),
      idOf({ sender: 'nightly', externalId: '-cron4711' }),
      idOf({ origin: 'imported' }),
    ];
    expect(new Set([idOf(), idOf(), ...others]).size).toBe(5);
  });

  it.each([
    ['of the future', '2026-11-22T00:00:00Z'],
    ['of a clock that was never set', '1970-01-01T00:00:12Z'],
  ])('takes the time of the report for a start %s', (_, start) => {
    expect(uuidTime(idOf({ startAt: new Date(start) }))).toEqual(NOW);
  });
});
