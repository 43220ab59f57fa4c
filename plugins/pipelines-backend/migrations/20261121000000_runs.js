// @ts-check

/**
 * The run, everything that hangs on it, and the rules of its life.
 *
 * Ids are UUIDv7 made by the application, so newest first is `order by id desc` and a bound in
 * time is a bound of the id. Rows that are appended without end (`run_events`, `log_chunks`)
 * are partitioned by the time in the run's id; the partitions are made ahead by a task, and
 * what falls outside of them lands in the default partition.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table pipelines (
      id text primary key,
      title text not null,
      owner_ref text,
      entity_ref text,
      engine text not null,
      version text,
      updated_at timestamptz not null default now(),
      removed_at timestamptz
    );
    comment on table pipelines is 'What each pipeline was when it was last configured; kept after it is removed, because its runs follow it in permissions';
    comment on column pipelines.removed_at is 'Since when the configuration no longer names it';

    create table legal_transitions (
      from_state text not null,
      to_state text not null,
      primary key (from_state, to_state)
    );
    comment on table legal_transitions is 'Edges of the state machine of runs of origin own';
    insert into legal_transitions values
      ('queued', 'starting'), ('queued', 'cancelled'), ('queued', 'timed_out'),
      ('starting', 'running'), ('starting', 'failed'), ('starting', 'timed_out'),
      ('starting', 'cancelling'), ('starting', 'lost'), ('starting', 'queued'),
      ('running', 'succeeded'), ('running', 'failed'), ('running', 'timed_out'),
      ('running', 'pausing'), ('running', 'cancelling'), ('running', 'lost'), ('running', 'queued'),
      ('pausing', 'paused'), ('pausing', 'succeeded'), ('pausing', 'failed'),
      ('pausing', 'cancelling'), ('pausing', 'lost'), ('pausing', 'queued'),
      ('paused', 'running'), ('paused', 'cancelling'), ('paused', 'lost'), ('paused', 'queued'),
      ('cancelling', 'cancelled'), ('cancelling', 'succeeded'), ('cancelling', 'failed'),
      ('cancelling', 'timed_out'), ('cancelling', 'lost');

    create table runs (
      id uuid primary key,
      pipeline_id text not null references pipelines (id),
      origin text not null default 'own' check (origin in ('own', 'reported', 'imported')),
      trigger text not null,
      state text not null check (state in ('queued', 'starting', 'running', 'pausing', 'paused', 'cancelling',
        'succeeded', 'failed', 'timed_out', 'cancelled', 'lost', 'unknown')),
      state_changed_at timestamptz not null default now(),
      title text not null,
      parameters jsonb not null default '{}',
      labels jsonb not null default '{}',
      priority smallint not null default 0,
      note text,
      pipeline_version text,
      submitted_by text not null,
      retry_of uuid,
      queued_at timestamptz not null default now(),
      run_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      attempt integer not null default 0,
      max_attempts integer not null default 1,
      lease_token uuid,
      lease_owner text,
      lease_expires_at timestamptz,
      heartbeat_at timestamptz,
      cancel_requested_at timestamptz,
      cancel_requested_by text,
      cancel_reason text,
      cancel_force boolean not null default false,
      progress real,
      progress_message text,
      current_step text,
      error_kind text,
      error_message text,
      error_step text,
      exit_code integer,
      exit_signal text,
      summary text,
      event_seq integer not null default 0,
      constraint runs_terminal_is_finished check (
        origin <> 'own' or (state in ('succeeded', 'failed', 'timed_out', 'cancelled', 'lost')) = (finished_at is not null)),
      constraint runs_leased_has_token check (
        origin <> 'own' or (state in ('starting', 'running', 'pausing', 'paused', 'cancelling')) = (lease_token is not null)),
      constraint runs_lease_is_whole check (
        (lease_token is null) = (lease_owner is null)
        and (lease_token is null) = (lease_expires_at is null)
        and (lease_token is null or heartbeat_at is not null))
    );
    comment on table runs is 'One execution of a pipeline; the row is also its place in the queue';
    comment on column runs.run_at is 'Earliest start';
    comment on column runs.lease_token is 'New for each claim; every write of a worker carries it';
    comment on column runs.event_seq is 'Number of the newest row in run_events';
    create index runs_pipeline on runs (pipeline_id, id);
    create index runs_pipeline_state on runs (pipeline_id, state, id);
    create index runs_state on runs (state, id) where state <> 'succeeded';
    create index runs_queue on runs (priority desc, run_at, id) where state = 'queued';
    create index runs_leases on runs (lease_expires_at) where lease_token is not null;
    create index runs_lease_owner on runs (lease_owner) where lease_token is not null;

    create table run_attempts (
      run_id uuid not null references runs (id) on delete cascade,
      attempt integer not null,
      state text not null default 'starting' check (state in
        ('starting', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'lost', 'released')),
      reason text,
      lease_token uuid,
      worker_id text not null,
      host text not null,
      boot_id text not null,
      handle jsonb,
      claimed_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      exit_code integer,
      exit_signal text,
      log_lines bigint not null default 0,
      log_bytes bigint not null default 0,
      log_chunks integer not null default 0,
      log_position bigint not null default 0,
      log_truncated boolean not null default false,
      metrics jsonb not null default '{}',
      primary key (run_id, attempt)
    );
    comment on table run_attempts is 'One try of a run; written before anything is started';
    comment on column run_attempts.lease_token is 'The token of the run while this attempt holds it; writes of steps, logs, outputs and artifacts lock this row and compare it';
    comment on column run_attempts.handle is 'What the engine needs to find the execution again on this host';
    comment on column run_attempts.log_position is 'How far the engine''s own record of the log has been stored';

    create table run_steps (
      run_id uuid not null,
      attempt integer not null,
      position integer not null,
      name text not null,
      state text not null check (state in ('pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled')),
      message text,
      started_at timestamptz,
      finished_at timestamptz,
      primary key (run_id, attempt, position),
      unique (run_id, attempt, name),
      foreign key (run_id, attempt) references run_attempts on delete cascade
    );
    comment on table run_steps is 'Named stages of an attempt, in the order in which they first appeared';

    create table run_outputs (
      run_id uuid not null,
      attempt integer not null,
      name text not null,
      json text not null,
      created_at timestamptz not null default now(),
      primary key (run_id, attempt, name),
      foreign key (run_id, attempt) references run_attempts on delete cascade
    );
    comment on column run_outputs.json is 'Text, because jsonb refuses \\u0000 and lone surrogates that JSON allows';

    create table run_artifacts (
      id uuid primary key,
      run_id uuid not null,
      attempt integer not null,
      name text not null,
      media_type text not null,
      bytes bigint not null,
      sha256 text not null,
      store_key text not null,
      created_at timestamptz not null default now(),
      unique (run_id, attempt, name),
      foreign key (run_id, attempt) references run_attempts on delete cascade
    );
    comment on table run_artifacts is 'Files that a run made; the bytes are in the artifact store under store_key';

    create table run_keys (
      pipeline_id text not null,
      principal text not null,
      key text not null,
      request_hash text not null,
      run_id uuid not null references runs (id) on delete cascade,
      created_at timestamptz not null default now(),
      primary key (pipeline_id, principal, key)
    );
    create index run_keys_created on run_keys (created_at);
    create index run_keys_run on run_keys (run_id);
    comment on table run_keys is 'Idempotency keys of submits, kept at least 7 days';

    create table run_events (
      run_id uuid not null,
      seq integer not null,
      at timestamptz not null default clock_timestamp(),
      kind text not null check (kind in ('transition', 'action', 'runner', 'warning')),
      name text not null,
      from_state text,
      to_state text,
      attempt integer,
      actor text not null,
      reason text,
      details text,
      primary key (run_id, seq)
    ) partition by range (run_id);
    comment on table run_events is 'Append-only record of who did what; written in the statement that does it';
    create table run_events_default partition of run_events default;

    create table log_chunks (
      run_id uuid not null,
      attempt integer not null,
      chunk_no integer not null,
      first_line bigint not null,
      line_count integer not null,
      stream_lines integer[] not null,
      line_cuts integer[] not null default '{}',
      carried smallint not null default 0,
      byte_start bigint not null,
      byte_len integer not null,
      stored_at timestamptz not null default clock_timestamp(),
      data bytea not null,
      primary key (run_id, attempt, chunk_no)
    ) partition by range (run_id);
    comment on table log_chunks is 'Whole lines of a log, byte-exact apart from redaction, in the order in which they were read';
    comment on column log_chunks.stream_lines is 'Numbers of consecutive lines, alternately of stdout and stderr, beginning with stdout';
    comment on column log_chunks.line_cuts is 'Offsets in data at which a line ends without a line feed';
    comment on column log_chunks.carried is 'How the last line before this chunk ended, stdout in bits 0 and 1, stderr in bits 2 and 3: 0 with a line feed, 1 without, 2 with a carriage return';
    create table log_chunks_default partition of log_chunks default;
    create index log_chunks_line on log_chunks (run_id, attempt, first_line);

    create table workers (
      id text primary key,
      host text not null,
      boot_id text not null,
      pid integer not null,
      pid_start_ticks bigint,
      slots integer not null,
      version text not null,
      started_at timestamptz not null default now(),
      heartbeat_at timestamptz not null default now(),
      stopping_at timestamptz
    );
    comment on table workers is 'Backend processes that claim runs; removed a day after their last heartbeat';
  `);

  await knex.raw(`
    create function millrace_check_run_update() returns trigger language plpgsql as $$
    begin
      if new.state is distinct from old.state then
        if new.origin = 'own' and not exists (
          select from legal_transitions where from_state = old.state and to_state = new.state)
        then
          raise exception 'Run % cannot go from % to %', old.id, old.state, new.state using errcode = 'P0001';
        end if;
        new.state_changed_at := clock_timestamp();
        perform pg_notify('millrace', json_build_object('kind', 'state', 'runId', new.id, 'state', new.state)::text);
        if new.state = 'queued' then
          perform pg_notify('millrace', '{"kind":"queued"}');
        end if;
      end if;
      if new.cancel_requested_at is distinct from old.cancel_requested_at
        or new.cancel_force is distinct from old.cancel_force
      then
        perform pg_notify('millrace', json_build_object('kind', 'cancel', 'runId', new.id)::text);
      end if;
      return new;
    end $$;
    create trigger runs_check_update before update on runs
      for each row execute function millrace_check_run_update();

    create function millrace_announce_run() returns trigger language plpgsql as $$
    begin
      if new.state = 'queued' then
        perform pg_notify('millrace', '{"kind":"queued"}');
      end if;
      return null;
    end $$;
    create trigger runs_announce after insert on runs
      for each row execute function millrace_announce_run();

    create function millrace_uuid_at(at timestamptz) returns uuid language sql immutable as $$
      select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
    $$;
    comment on function millrace_uuid_at is 'The least UUIDv7 of a moment, as a bound for ids';

    create function millrace_make_partitions(parent text, unit text, ahead integer) returns void language plpgsql as $$
    declare
      start_at timestamptz := date_trunc(unit, now() at time zone 'UTC') at time zone 'UTC';
      end_at timestamptz;
      name text;
      has_rows boolean;
    begin
      for i in 0..ahead loop
        end_at := (start_at at time zone 'UTC' + ('1 ' || unit)::interval) at time zone 'UTC';
        name := parent || '_' || to_char(start_at at time zone 'UTC', 'YYYYMMDD');
        if to_regclass(quote_ident(name)) is null then
          -- Rows that came before their partition would forbid to make it, now and at every later try.
          execute format('lock table %I in access exclusive mode', parent || '_default');
          execute format('select exists (select from %I where run_id >= %L and run_id < %L)',
            parent || '_default', millrace_uuid_at(start_at), millrace_uuid_at(end_at)) into has_rows;
          if has_rows then
            execute format('create table %I (like %I including all)', name, parent);
            execute format('with moved as (delete from %I where run_id >= %L and run_id < %L returning *)
              insert into %I select * from moved',
              parent || '_default', millrace_uuid_at(start_at), millrace_uuid_at(end_at), name);
            execute format('alter table %I attach partition %I for values from (%L) to (%L)',
              parent, name, millrace_uuid_at(start_at), millrace_uuid_at(end_at));
          else
            execute format('create table %I partition of %I for values from (%L) to (%L)',
              name, parent, millrace_uuid_at(start_at), millrace_uuid_at(end_at));
          end if;
        end if;
        start_at := end_at;
      end loop;
    end $$;
    comment on function millrace_make_partitions is 'Makes the partitions of now and of the units that follow, where they are missing, and moves there what the default partition has of them';
    select millrace_make_partitions('run_events', 'month', 2);
    select millrace_make_partitions('log_chunks', 'week', 4);
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop table log_chunks, run_events, run_keys, run_artifacts, run_outputs, run_steps, run_attempts, workers;
    drop table runs, legal_transitions, pipelines;
    drop function millrace_check_run_update, millrace_announce_run, millrace_make_partitions, millrace_uuid_at;
  `);
};
