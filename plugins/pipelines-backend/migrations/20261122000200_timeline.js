// @ts-check

/**
 * The timeline finds by their end the runs that had begun before its window.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    `create index runs_finished on runs (finished_at, id) where finished_at is not null`,
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`drop index runs_finished`);
};
