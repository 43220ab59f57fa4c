import { type Archive } from './Archive.ts';
import {
  INSERT_ACTION_ITEMS,
  INSERT_AGENDA_ITEMS,
  INSERT_ASSIGNEES,
  INSERT_CHAPTERS,
  INSERT_DECISIONS,
  INSERT_LINKS,
  INSERT_MEETING_PEOPLE,
  INSERT_PEOPLE,
  INSERT_POINTS,
  INSERT_TAGS,
  INSERT_UNKNOWN_KEYS,
  UPSERT_MEETINGS,
  UPSERT_WORKGROUPS,
} from './meetingStatements.ts';
import { type MeetingToWrite, toRows } from './toRows.ts';

/** What the written meetings come from. */
export type WriteOptions = {
  runId: string;
  sourceId: string;
  sourceUrl: string;
};

const CHILD_TABLES = [
  'agenda_items',
  'meeting_people',
  'meeting_links',
  'video_chapters',
  'meeting_tags',
  'meeting_unknown_keys',
];

/**
 * Writes meetings with all that belongs to them, in one transaction. A meeting
 * that exists keeps its row and its id, and gets new children.
 */
export async function writeMeetings(
  archive: Archive,
  meetings: MeetingToWrite[],
  options: WriteOptions,
): Promise<void> {
  const rows = toRows(meetings);
  await archive.transaction(async () => {
    await archive.queryRows(UPSERT_WORKGROUPS, rows.workgroups);
    await removeChildren(archive, meetings);
    await archive.query(UPSERT_MEETINGS, [
      JSON.stringify(rows.meetings),
      options.runId,
      options.sourceId,
      options.sourceUrl,
    ]);
    await archive.queryRows(INSERT_PEOPLE, rows.people);
    await archive.queryRows(INSERT_MEETING_PEOPLE, rows.meetingPeople);
    await archive.queryRows(INSERT_LINKS, rows.links);
    await archive.queryRows(INSERT_CHAPTERS, rows.chapters);
    await archive.queryRows(INSERT_TAGS, rows.tags);
    await archive.queryRows(INSERT_UNKNOWN_KEYS, rows.unknownKeys);
    await archive.queryRows(INSERT_AGENDA_ITEMS, rows.agendaItems);
    await archive.queryRows(INSERT_ACTION_ITEMS, rows.actionItems);
    await archive.queryRows(INSERT_ASSIGNEES, rows.assignees);
    await archive.queryRows(INSERT_DECISIONS, rows.decisions);
    await archive.queryRows(INSERT_POINTS, rows.points);
  });
}

async function removeChildren(
  archive: Archive,
  meetings: MeetingToWrite[],
): Promise<void> {
  const ids = meetings
    .filter(meeting => meeting.target.action === 'update')
    .map(meeting => meeting.target.meetingId);
  if (ids.length > 0) {
    for (const table of CHILD_TABLES) {
      await archive.query(
        `delete from public.${table} where meeting_id = any($1::uuid[])`,
        [ids],
      );
    }
  }
}
