-- Where records come from: one row per feed.
create table public.source (
  id uuid primary key,
  name text not null unique,
  type text not null,
  url text not null,
  last_polled_at timestamptz
);

create table public.ingestion_runs (
  id uuid primary key,
  source_id uuid references public.source (id),
  source_url text not null,
  downloader_id text not null,
  millrace_run_id text,
  millrace_attempt integer,
  status text not null default 'running'
    check (status in ('running', 'success', 'partial', 'failed')),
  failure_reason text,
  started_at timestamptz not null default now(),
  processed_at timestamptz,
  record_count integer not null default 0,
  records_processed integer not null default 0,
  records_failed integer not null default 0,
  records_inserted integer not null default 0,
  records_updated integer not null default 0,
  duplicates_avoided integer not null default 0,
  warnings_count integer not null default 0,
  source_bytes bigint,
  source_sha256 text,
  report jsonb
);

create index ingestion_runs_millrace_run_id on public.ingestion_runs (millrace_run_id);
create index ingestion_runs_started_at on public.ingestion_runs (started_at desc);

create table public.workgroups (
  id uuid primary key,
  name text,
  name_key text,
  raw_json jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index workgroups_name_key on public.workgroups (name_key);

-- A slot is a workgroup and a day; README.md tells which meeting of a slot a record is.
create table public.meetings (
  id uuid primary key,
  workgroup_id uuid not null references public.workgroups (id),
  date date not null,
  type text,
  type_key text,
  town_hall_number text,
  template text,
  host text,
  documenter text,
  attendees text[] not null default '{}',
  purpose text,
  video_links text[] not null default '{}',
  working_docs jsonb not null default '[]',
  timestamped_video jsonb,
  tags jsonb not null default '{}',
  canceled boolean not null default false,
  canceled_text text,
  no_summary_given boolean not null default false,
  no_summary_text text,
  warnings jsonb not null default '[]',
  warnings_count integer not null default 0,
  missing_fields jsonb not null default '[]',
  normalized_fields jsonb not null default '{}',
  raw bytea not null,
  raw_json jsonb,
  raw_sha256 text not null,
  content_sha256 text not null,
  normalizer_version integer not null,
  source_id uuid not null references public.source (id),
  source_url text not null,
  ingestion_run_id uuid not null references public.ingestion_runs (id),
  record_index integer not null,
  byte_offset bigint not null,
  times_upserted integer not null default 1,
  last_seen_run_id uuid not null references public.ingestion_runs (id),
  last_seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workgroup_id, date, content_sha256)
);

create index meetings_date on public.meetings (date);
create index meetings_updated_at on public.meetings (updated_at desc);
create index meetings_ingestion_run_id on public.meetings (ingestion_run_id);

create table public.people (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  name_key text not null unique
);

create table public.meeting_people (
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  person_id uuid not null references public.people (id),
  role text not null check (role in ('host', 'documenter', 'attendee')),
  position integer not null,
  primary key (meeting_id, role, person_id)
);

create index meeting_people_person_id on public.meeting_people (person_id);

create table public.meeting_links (
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  position integer not null,
  kind text not null,
  title text,
  url text,
  raw_text text,
  primary key (meeting_id, position)
);

create table public.video_chapters (
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  position integer not null,
  start_seconds integer not null,
  title text not null,
  primary key (meeting_id, position)
);

create table public.meeting_tags (
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  kind text not null check (kind in ('topic', 'emotion', 'game', 'other')),
  position integer not null,
  tag text not null,
  tag_key text not null,
  primary key (meeting_id, kind, position)
);

create index meeting_tags_tag_key on public.meeting_tags (kind, tag_key);

create table public.agenda_items (
  id uuid primary key,
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  order_index integer not null,
  title text,
  status text,
  status_raw text,
  narrative text,
  discussion text,
  game_rules text,
  town_hall_summary text,
  town_hall_updates text,
  raw_json jsonb,
  unique (meeting_id, order_index)
);

create table public.action_items (
  id uuid primary key,
  agenda_item_id uuid not null references public.agenda_items (id) on delete cascade,
  order_index integer not null,
  text text,
  assignee text,
  due_date date,
  due_date_raw text,
  status text,
  status_raw text,
  unique (agenda_item_id, order_index)
);

create table public.action_item_assignees (
  action_item_id uuid not null references public.action_items (id) on delete cascade,
  person_id uuid not null references public.people (id),
  position integer not null,
  primary key (action_item_id, person_id)
);

create index action_item_assignees_person_id on public.action_item_assignees (person_id);

create table public.decision_items (
  id uuid primary key,
  agenda_item_id uuid not null references public.agenda_items (id) on delete cascade,
  order_index integer not null,
  decision_text text,
  rationale text,
  opposing text,
  effect_scope text check (
    effect_scope in ('may_affect_other_people', 'affects_only_this_workgroup')
  ),
  effect_raw text,
  unique (agenda_item_id, order_index)
);

create table public.discussion_points (
  id uuid primary key,
  agenda_item_id uuid not null references public.agenda_items (id) on delete cascade,
  order_index integer not null,
  kind text not null check (
    kind in ('discussion_point', 'meeting_topic', 'issue', 'learning_point', 'leaderboard')
  ),
  point_text text not null,
  unique (agenda_item_id, kind, order_index)
);

-- What the schema does not know, by its place in the record.
create table public.meeting_unknown_keys (
  meeting_id uuid not null references public.meetings (id) on delete cascade,
  position integer not null,
  path text not null,
  value jsonb,
  primary key (meeting_id, position)
);

create table public.ingestion_errors (
  id uuid primary key,
  ingestion_run_id uuid not null references public.ingestion_runs (id),
  occurred_at timestamptz not null default now(),
  source_url text not null,
  error_type text not null,
  message text not null,
  record_index integer,
  byte_offset bigint,
  byte_length bigint,
  details jsonb,
  raw bytea,
  raw_truncated boolean not null default false
);

create index ingestion_errors_run on public.ingestion_errors (ingestion_run_id);
create index ingestion_errors_occurred_at on public.ingestion_errors (occurred_at desc);

-- jsonb refuses \u0000, lone surrogates, huge exponents and very deep nesting;
-- such a record keeps its bytes and simply has no jsonb beside them.
create function public.ingest_try_jsonb(value text) returns jsonb
language plpgsql immutable as $$
begin
  return value::jsonb;
exception when others then
  return null;
end
$$;

create function public.ingest_try_jsonb(value bytea) returns jsonb
language plpgsql immutable as $$
begin
  return convert_from(value, 'UTF8')::jsonb;
exception when others then
  return null;
end
$$;
