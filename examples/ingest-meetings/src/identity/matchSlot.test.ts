import { type SlotMeeting, type SlotRecord, matchSlot } from './matchSlot.ts';

const record = (
  seq: number,
  typeKey: string | null = null,
  townHallNumber: string | null = null,
): SlotRecord => ({ seq, typeKey, townHallNumber });

const meeting = (
  id: string,
  typeKey: string | null = null,
  townHallNumber: string | null = null,
  isFromThisSource = true,
): SlotMeeting => ({ id, typeKey, townHallNumber, isFromThisSource });

const match = (records: SlotRecord[], meetings: SlotMeeting[]) =>
  Object.fromEntries(matchSlot(records, meetings));

describe('matchSlot', () => {
  it('gives a record to the meeting of its kind', () => {
    expect(
      match(
        [record(0, 'monthly'), record(1, 'weekly')],
        [meeting('a', 'weekly'), meeting('b', 'monthly')],
      ),
    ).toEqual({ 0: 'b', 1: 'a' });
  });

  it('takes several of one kind in the order of the file', () => {
    expect(
      match(
        [record(4, 'weekly'), record(9, 'weekly')],
        [meeting('a', 'weekly'), meeting('b', 'weekly')],
      ),
    ).toEqual({ 4: 'a', 9: 'b' });
  });

  it('lets a record that is one too many be a new meeting', () => {
    expect(
      match(
        [record(0, 'weekly'), record(1, 'weekly')],
        [meeting('a', 'weekly')],
      ),
    ).toEqual({ 0: 'a' });
  });

  it('lets a kind be filled in later', () => {
    expect(
      match([record(0, 'weekly', '12')], [meeting('a', 'weekly', null, false)]),
    ).toEqual({ 0: 'a' });
  });

  it('takes a changed kind for a correction where the source no longer has the old one', () => {
    expect(match([record(0, 'monthly')], [meeting('a', 'weekly')])).toEqual({
      0: 'a',
    });
  });

  it('keeps meetings of different kinds apart when they come from different sources', () => {
    expect(
      match([record(0, 'monthly')], [meeting('a', 'weekly', null, false)]),
    ).toEqual({});
  });

  it('prefers the meetings of its own source', () => {
    expect(
      match(
        [record(0, 'weekly')],
        [meeting('other', 'weekly', null, false), meeting('own', 'weekly')],
      ),
    ).toEqual({ 0: 'own' });
  });
});
