// @ts-check

/**
 * Lists as people have saved them, for themselves or for a team.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table saved_views (
      id uuid primary key,
      page text not null,
      name text not null,
      query text not null,
      owner text not null,
      revision integer not null default 1 check (revision >= 1),
      created_by text not null,
      created_at timestamptz not null default now(),
      changed_by text not null,
      changed_at timestamptz not null default now()
    );
    comment on table saved_views is 'Filters, order and columns of lists under a name';
    comment on column saved_views.query is 'The query of the address of the page, encoded, without its question mark';
    comment on column saved_views.owner is 'Entity ref of the person or the group whose view it is';
    create unique index saved_views_name on saved_views (owner, page, lower(name));

    create table view_events (
      id bigint generated always as identity primary key,
      view_id uuid not null,
      at timestamptz not null default clock_timestamp(),
      name text not null check (name in ('created', 'changed', 'deleted')),
      actor text not null,
      view jsonb not null
    );
    comment on table view_events is 'Append-only record of who did what to a saved view; written in the transaction that does it, kept when the view is deleted';
    comment on column view_events.view is 'The view as it was then: name, query, owner and revision';
    create index view_events_view on view_events (view_id, id);
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop table view_events, saved_views');
};
