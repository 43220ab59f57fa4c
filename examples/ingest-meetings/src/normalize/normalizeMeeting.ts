import { z } from 'zod';
import { FieldPath, Findings } from './Findings.ts';
import {
  type MeetingPerson,
  type MeetingTag,
  type NormalizedMeeting,
} from './NormalizedMeeting.ts';
import { normalizeAgenda } from './normalizeAgenda.ts';
import { normalizeLinks } from './normalizeLinks.ts';
import { parseChapters } from './parseChapters.ts';
import { parseDate } from './parseDate.ts';
import {
  MAX_NAME_LENGTH,
  cutText,
  describe,
  readNames,
  readObject,
  readWords,
} from './readParts.ts';
import {
  meetingInfoSchema,
  recordSchema,
  tagsSchema,
  timestampedVideoSchema,
} from './schema.ts';

type MeetingRecord = Partial<z.output<typeof recordSchema>>;
type MeetingInfo = Partial<z.output<typeof meetingInfoSchema>>;

/** Why a record cannot be loaded at all. */
export class RefusedRecordError extends Error {
  override name = 'RefusedRecordError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const TAG_KINDS = [
  ['topicsCovered', 'topic'],
  ['emotions', 'emotion'],
  ['gamesPlayed', 'game'],
  ['other', 'other'],
] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Normalizes one record; everything odd about it goes to `findings`.
 *
 * @throws RefusedRecordError when the record has nothing to be identified by:
 * it is not an object, names no workgroup, or has no date that can be read
 */
export function normalizeMeeting(
  value: unknown,
  findings: Findings,
): NormalizedMeeting {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RefusedRecordError(
      'not-an-object',
      `A record is an object, found ${describe(value)}`,
    );
  }
  const root = FieldPath.root;
  const record = readObject(recordSchema, value, root, findings);
  const infoPath = root.key('meetingInfo');
  const info: MeetingInfo =
    record.meetingInfo === undefined
      ? {}
      : readObject(meetingInfoSchema, record.meetingInfo, infoPath, findings);
  const identity = readIdentity(record, info, infoPath, findings);
  const video =
    info.timestampedVideo === undefined
      ? {}
      : readObject(
          timestampedVideoSchema,
          info.timestampedVideo,
          infoPath.key('timestampedVideo'),
          findings,
        );
  const people = readPeople(info, infoPath, findings);
  const meeting = {
    ...identity,
    type: info.typeOfMeeting ?? info.name,
    townHallNumber: info.townHallNumber,
    template: record.type,
    host: namesOf(people, 'host'),
    documenter: namesOf(people, 'documenter'),
    purpose: info.purpose,
    people,
    links: normalizeLinks(info, video, infoPath, findings),
    timestampedVideo: Object.keys(video).length > 0 ? video : undefined,
    chapters: parseChapters(video.timestamps ?? ''),
    tags: readTags(record.tags, root.key('tags'), findings),
    canceled: record.canceledSummary ?? false,
    canceledText: record.canceledSummaryText,
    noSummaryGiven: record.noSummaryGiven ?? false,
    noSummaryText: record.noSummaryGivenText,
    agendaItems: normalizeAgenda(
      record.agendaItems,
      root.key('agendaItems'),
      findings,
    ),
  };
  return { ...meeting, missingFields: findMissingFields(meeting) };
}

function readIdentity(
  record: MeetingRecord,
  info: MeetingInfo,
  infoPath: FieldPath,
  findings: Findings,
): Pick<NormalizedMeeting, 'workgroup' | 'workgroupId' | 'date'> {
  const idPath = FieldPath.root.key('workgroup_id');
  const isId =
    record.workgroup_id !== undefined && UUID.test(record.workgroup_id);
  if (record.workgroup_id !== undefined && !isId) {
    findings.lost(idPath);
  }
  if (!isId && !record.workgroup) {
    throw new RefusedRecordError(
      'missing-workgroup',
      'The record has neither a workgroup_id that is a UUID nor the name of a workgroup',
    );
  }
  if (!isId) {
    findings.warn(
      'workgroup-id-missing',
      idPath,
      'The workgroup is known by its name only',
    );
  }
  return {
    workgroup: record.workgroup && cutText(record.workgroup, MAX_NAME_LENGTH),
    workgroupId: isId ? record.workgroup_id?.toLowerCase() : undefined,
    date: readMeetingDate(info.date, infoPath.key('date'), findings),
  };
}

function readMeetingDate(
  written: string | undefined,
  path: FieldPath,
  findings: Findings,
): string {
  if (!written) {
    throw new RefusedRecordError(
      'missing-date',
      'The record has no meetingInfo.date',
    );
  }
  const parsed = parseDate(written);
  if (parsed.kind !== 'date') {
    throw new RefusedRecordError(
      'unparsable-date',
      `meetingInfo.date is ${describe(written)}, which ${
        parsed.kind === 'ambiguous'
          ? 'may be day or month first'
          : 'is not a date'
      }`,
    );
  }
  if (!parsed.isIso) {
    findings.warn(
      'date-not-iso',
      path,
      `${describe(written)} was read as ${parsed.date}`,
    );
  }
  return parsed.date;
}

function readPeople(
  info: MeetingInfo,
  path: FieldPath,
  findings: Findings,
): MeetingPerson[] {
  const roles = [
    ['host', 'host'],
    ['documenter', 'documenter'],
    ['peoplePresent', 'attendee'],
  ] as const;
  return roles.flatMap(([key, role]) => {
    const names = readNames(info[key], path.key(key), findings);
    return names.map(name => ({ name, role }));
  });
}

function readTags(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): MeetingTag[] {
  if (value === undefined) {
    return [];
  }
  const tags = readObject(tagsSchema, value, path, findings);
  return TAG_KINDS.flatMap(([key, kind]) =>
    readWords(tags[key], path.key(key), findings).map(tag => ({ kind, tag })),
  );
}

function namesOf(
  people: MeetingPerson[],
  role: MeetingPerson['role'],
): string | undefined {
  const names = people.filter(person => person.role === role);
  return names.length > 0
    ? names.map(person => person.name).join(', ')
    : undefined;
}

/** A meeting that did not take place, or was not summarized, has nothing to miss but its type. */
function findMissingFields(
  meeting: Omit<NormalizedMeeting, 'missingFields'>,
): string[] {
  const expected: [string, boolean][] = [
    ['workgroup', Boolean(meeting.workgroup)],
    ['workgroup_id', Boolean(meeting.workgroupId)],
    ['meetingInfo.typeOfMeeting', Boolean(meeting.type)],
  ];
  if (!meeting.canceled && !meeting.noSummaryGiven) {
    expected.push(
      ['meetingInfo.host', Boolean(meeting.host)],
      ['meetingInfo.documenter', Boolean(meeting.documenter)],
      [
        'meetingInfo.peoplePresent',
        meeting.people.some(person => person.role === 'attendee'),
      ],
      ['meetingInfo.purpose', Boolean(meeting.purpose)],
      ['agendaItems', meeting.agendaItems.length > 0],
      ['tags', meeting.tags.length > 0],
    );
  }
  return expected.filter(([, isThere]) => !isThere).map(([name]) => name);
}
