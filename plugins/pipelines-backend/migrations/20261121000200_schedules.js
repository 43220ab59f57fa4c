// @ts-check

/**
 * How far each schedule has been served.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table schedules (
      pipeline_id text primary key references pipelines (id) on delete cascade,
      cron text not null,
      timezone text not null,
      served_until timestamptz not null
    );
    comment on table schedules is 'Cron schedules of pipelines; a changed schedule begins anew';
    comment on column schedules.served_until is 'Every start up to this time has been submitted or was missed on purpose';
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop table schedules');
};
