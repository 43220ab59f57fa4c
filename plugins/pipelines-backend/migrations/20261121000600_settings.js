// @ts-check

/**
 * What was edited of pipelines and of the portal; and that retention has removed the log or the
 * artifacts of a run that is still there.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table settings_revisions (
      scope text not null check (scope = 'portal' or scope like 'pipeline:_%'),
      revision integer not null check (revision >= 1),
      patch jsonb not null,
      author text not null,
      note text,
      restored integer,
      at timestamptz not null default now(),
      primary key (scope, revision)
    );
    comment on table settings_revisions is 'Every saved state of the settings of a pipeline or of the portal; the newest one holds';
    comment on column settings_revisions.patch is 'The whole patch over the configuration, not the difference to the revision before';
    comment on column settings_revisions.restored is 'The revision that this one has brought back';

    create function millrace_announce_settings() returns trigger language plpgsql as $$
    begin
      perform pg_notify('millrace', '{"kind":"settings"}');
      return null;
    end $$;
    create trigger settings_revisions_announce after insert on settings_revisions
      for each row execute function millrace_announce_settings();

    alter table runs
      add log_removed_at timestamptz,
      add artifacts_removed_at timestamptz;
    comment on column runs.log_removed_at is 'When retention removed its log because its pipeline keeps logs for a shorter time than the portal';
    comment on column runs.artifacts_removed_at is 'When retention removed its artifacts';
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    alter table runs drop log_removed_at, drop artifacts_removed_at;
    drop table settings_revisions;
    drop function millrace_announce_settings;
  `);
};
