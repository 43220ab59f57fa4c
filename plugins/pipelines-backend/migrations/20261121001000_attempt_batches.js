// @ts-check
const { ATTEMPT_BATCHES } = require('./queueControl/attemptBatches');
const { END_ATTEMPT, START_ATTEMPT } = require('./queueControl/attempts');
const { CLAIM_RUNS } = require('./queueControl/claimRuns');

/**
 * Starts and ends of many attempts in one statement, because workers with many slots mostly wait
 * for their commits; and a claim that looks runs up by their ids and not in the whole index.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  for (const statement of [CLAIM_RUNS, ...ATTEMPT_BATCHES]) {
    await knex.raw(statement);
  }
};

/**
 * The claim stays: it does what it did before.
 *
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(
    `drop function millrace_start_attempt, millrace_end_attempt, millrace_start_attempts, millrace_end_attempts;
     drop type millrace_starting, millrace_ending;`,
  );
  await knex.raw(START_ATTEMPT);
  await knex.raw(END_ATTEMPT);
};
