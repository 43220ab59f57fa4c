import { randomUUID } from 'node:crypto';
import { type Findings } from '../normalize/Findings.ts';
import {
  type AgendaItem,
  NORMALIZER_VERSION,
  type NormalizedMeeting,
} from '../normalize/NormalizedMeeting.ts';
import { wordKey } from '../normalize/readParts.ts';
import { storableText } from '../normalize/storableText.ts';
import { foldKind } from '../identity/foldKind.ts';
import { type RecordToWrite } from './StagedRecords.ts';

/** A meeting on its way into the archive. */
export type MeetingToWrite = {
  target: RecordToWrite;
  meeting: NormalizedMeeting;
  findings: Findings;
  raw: Buffer;
};

/** The rows of a batch, table by table, with the columns' names as keys. */
export function toRows(batch: MeetingToWrite[]) {
  const agenda = batch.flatMap(({ target, meeting }) =>
    meeting.agendaItems.map((item, index) => ({
      id: randomUUID(),
      meetingId: target.meetingId,
      index,
      item,
    })),
  );
  const actions = agenda.flatMap(({ id, item }) =>
    item.actionItems.map((action, index) => ({
      id: randomUUID(),
      agendaItemId: id,
      index,
      action,
    })),
  );
  return {
    workgroups: toWorkgroups(batch),
    meetings: batch.map(toMeeting),
    people: toPeople(batch),
    meetingPeople: batch.flatMap(toMeetingPeople),
    links: batch.flatMap(({ target, meeting }) =>
      meeting.links.map(({ rawText, ...link }, position) => ({
        meeting_id: target.meetingId,
        position,
        ...link,
        raw_text: rawText,
      })),
    ),
    chapters: batch.flatMap(({ target, meeting }) =>
      meeting.chapters.map((chapter, position) => ({
        meeting_id: target.meetingId,
        position,
        start_seconds: chapter.startSeconds,
        title: chapter.title,
      })),
    ),
    tags: batch.flatMap(({ target, meeting }) =>
      meeting.tags.map(({ kind, tag }, position) => ({
        meeting_id: target.meetingId,
        kind,
        position,
        tag,
        tag_key: wordKey(tag),
      })),
    ),
    unknownKeys: batch.flatMap(({ target, findings }) =>
      findings.unknownKeys.map(({ field, value }, position) => ({
        meeting_id: target.meetingId,
        position,
        path: storableText(field),
        value: toJson(value),
      })),
    ),
    agendaItems: agenda.map(({ id, meetingId, index, item }) => ({
      id,
      meeting_id: meetingId,
      order_index: index,
      ...toAgendaColumns(item),
    })),
    actionItems: actions.map(({ id, agendaItemId, index, action }) => ({
      id,
      agenda_item_id: agendaItemId,
      order_index: index,
      text: action.text,
      assignee: action.assignee,
      due_date: action.dueDate,
      due_date_raw: action.dueDateRaw,
      status: action.status,
      status_raw: action.statusRaw,
    })),
    assignees: actions.flatMap(({ id, action }) =>
      action.assignees.map((name, position) => ({
        action_item_id: id,
        name_key: wordKey(name),
        position,
      })),
    ),
    decisions: agenda.flatMap(({ id, item }) =>
      item.decisionItems.map((decision, index) => ({
        id: randomUUID(),
        agenda_item_id: id,
        order_index: index,
        decision_text: decision.decision,
        rationale: decision.rationale,
        opposing: decision.opposing,
        effect_scope: decision.effect,
        effect_raw: decision.effectRaw,
      })),
    ),
    points: agenda.flatMap(({ id, item }) =>
      item.discussionPoints.map((point, index) => ({
        id: randomUUID(),
        agenda_item_id: id,
        order_index: index,
        kind: point.kind,
        point_text: point.text,
      })),
    ),
  };
}

function toMeeting({ target, meeting, findings, raw }: MeetingToWrite) {
  const urlsOf = (kinds: string[]) =>
    meeting.links.flatMap(link =>
      kinds.includes(link.kind) && link.url ? [link.url] : [],
    );
  return {
    id: target.meetingId,
    workgroup_id: target.workgroupId,
    date: meeting.date,
    type: meeting.type,
    ...foldKind(meeting),
    template: meeting.template,
    host: meeting.host,
    documenter: meeting.documenter,
    attendees: meeting.people
      .filter(person => person.role === 'attendee')
      .map(person => person.name),
    purpose: meeting.purpose,
    video_links: urlsOf(['video', 'timestamped_video']),
    working_docs: meeting.links
      .filter(link => link.kind === 'working_doc')
      .map(({ title, url }) => ({ title, link: url })),
    timestamped_video: meeting.timestampedVideo,
    tags: groupTags(meeting),
    canceled: meeting.canceled,
    canceled_text: meeting.canceledText,
    no_summary_given: meeting.noSummaryGiven,
    no_summary_text: meeting.noSummaryText,
    warnings: findings.warnings,
    warnings_count: findings.warningsCount,
    missing_fields: meeting.missingFields,
    normalized_fields: toNormalizedFields(meeting),
    raw_base64: raw.toString('base64'),
    raw_sha256: target.rawSha256,
    content_sha256: target.contentSha256,
    normalizer_version: NORMALIZER_VERSION,
    record_index: target.seq,
    byte_offset: target.byteOffset,
  };
}

function toNormalizedFields(meeting: NormalizedMeeting) {
  const { missingFields: _, agendaItems, tags: _tags, ...fields } = meeting;
  return {
    ...fields,
    tags: groupTags(meeting),
    agendaItems: agendaItems.map(({ raw: _raw, ...item }) => item),
  };
}

function groupTags(meeting: NormalizedMeeting): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { kind, tag } of meeting.tags) {
    (groups[kind] ??= []).push(tag);
  }
  return groups;
}

function toWorkgroups(batch: MeetingToWrite[]) {
  // One row per id: Postgres does not touch a row twice in one upsert; the last name wins
  const named = new Map(
    batch
      .toSorted(
        (a, b) =>
          Number(Boolean(a.meeting.workgroup)) -
          Number(Boolean(b.meeting.workgroup)),
      )
      .map(({ target, meeting }) => [target.workgroupId, meeting]),
  );
  return [...named].map(([id, { workgroup, workgroupId }]) => ({
    id,
    name: workgroup,
    name_key: workgroup && wordKey(workgroup),
    raw_json: { workgroup, workgroup_id: workgroupId },
  }));
}

function toPeople(batch: MeetingToWrite[]) {
  const names = batch.flatMap(({ meeting }) => [
    ...meeting.people.map(person => person.name),
    ...meeting.agendaItems.flatMap(item =>
      item.actionItems.flatMap(action => action.assignees),
    ),
  ]);
  const byKey = new Map(names.map(name => [wordKey(name), name]));
  return [...byKey].map(([name_key, name]) => ({ name, name_key }));
}

function toMeetingPeople({ target, meeting }: MeetingToWrite) {
  return meeting.people.map(({ name, role }, position) => ({
    meeting_id: target.meetingId,
    name_key: wordKey(name),
    role,
    position,
  }));
}

function toAgendaColumns(item: AgendaItem) {
  return {
    title: item.title,
    status: item.status,
    status_raw: item.statusRaw,
    narrative: item.narrative,
    discussion: item.discussion,
    game_rules: item.gameRules,
    town_hall_summary: item.townHallSummary,
    town_hall_updates: item.townHallUpdates,
    raw: toJson(item.raw),
  };
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined; // Nested deeper than can be written; raw has it
    }
    throw error;
  }
}
