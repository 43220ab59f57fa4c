// @ts-check

/**
 * What people do to a run: pause and hold, retry from a step; and the parameters that nobody
 * may read.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table runs
      add pause_requested_at timestamptz,
      add pause_requested_by text,
      add pause_reason text,
      add paused_at timestamptz,
      add paused_ms bigint not null default 0,
      add resume_from text,
      add concurrency_key text,
      add queue_deadline timestamptz,
      add settings_revision integer not null default 0,
      add worker_deaths smallint not null default 0,
      add quarantined_at timestamptz,
      add constraint runs_pause_is_whole check (
        (pause_requested_at is null) = (pause_requested_by is null));
    comment on column runs.pause_requested_at is 'From the request until the run is resumed; a queued run that has it is held and cannot be claimed';
    comment on column runs.paused_at is 'Since when the attempt stands still';
    comment on column runs.paused_ms is 'How long the latest attempt stood still before that, in ms';
    comment on column runs.resume_from is 'The step that a retry begins at';
    comment on column runs.concurrency_key is 'The key of the run where its pipeline limits runs per key';
    comment on column runs.queue_deadline is 'A run that is still queued then has timed out';
    comment on column runs.settings_revision is 'The revision of the settings of its pipeline when it was submitted';
    comment on column runs.worker_deaths is 'How many of its attempts were lost with their worker';
    comment on column runs.quarantined_at is 'Set on a lost run that took its workers down too often';
    create index runs_retry_of on runs (retry_of) where retry_of is not null;

    create table run_secrets (
      run_id uuid primary key references runs (id) on delete cascade,
      sealed bytea not null
    );
    comment on table run_secrets is 'Values of secret parameters, encrypted; in runs.parameters they are masked';
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop table run_secrets;
    drop index runs_retry_of;
    alter table runs
      drop constraint runs_pause_is_whole,
      drop pause_requested_at, drop pause_requested_by, drop pause_reason,
      drop paused_at, drop paused_ms, drop resume_from, drop concurrency_key,
      drop queue_deadline, drop settings_revision, drop worker_deaths, drop quarantined_at;
  `);
};
