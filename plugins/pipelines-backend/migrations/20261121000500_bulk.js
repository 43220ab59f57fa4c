// @ts-check

/**
 * The runs of a bulk action, resolved when it was submitted: what it may act on, and what came
 * of each.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table bulk_items (
      bulk_run_id uuid not null references runs (id) on delete cascade,
      position integer not null,
      run_id uuid not null,
      pipeline_id text not null,
      title text not null,
      state text not null default 'pending' check (state in ('pending', 'done', 'skipped', 'failed')),
      message text,
      new_run_id uuid,
      primary key (bulk_run_id, position)
    );
    comment on table bulk_items is 'The runs that a bulk action was allowed to act on when it was submitted, in the order in which that is done';
    comment on column bulk_items.message is 'Why it was skipped or failed';
    comment on column bulk_items.new_run_id is 'What a retry has made';
    create index bulk_items_state on bulk_items (bulk_run_id, state, position);
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop table bulk_items');
};
