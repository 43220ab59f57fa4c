// @ts-check

/** Ended runs that have an error; in the WHEN of triggers, so that other ends cost nothing. */
const FAILED = `('failed', 'timed_out', 'lost')`;

/**
 * The errors of runs, the same ones together.
 *
 * The end of a run only notes its id in `failures_to_group`; a task gives it its fingerprint and
 * counts it in `failure_pipelines` and `failure_counts`, from which lists and charts are read
 * with any set of pipelines.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table runs add fingerprint text;
    comment on column runs.fingerprint is 'The failure that ended the run; null until it is grouped, and for runs without an error';
    create index runs_fingerprint on runs (fingerprint, id) where fingerprint is not null;

    create table failure_groups (
      fingerprint text primary key,
      kind text not null,
      step text,
      template text not null,
      state text not null default 'unresolved' check (state in ('unresolved', 'regressed', 'resolved', 'ignored')),
      ignored_until timestamptz,
      ignored_count integer check (ignored_count > 0),
      changed_at timestamptz,
      changed_by text,
      constraint failure_groups_ignored check (state = 'ignored' or (ignored_until is null and ignored_count is null))
    );
    comment on table failure_groups is 'Errors that are the same but for what differs from run to run; kept when their runs are deleted';
    comment on column failure_groups.step is 'The step in which it occurs, with placeholders';
    comment on column failure_groups.ignored_count is 'How often it has still to occur until it is not ignored any more';
    create index failure_groups_ignored_until on failure_groups (ignored_until) where ignored_until is not null;

    create table failure_pipelines (
      fingerprint text not null references failure_groups (fingerprint) on delete cascade,
      pipeline_id text not null references pipelines (id) on delete cascade,
      first_seen timestamptz not null,
      last_seen timestamptz not null,
      runs bigint not null,
      last_run_id uuid not null,
      primary key (fingerprint, pipeline_id)
    );
    comment on table failure_pipelines is 'Where each failure has occurred, and how often in all';
    comment on column failure_pipelines.last_run_id is 'The run that was seen last; it may be deleted';
    create index failure_pipelines_seen on failure_pipelines (last_seen, fingerprint, pipeline_id);
    create index failure_pipelines_pipeline on failure_pipelines (pipeline_id, last_seen, fingerprint);

    create table failure_counts (
      fingerprint text not null,
      pipeline_id text not null,
      hour timestamptz not null,
      runs integer not null,
      primary key (fingerprint, pipeline_id, hour),
      foreign key (fingerprint, pipeline_id) references failure_pipelines on delete cascade
    );
    comment on table failure_counts is 'Occurrences by the hour in which the run ended';
    create index failure_counts_hour on failure_counts (hour);

    create table failure_events (
      id bigint generated always as identity primary key,
      fingerprint text not null references failure_groups (fingerprint) on delete cascade,
      at timestamptz not null default clock_timestamp(),
      name text not null check (name in ('resolved', 'ignored', 'unresolved', 'ignore-ended', 'regressed')),
      actor text not null,
      reason text,
      until timestamptz,
      count integer,
      run_id uuid
    );
    comment on table failure_events is 'Append-only record of who did what about a failure; written in the transaction that does it';
    create index failure_events_fingerprint on failure_events (fingerprint, id);

    create table failures_to_group (
      run_id uuid primary key references runs (id) on delete cascade
    );
    comment on table failures_to_group is 'Ended runs whose error is still to be grouped';
    insert into failures_to_group select id from runs where state <> 'succeeded' and state in ${FAILED};

    create function millrace_note_failure() returns trigger language plpgsql as $$
    begin
      insert into failures_to_group (run_id) values (new.id) on conflict do nothing;
      return null;
    end $$;
    create trigger runs_note_failure after update of state on runs
      for each row when (new.state in ${FAILED} and old.state is distinct from new.state)
      execute function millrace_note_failure();
    create trigger runs_note_inserted_failure after insert on runs
      for each row when (new.state in ${FAILED})
      execute function millrace_note_failure();
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop trigger runs_note_inserted_failure on runs;
    drop trigger runs_note_failure on runs;
    drop function millrace_note_failure;
    drop table failures_to_group, failure_events, failure_counts, failure_pipelines, failure_groups;
    drop index runs_fingerprint;
    alter table runs drop fingerprint;
  `);
};
