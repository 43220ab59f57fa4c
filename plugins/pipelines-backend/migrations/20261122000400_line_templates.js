// @ts-check

/**
 * The templates of the lines that successful runs of a pipeline have written.
 *
 * The end of a successful run only notes its id in `runs_to_learn`; a task reads its log later.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table line_template_models (
      pipeline_id text primary key references pipelines (id) on delete cascade,
      runs integer not null default 0,
      sampled_runs integer not null default 0,
      is_full boolean not null default false,
      learnt_at timestamptz
    );
    comment on table line_template_models is 'From how many successful runs the templates of a pipeline were learnt';
    comment on column line_template_models.sampled_runs is 'Runs whose log was too long to be read whole';
    comment on column line_template_models.is_full is 'There were more templates than are kept';

    create table line_templates (
      pipeline_id text not null references line_template_models (pipeline_id) on delete cascade,
      kind_hash text not null,
      template text not null,
      primary key (pipeline_id, kind_hash)
    );
    comment on table line_templates is 'Lines that successful runs have written, with placeholders for what differs';

    create table runs_to_learn (
      run_id uuid primary key references runs (id) on delete cascade
    );
    comment on table runs_to_learn is 'Successful runs whose log may still be learnt from';
    insert into runs_to_learn
      select newest.id from pipelines as p cross join lateral (
        select id from runs where pipeline_id = p.id and state = 'succeeded' order by id desc limit 5) as newest;

    create function millrace_note_success() returns trigger language plpgsql as $$
    begin
      insert into runs_to_learn (run_id) values (new.id) on conflict do nothing;
      return null;
    end $$;
    create trigger runs_note_success after update of state on runs
      for each row when (new.state = 'succeeded' and old.state is distinct from new.state)
      execute function millrace_note_success();
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop trigger runs_note_success on runs;
    drop function millrace_note_success;
    drop table runs_to_learn, line_templates, line_template_models;
  `);
};
