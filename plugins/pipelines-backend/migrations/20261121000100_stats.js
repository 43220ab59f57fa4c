// @ts-check

/**
 * Roll-ups of ended runs.
 *
 * A trigger writes one row of `stats_deltas` in the transaction that ends a run, so no way of
 * ending one can forget it. A task folds the deltas into hourly and daily rows; reads add what
 * is not folded yet. Histogram bucket n holds the values from 1.2^n to 1.2^(n+1) ms.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table stats_deltas (
      id bigint generated always as identity primary key,
      ended_at timestamptz not null,
      pipeline_id text not null,
      state text not null,
      trigger text not null,
      duration_ms bigint,
      wait_ms bigint
    );
    comment on table stats_deltas is 'Ended runs that the roll-ups do not contain yet';
  `);
  for (const grain of ['hourly', 'daily']) {
    await knex.raw(`
      create table stats_${grain} (
        start_at timestamptz not null,
        pipeline_id text not null,
        state text not null,
        trigger text not null,
        run_count bigint not null,
        duration_count bigint not null,
        duration_sum_ms numeric not null,
        wait_count bigint not null,
        wait_sum_ms numeric not null,
        primary key (start_at, pipeline_id, state, trigger)
      );
      create index stats_${grain}_pipeline on stats_${grain} (pipeline_id, start_at);
      create table stats_${grain}_buckets (
        start_at timestamptz not null,
        pipeline_id text not null,
        state text not null,
        measure text not null check (measure in ('duration', 'wait')),
        bucket smallint not null,
        run_count bigint not null,
        primary key (start_at, pipeline_id, state, measure, bucket)
      );
      create index stats_${grain}_buckets_pipeline on stats_${grain}_buckets (pipeline_id, start_at);
    `);
  }
  await knex.raw(`
    create function millrace_histogram_bucket(ms bigint) returns smallint language sql immutable as $$
      select case when ms < 1 then 0 else least(150, floor(ln(ms) / ln(1.2)))::smallint end
    $$;

    create function millrace_count_ended_run() returns trigger language plpgsql as $$
    begin
      insert into stats_deltas (ended_at, pipeline_id, state, trigger, duration_ms, wait_ms)
      values (coalesce(new.finished_at, now()), new.pipeline_id, new.state, new.trigger,
        case when new.started_at is not null
          then greatest(0, extract(epoch from new.finished_at - new.started_at) * 1000)::bigint end,
        greatest(0, extract(epoch from coalesce(new.started_at, new.finished_at) - greatest(new.queued_at, new.run_at)) * 1000)::bigint);
      return null;
    end $$;
    create trigger runs_count_ended after update of state on runs
      for each row when (old.finished_at is null and new.finished_at is not null)
      execute function millrace_count_ended_run();
    create trigger runs_count_inserted_ended after insert on runs
      for each row when (new.finished_at is not null)
      execute function millrace_count_ended_run();
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop trigger runs_count_inserted_ended on runs;
    drop trigger runs_count_ended on runs;
    drop function millrace_count_ended_run, millrace_histogram_bucket;
    drop table stats_daily_buckets, stats_hourly_buckets, stats_daily, stats_hourly, stats_deltas;
  `);
};
