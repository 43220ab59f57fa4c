// @ts-check
const { END_ATTEMPT, START_ATTEMPT } = require('./queueControl/attempts');
const {
  CHECK_RUN_UPDATE,
  FORMER_CHECK_RUN_UPDATE,
} = require('./queueControl/checkRunUpdate');
const { CLAIM_RUNS } = require('./queueControl/claimRuns');
const { COUNT_ACTIVE, RECOUNT, UNPARK } = require('./queueControl/limits');

/**
 * Limits and pauses of the queue, draining workers, and the claim that heeds them.
 *
 * Counters of limits are kept by a trigger, so whatever begins or ends a lease counts. What workers
 * do most is done by functions: each is one message, so one that stops in the middle holds no lock.
 * Locks of limits are taken in the order of their keys, from the whole queue to the single key:
 * `*`, `<pipeline>`, `<pipeline>#<concurrency key>`.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    insert into legal_transitions values ('pausing', 'running');

    create table queue_limits (
      key text collate "C" primary key,
      pipeline_id text,
      concurrency_key text,
      max integer not null check (max >= 0),
      active integer not null default 0 check (active >= 0)
    ) with (fillfactor = 50);
    comment on table queue_limits is 'How many runs may be executed at once, and how many are: of the queue, of a pipeline, and of a concurrency key while a run with it is executed';
    comment on column queue_limits.active is 'Runs with a lease; counted by triggers of runs, and again every minute';

    create table queue_key_limits (
      pipeline_id text primary key,
      max integer not null check (max >= 0)
    );
    comment on table queue_key_limits is 'How many runs of a pipeline with the same concurrency key may be executed at once';

    create table queue_pauses (
      scope text primary key check (scope = '*' or scope = pipeline_id),
      pipeline_id text references pipelines (id) on delete cascade,
      paused_by text not null,
      paused_at timestamptz not null default clock_timestamp(),
      reason text,
      until timestamptz,
      scheduled_runs text not null check (scheduled_runs in ('keep', 'drop'))
    );
    comment on table queue_pauses is 'Pauses of the queue and of pipelines; a claim locks the table in row share mode, who pauses in exclusive mode';
    comment on column queue_pauses.scope is '* for the whole queue, else the pipeline';

    create table queue_events (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      actor text not null,
      action text not null,
      pipeline_id text,
      worker_id text,
      reason text,
      details jsonb
    );
    comment on table queue_events is 'Append-only record of who did what to the queue, to a pipeline in it, or to a worker; written in the transaction that does it';
    create index queue_events_at on queue_events (at);

    alter table workers
      add pipeline_ids text[],
      add drained_at timestamptz,
      add drained_by text,
      add constraint workers_drain_is_whole check ((drained_at is null) = (drained_by is null));
    comment on column workers.pipeline_ids is 'Pipelines that it can execute; null means that it did not say';
    comment on column workers.drained_at is 'Since when it claims nothing; a new process is a new worker and claims';

    alter table runs
      add parked boolean not null default false,
      add constraint runs_concurrency_key_is_short check (length(concurrency_key) <= 500);
    comment on column runs.parked is 'The claim has passed over it, because as many runs with its key as may be executed were; it is looked at again when one of them ends';
    drop index runs_queue, runs_leases;
    create index runs_pipeline_queue on runs (pipeline_id, priority desc, run_at, id) where state = 'queued';
    create index runs_claimable on runs (pipeline_id, priority desc, run_at, id)
      where state = 'queued' and origin = 'own' and pause_requested_at is null and not parked;
    create index runs_parked on runs (pipeline_id, concurrency_key, priority desc, run_at, id)
      where state = 'queued' and parked;
    create index runs_queue_deadline on runs (queue_deadline) where state = 'queued' and queue_deadline is not null;
    create index run_attempts_claimed on run_attempts (claimed_at);
  `);

  for (const statement of [
    UNPARK,
    COUNT_ACTIVE,
    RECOUNT,
    CLAIM_RUNS,
    START_ATTEMPT,
    END_ATTEMPT,
    CHECK_RUN_UPDATE,
  ]) {
    await knex.raw(statement);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(FORMER_CHECK_RUN_UPDATE);
  await knex.raw(`
    delete from legal_transitions where (from_state, to_state) = ('pausing', 'running');
    drop trigger runs_count_leased on runs;
    drop trigger runs_count_inserted_leased on runs;
    drop trigger runs_count_deleted_leased on runs;
    drop function millrace_claim_runs, millrace_start_attempt, millrace_end_attempt, millrace_recount_limits, millrace_count_active, millrace_unpark;
    drop index run_attempts_claimed, runs_queue_deadline, runs_parked, runs_claimable, runs_pipeline_queue;
    create index runs_leases on runs (lease_expires_at) where lease_token is not null;
    create index runs_queue on runs (priority desc, run_at, id) where state = 'queued';
    alter table runs drop constraint runs_concurrency_key_is_short, drop parked;
    alter table workers drop constraint workers_drain_is_whole,
      drop pipeline_ids, drop drained_at, drop drained_by;
    drop table queue_events, queue_pauses, queue_key_limits, queue_limits;
  `);
};
