/** `$1`: rows of workgroups; a name that is known is not forgotten. */
export const UPSERT_WORKGROUPS = `
  insert into public.workgroups as w (id, name, name_key, raw_json)
  select id, name, name_key, raw_json
  from jsonb_to_recordset($1::jsonb) as r(id uuid, name text, name_key text, raw_json jsonb)
  on conflict (id) do update set
    name = coalesce(excluded.name, w.name),
    name_key = coalesce(excluded.name_key, w.name_key),
    raw_json = excluded.raw_json,
    updated_at = now()
  where (w.name, w.raw_json) is distinct from (coalesce(excluded.name, w.name), excluded.raw_json)`;

const MEETING_COLUMNS = [
  'workgroup_id uuid',
  'date date',
  'type text',
  'type_key text',
  'town_hall_number text',
  'template text',
  'host text',
  'documenter text',
  'attendees text[]',
  'purpose text',
  'video_links text[]',
  'working_docs jsonb',
  'timestamped_video jsonb',
  'tags jsonb',
  'canceled boolean',
  'canceled_text text',
  'no_summary_given boolean',
  'no_summary_text text',
  'warnings jsonb',
  'warnings_count integer',
  'missing_fields jsonb',
  'normalized_fields jsonb',
  'raw_sha256 text',
  'content_sha256 text',
  'normalizer_version integer',
  'record_index integer',
  'byte_offset bigint',
];
const NAMES = MEETING_COLUMNS.map(column => column.split(' ')[0]);

/** `$1`: rows of meetings, `$2`: run, `$3`: source, `$4`: URL of the source. */
export const UPSERT_MEETINGS = `
  insert into public.meetings as m
    (id, ${NAMES.join(', ')}, raw, raw_json,
     ingestion_run_id, last_seen_run_id, source_id, source_url)
  select id, ${NAMES.join(
    ', ',
  )}, raw, public.ingest_try_jsonb(raw), $2, $2, $3, $4
  from (
    select r.*, decode(raw_base64, 'base64') as raw
    from jsonb_to_recordset($1::jsonb) as r(id uuid, raw_base64 text, ${MEETING_COLUMNS.join(
      ', ',
    )})
  ) r
  on conflict (id) do update set
    ${NAMES.map(name => `${name} = excluded.${name}`).join(', ')},
    raw = excluded.raw,
    raw_json = excluded.raw_json,
    ingestion_run_id = excluded.ingestion_run_id,
    last_seen_run_id = excluded.last_seen_run_id,
    last_seen_at = now(),
    source_id = excluded.source_id,
    source_url = excluded.source_url,
    times_upserted = m.times_upserted + 1,
    updated_at = now()`;

/** `$1`: rows of people. */
export const INSERT_PEOPLE = `
  insert into public.people (name, name_key)
  select name, name_key from jsonb_to_recordset($1::jsonb) as r(name text, name_key text)
  on conflict (name_key) do nothing`;

/** `$1`: rows of meeting people. */
export const INSERT_MEETING_PEOPLE = `
  insert into public.meeting_people (meeting_id, person_id, role, position)
  select r.meeting_id, p.id, r.role, r.position
  from jsonb_to_recordset($1::jsonb)
    as r(meeting_id uuid, name_key text, role text, position integer)
  join public.people p using (name_key)`;

/** `$1`: rows of links. */
export const INSERT_LINKS = `
  insert into public.meeting_links (meeting_id, position, kind, title, url, raw_text)
  select meeting_id, position, kind, title, url, raw_text
  from jsonb_to_recordset($1::jsonb)
    as r(meeting_id uuid, position integer, kind text, title text, url text, raw_text text)`;

/** `$1`: rows of chapters. */
export const INSERT_CHAPTERS = `
  insert into public.video_chapters (meeting_id, position, start_seconds, title)
  select meeting_id, position, start_seconds, title
  from jsonb_to_recordset($1::jsonb)
    as r(meeting_id uuid, position integer, start_seconds integer, title text)`;

/** `$1`: rows of tags. */
export const INSERT_TAGS = `
  insert into public.meeting_tags (meeting_id, kind, position, tag, tag_key)
  select meeting_id, kind, position, tag, tag_key
  from jsonb_to_recordset($1::jsonb)
    as r(meeting_id uuid, kind text, position integer, tag text, tag_key text)`;

/** `$1`: rows of unknown keys. */
export const INSERT_UNKNOWN_KEYS = `
  insert into public.meeting_unknown_keys (meeting_id, position, path, value)
  select meeting_id, position, path, public.ingest_try_jsonb(value)
  from jsonb_to_recordset($1::jsonb)
    as r(meeting_id uuid, position integer, path text, value text)`;

/** `$1`: rows of agenda items. */
export const INSERT_AGENDA_ITEMS = `
  insert into public.agenda_items
    (id, meeting_id, order_index, title, status, status_raw, narrative, discussion,
     game_rules, town_hall_summary, town_hall_updates, raw_json)
  select id, meeting_id, order_index, title, status, status_raw, narrative, discussion,
    game_rules, town_hall_summary, town_hall_updates, public.ingest_try_jsonb(raw)
  from jsonb_to_recordset($1::jsonb)
    as r(id uuid, meeting_id uuid, order_index integer, title text, status text,
      status_raw text, narrative text, discussion text, game_rules text,
      town_hall_summary text, town_hall_updates text, raw text)`;

/** `$1`: rows of action items. */
export const INSERT_ACTION_ITEMS = `
  insert into public.action_items
    (id, agenda_item_id, order_index, text, assignee, due_date, due_date_raw, status, status_raw)
  select id, agenda_item_id, order_index, text, assignee, due_date, due_date_raw, status, status_raw
  from jsonb_to_recordset($1::jsonb)
    as r(id uuid, agenda_item_id uuid, order_index integer, text text, assignee text,
      due_date date, due_date_raw text, status text, status_raw text)`;

/** `$1`: rows of assignees. */
export const INSERT_ASSIGNEES = `
  insert into public.action_item_assignees (action_item_id, person_id, position)
  select r.action_item_id, p.id, r.position
  from jsonb_to_recordset($1::jsonb)
    as r(action_item_id uuid, name_key text, position integer)
  join public.people p using (name_key)`;

/** `$1`: rows of decisions. */
export const INSERT_DECISIONS = `
  insert into public.decision_items
    (id, agenda_item_id, order_index, decision_text, rationale, opposing, effect_scope, effect_raw)
  select id, agenda_item_id, order_index, decision_text, rationale, opposing, effect_scope, effect_raw
  from jsonb_to_recordset($1::jsonb)
    as r(id uuid, agenda_item_id uuid, order_index integer, decision_text text,
      rationale text, opposing text, effect_scope text, effect_raw text)`;

/** `$1`: rows of points. */
export const INSERT_POINTS = `
  insert into public.discussion_points (id, agenda_item_id, order_index, kind, point_text)
  select id, agenda_item_id, order_index, kind, point_text
  from jsonb_to_recordset($1::jsonb)
    as r(id uuid, agenda_item_id uuid, order_index integer, kind text, point_text text)`;
