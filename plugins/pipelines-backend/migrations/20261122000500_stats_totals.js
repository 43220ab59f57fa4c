// @ts-check

const GRAINS = ['hourly', 'daily'];
const MEASURES = `check (measure in ('duration', 'wait'))`;
const COUNTS = `run_count bigint not null, duration_count bigint not null, duration_sum_ms numeric not null,
  wait_count bigint not null, wait_sum_ms numeric not null`;

/**
 * Roll-ups of all pipelines together, and histograms without states, because nobody asks for the
 * percentiles of one state: a year of days is read from some thousand rows.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const grain of GRAINS) {
    await knex.raw(`
      lock table stats_${grain}, stats_${grain}_buckets in exclusive mode;

      create table stats_${grain}_histograms (
        pipeline_id text not null,
        measure text not null ${MEASURES},
        start_at timestamptz not null,
        bucket smallint not null,
        run_count bigint not null,
        primary key (pipeline_id, measure, start_at, bucket)
      );
      insert into stats_${grain}_histograms
      select pipeline_id, measure, start_at, bucket, sum(run_count)
        from stats_${grain}_buckets group by 1, 2, 3, 4 having sum(run_count) <> 0 order by 1, 2, 3, 4;

      create table stats_${grain}_total (
        start_at timestamptz not null,
        state text not null,
        trigger text not null,
        ${COUNTS},
        primary key (start_at, state, trigger)
      );
      comment on table stats_${grain}_total is 'The same as stats_${grain}, of all pipelines together';
      insert into stats_${grain}_total
      select start_at, state, trigger, sum(run_count), sum(duration_count), sum(duration_sum_ms),
        sum(wait_count), sum(wait_sum_ms)
        from stats_${grain} group by 1, 2, 3 order by 1, 2, 3;

      create table stats_${grain}_total_histograms (
        measure text not null ${MEASURES},
        start_at timestamptz not null,
        bucket smallint not null,
        run_count bigint not null,
        primary key (measure, start_at, bucket)
      );
      insert into stats_${grain}_total_histograms
      select measure, start_at, bucket, sum(run_count)
        from stats_${grain}_histograms group by 1, 2, 3 order by 1, 2, 3;
    `);
  }
  // Readers wait from here on only. A version that does not know of this reads the views, and
  // cannot fold into them, by which it would leave the totals behind.
  for (const grain of GRAINS) {
    await knex.raw(`
      drop table stats_${grain}_buckets;
      create view stats_${grain}_buckets as
      select start_at, pipeline_id, 'succeeded'::text as state, measure, bucket, run_count
        from stats_${grain}_histograms;
      comment on view stats_${grain}_buckets is 'For the version before, which goes on reading it during an update';
    `);
  }
};

/**
 * What was counted of a state is not known any more; the sums over all states are as before.
 *
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const grain of GRAINS) {
    await knex.raw(`
      drop view stats_${grain}_buckets;
      lock table stats_${grain}_histograms in exclusive mode;
      create table stats_${grain}_buckets (
        start_at timestamptz not null,
        pipeline_id text not null,
        state text not null,
        measure text not null ${MEASURES},
        bucket smallint not null,
        run_count bigint not null,
        primary key (start_at, pipeline_id, state, measure, bucket)
      );
      create index stats_${grain}_buckets_pipeline on stats_${grain}_buckets (pipeline_id, start_at);
      insert into stats_${grain}_buckets
      select start_at, pipeline_id, 'succeeded', measure, bucket, run_count from stats_${grain}_histograms;
      drop table stats_${grain}_total_histograms, stats_${grain}_total, stats_${grain}_histograms;
    `);
  }
};
