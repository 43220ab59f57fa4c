import { uuidAt } from '../../dev/fake/ids';
import { timeOfRunId } from './timeOfRunId';

describe('timeOfRunId', () => {
  it('reads the time at which the id was made', () => {
    const at = Date.parse('2026-11-21T10:00:00.123Z');
    expect(timeOfRunId(uuidAt(at))).toBe(at);
    expect(timeOfRunId('01a20057-1bad-75b2-922a-ab545e259265')).toBe(
      Date.parse('2026-11-21T23:00:38.445Z'),
    );
  });
});
