/** What tells meetings of one workgroup on one day apart: no free text. */
export type Kind = {
  typeKey: string | null;
  townHallNumber: string | null;
};

/** A record of the file whose content is not in the archive. */
export type SlotRecord = Kind & { seq: number };

/** A meeting of the archive whose content is not in the file. */
export type SlotMeeting = Kind & {
  id: string;
  /** Last written from the source that is being ingested, read without damage. */
  isFromThisSource: boolean;
};

/**
 * Says which meetings of one workgroup on one day the records correct; the
 * others are new meetings. Both lists come in the order of their files.
 *
 * @remarks
 * Three rounds, each on what the one before left over: the same kind; kinds that
 * do not contradict each other (one lacks what the other has); and, for meetings
 * of this very source, what its file no longer contains.
 *
 * @returns the id of the meeting by the `seq` of the record
 */
export function matchSlot(
  records: SlotRecord[],
  meetings: SlotMeeting[],
): Map<number, string> {
  const open: OpenSlot = {
    records,
    meetings: [...meetings].sort(
      (a, b) => Number(b.isFromThisSource) - Number(a.isFromThisSource),
    ),
    matches: new Map(),
  };
  return [isSameKind, isCompatibleKind, isOfThisSource].reduce(matchRound, open)
    .matches;
}

type OpenSlot = {
  records: SlotRecord[];
  meetings: SlotMeeting[];
  matches: Map<number, string>;
};

function matchRound(
  { records, meetings, matches }: OpenSlot,
  fits: (record: SlotRecord, meeting: SlotMeeting) => boolean,
): OpenSlot {
  const openMeetings = [...meetings];
  const openRecords = records.filter(record => {
    const index = openMeetings.findIndex(meeting => fits(record, meeting));
    if (index < 0) {
      return true;
    }
    matches.set(record.seq, openMeetings[index].id);
    openMeetings.splice(index, 1);
    return false;
  });
  return { records: openRecords, meetings: openMeetings, matches };
}

function isSameKind(record: SlotRecord, meeting: SlotMeeting): boolean {
  return (
    record.typeKey === meeting.typeKey &&
    record.townHallNumber === meeting.townHallNumber
  );
}

function isCompatibleKind(record: SlotRecord, meeting: SlotMeeting): boolean {
  const agree = (a: string | null, b: string | null) =>
    a === null || b === null || a === b;
  return (
    agree(record.typeKey, meeting.typeKey) &&
    agree(record.townHallNumber, meeting.townHallNumber)
  );
}

function isOfThisSource(_record: SlotRecord, meeting: SlotMeeting): boolean {
  return meeting.isFromThisSource;
}
