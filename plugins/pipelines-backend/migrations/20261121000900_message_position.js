// @ts-check

/**
 * What an attempt said comes again after a recovery, and is recognized by its position.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table run_attempts add message_position bigint not null default 0;
    comment on column run_attempts.message_position is 'How far the engine''s own record of messages has been stored as events';
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`alter table run_attempts drop message_position`);
};
