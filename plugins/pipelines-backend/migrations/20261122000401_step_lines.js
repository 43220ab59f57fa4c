// @ts-check

/**
 * Which lines of the log a step has written.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table run_steps add first_line bigint, add end_line bigint;
    comment on column run_steps.first_line is 'Lines that the log had when the step began; null when nobody counted them';
    comment on column run_steps.end_line is 'Lines that the log had when the step ended; null while it goes on';
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(
    `alter table run_steps drop column first_line, drop column end_line`,
  );
};
