// @ts-check

/**
 * What starts runs by itself: planned starts of schedules, watched folders, and pipelines that
 * follow others; and the starts that were refused.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table schedules
      add enabled boolean not null default true,
      add revision integer not null default 0;
    comment on column schedules.revision is 'The revision of the settings that the schedule is from; a process with an older one leaves the row alone';

    create table planned_starts (
      pipeline_id text not null references pipelines (id) on delete cascade,
      start_at timestamptz not null,
      run_id uuid not null references runs (id) on delete cascade,
      primary key (pipeline_id, start_at, run_id)
    );
    comment on table planned_starts is 'The runs of the planned starts of schedules; written under the lock of the row in schedules';
    create index planned_starts_run on planned_starts (run_id);
    insert into planned_starts (pipeline_id, start_at, run_id)
      select pipeline_id, key::timestamptz, run_id from run_keys
       where principal = 'schedule:' || pipeline_id and key ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$';

    create table refused_starts (
      id bigint generated always as identity primary key,
      pipeline_id text not null references pipelines (id) on delete cascade,
      trigger text not null,
      source text not null,
      message text not null,
      at timestamptz not null default clock_timestamp()
    );
    comment on table refused_starts is 'Starts that would not have made a good run, such as one whose parameters do not fit; the newest of each pipeline';
    comment on column refused_starts.source is 'What asked for the start, as it would be the submitter of the run';
    create index refused_starts_pipeline on refused_starts (pipeline_id, id);

    create table folder_watches (
      watch_id text not null,
      host text not null,
      holder uuid not null,
      held_until timestamptz not null,
      problem text,
      primary key (watch_id, host)
    );
    comment on table folder_watches is 'Which process of each host looks at a watched folder';

    create table watched_files (
      watch_id text not null,
      key text not null,
      folder text not null,
      path text not null,
      bytes bigint not null,
      modified_at timestamptz not null,
      state text not null check (state in ('growing', 'submitted', 'unmatched', 'refused')),
      pipeline_id text,
      run_id uuid references runs (id) on delete set null,
      message text,
      delete_input boolean not null default false,
      seen_at timestamptz not null default clock_timestamp(),
      primary key (watch_id, key)
    );
    comment on table watched_files is 'What folder watches saw; one row for each version of a file that has made a run, else one for each file';
    comment on column watched_files.key is 'Hash of folder, path, size and time of change';
    comment on column watched_files.folder is 'As it is configured, not as it is on the host';
    comment on column watched_files.delete_input is 'Whether the file is still to be deleted when its run has succeeded';
    create index watched_files_seen on watched_files (watch_id, seen_at);
    create index watched_files_open on watched_files (watch_id, path) where state <> 'submitted';
    create index watched_files_inputs on watched_files (watch_id) where delete_input;
    create index watched_files_run on watched_files (run_id) where run_id is not null;

    create table followed_pipelines (
      pipeline_id text primary key
    );
    comment on table followed_pipelines is 'Pipelines that others were ever configured to follow; the runs of all others need no place in after_queue';

    create table after_queue (
      run_id uuid primary key references runs (id) on delete cascade,
      tries integer not null default 0,
      not_before timestamptz not null default now()
    );
    comment on table after_queue is 'Runs that have succeeded and whose followers are still to be submitted';
    create index after_queue_due on after_queue (not_before);

    create function millrace_queue_followers() returns trigger language plpgsql as $$
    begin
      insert into after_queue (run_id)
        select new.id from followed_pipelines where pipeline_id = new.pipeline_id
        on conflict do nothing;
      return null;
    end $$;
    create trigger runs_queue_followers after update of state on runs
      for each row when (new.state = 'succeeded' and old.state <> 'succeeded' and new.origin <> 'imported')
      execute function millrace_queue_followers();
    create trigger runs_queue_reported_followers after insert on runs
      for each row when (new.state = 'succeeded' and new.origin = 'reported')
      execute function millrace_queue_followers();
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop trigger runs_queue_followers on runs;
    drop trigger runs_queue_reported_followers on runs;
    drop function millrace_queue_followers;
    drop table after_queue, followed_pipelines, watched_files, folder_watches, refused_starts, planned_starts;
    alter table schedules drop enabled, drop revision;
  `);
};
