// @ts-check

/**
 * Runs that are executed elsewhere: who reported which run, and in which words; and statistics
 * that can take back a count, because what others report may be corrected.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table foreign_runs (
      origin text not null check (origin in ('reported', 'imported')),
      sender text not null,
      external_id text not null,
      run_id uuid not null references runs (id) on delete cascade,
      attached boolean not null default false,
      word text not null,
      sequence bigint,
      steps_sequence bigint,
      primary key (origin, sender, external_id)
    );
    create index foreign_runs_run on foreign_runs (run_id);
    comment on table foreign_runs is 'Which run of ours a run of somebody else is';
    comment on column foreign_runs.sender is 'The reporter, or the source that it was read from';
    comment on column foreign_runs.attached is 'It is part of a run of origin own, whose events tell of it';
    comment on column foreign_runs.word is 'The state in the words of the last report';
    comment on column foreign_runs.sequence is 'Number of the last report that had one; a report with a lesser number is late';

    alter table runs
      add reporter text,
      add foreign_state text,
      add last_report_at timestamptz;
    comment on column runs.reporter is 'Who reports a run of origin reported';
    comment on column runs.foreign_state is 'The word of its own system for a state that is unknown here';
    comment on column runs.last_report_at is 'When its reporter was last heard of';

    alter table run_attempts
      drop constraint run_attempts_state_check,
      add constraint run_attempts_state_check check (state in ('starting', 'running', 'succeeded',
        'failed', 'timed_out', 'cancelled', 'lost', 'released', 'unknown'));
  `);

  await knex.raw(`
    alter table stats_deltas add weight smallint not null default 1 check (weight in (-1, 1));
    comment on column stats_deltas.weight is '1 for a run that has ended, -1 for one that was counted and has changed since';

    create function millrace_correct_ended_run() returns trigger language plpgsql as $$
    begin
      insert into stats_deltas (ended_at, pipeline_id, state, trigger, duration_ms, wait_ms, weight)
      select coalesce(run.finished_at, now()), run.pipeline_id, run.state, run.trigger,
        case when run.started_at is not null
          then greatest(0, extract(epoch from run.finished_at - run.started_at) * 1000)::bigint end,
        greatest(0, extract(epoch from coalesce(run.started_at, run.finished_at) - greatest(run.queued_at, run.run_at)) * 1000)::bigint,
        run.weight
        from (values
          (old.finished_at, old.pipeline_id, old.state, old.trigger, old.started_at, old.queued_at, old.run_at, -1),
          (new.finished_at, new.pipeline_id, new.state, new.trigger, new.started_at, new.queued_at, new.run_at, 1)
        ) as run (finished_at, pipeline_id, state, trigger, started_at, queued_at, run_at, weight)
       where run.finished_at is not null;
      return null;
    end $$;
    comment on function millrace_correct_ended_run is 'Takes back what was counted of a run that ended elsewhere, and counts it as it is now';
    create trigger runs_correct_ended after update on runs
      for each row when (old.origin <> 'own' and old.finished_at is not null
        and (old.state, old.finished_at, old.started_at, old.queued_at, old.run_at)
          is distinct from (new.state, new.finished_at, new.started_at, new.queued_at, new.run_at))
      execute function millrace_correct_ended_run();
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop trigger runs_correct_ended on runs;
    drop function millrace_correct_ended_run;
    alter table stats_deltas drop weight;
    update run_attempts set state = 'lost' where state = 'unknown';
    alter table run_attempts
      drop constraint run_attempts_state_check,
      add constraint run_attempts_state_check check (state in ('starting', 'running', 'succeeded',
        'failed', 'timed_out', 'cancelled', 'lost', 'released'));
    alter table runs drop reporter, drop foreign_state, drop last_report_at;
    drop table foreign_runs;
  `);
};
