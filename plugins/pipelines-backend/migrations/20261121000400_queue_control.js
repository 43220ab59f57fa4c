// @ts-check

/**
 * Limits and pauses of the queue, draining workers, and the claim that heeds them.
 *
 * Counters of limits are kept by a trigger, so whatever begins or ends a lease counts. The claim
 * is a function, so that it is one message: a worker that stops in the middle holds no lock.
 * Locks of limits are taken in the order of their keys, from the whole queue to the single key:
 * `*`, `<pipeline>`, `<pipeline>#<concurrency key>`.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    insert into legal_transitions values ('pausing', 'running');

    create table queue_limits (
      key text collate "C" primary key,
      pipeline_id text,
      concurrency_key text,
      max integer not null check (max >= 0),
      active integer not null default 0 check (active >= 0)
    ) with (fillfactor = 50);
    comment on table queue_limits is 'How many runs may be executed at once, and how many are: of the queue, of a pipeline, and of a concurrency key while a run with it is executed';
    comment on column queue_limits.active is 'Runs with a lease; counted by triggers of runs, and again every minute';

    create table queue_key_limits (
      pipeline_id text primary key,
      max integer not null check (max >= 0)
    );
    comment on table queue_key_limits is 'How many runs of a pipeline with the same concurrency key may be executed at once';

    create table queue_pauses (
      scope text primary key check (scope = '*' or scope = pipeline_id),
      pipeline_id text references pipelines (id) on delete cascade,
      paused_by text not null,
      paused_at timestamptz not null default clock_timestamp(),
      reason text,
      until timestamptz,
      scheduled_runs text not null check (scheduled_runs in ('keep', 'drop'))
    );
    comment on table queue_pauses is 'Pauses of the queue and of pipelines; a claim locks the table in row share mode, who pauses in exclusive mode';
    comment on column queue_pauses.scope is '* for the whole queue, else the pipeline';

    create table queue_events (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      actor text not null,
      action text not null,
      pipeline_id text,
      worker_id text,
      reason text,
      details jsonb
    );
    comment on table queue_events is 'Append-only record of who did what to the queue, to a pipeline in it, or to a worker; written in the transaction that does it';
    create index queue_events_at on queue_events (at);

    alter table workers
      add pipeline_ids text[],
      add drained_at timestamptz,
      add drained_by text,
      add constraint workers_drain_is_whole check ((drained_at is null) = (drained_by is null));
    comment on column workers.pipeline_ids is 'Pipelines that it can execute; null means that it did not say';
    comment on column workers.drained_at is 'Since when it claims nothing; a new process is a new worker and claims';

    alter table runs
      add parked boolean not null default false,
      add constraint runs_concurrency_key_is_short check (length(concurrency_key) <= 500);
    comment on column runs.parked is 'The claim has passed over it, because as many runs with its key as may be executed were; it is looked at again when one of them ends';
    drop index runs_queue;
    create index runs_pipeline_queue on runs (pipeline_id, priority desc, run_at, id) where state = 'queued';
    create index runs_claimable on runs (pipeline_id, priority desc, run_at, id)
      where state = 'queued' and pause_requested_at is null and not parked;
    create index runs_parked on runs (pipeline_id, concurrency_key, priority desc, run_at, id)
      where state = 'queued' and parked;
    create index runs_queue_deadline on runs (queue_deadline) where state = 'queued' and queue_deadline is not null;
    create index run_attempts_claimed on run_attempts (claimed_at);
  `);

  await knex.raw(`
    create function millrace_unpark(pipeline text, run_key text, wanted integer) returns bigint language sql as $$
      with looked_at_again as (
        update runs set parked = false
         where id = any(array(
           select id from runs
            where state = 'queued' and parked and pipeline_id = pipeline and concurrency_key = run_key
              and run_at <= clock_timestamp() and pause_requested_at is null
            order by priority desc, run_at, id limit greatest(0, wanted) for no key update skip locked))
        returning id)
      select count(*) from looked_at_again
    $$;
    comment on function millrace_unpark is 'Lets the claim look again at the most urgent parked runs with a key';

    create function millrace_count_active() returns trigger language plpgsql as $$
    declare
      pipeline text := coalesce(new.pipeline_id, old.pipeline_id);
      run_key text := coalesce(new.concurrency_key, old.concurrency_key);
      keys text[] := array['*', pipeline] || case when run_key is null then '{}' else array[pipeline || '#' || run_key] end;
      was_full boolean;
    begin
      if tg_op = 'DELETE' or (tg_op = 'UPDATE' and new.lease_token is null) then
        select bool_or(active >= max) into was_full
          from (select active, max from queue_limits where key = any(keys) order by key for update) locked;
        if was_full is null then
          return null;
        end if;
        update queue_limits set active = greatest(0, active - 1) where key = any(keys);
        if run_key is not null then
          perform millrace_unpark(pipeline, run_key, max - active)
            from queue_limits where key = pipeline || '#' || run_key;
        end if;
        if was_full then
          perform pg_notify('millrace', '{"kind":"queued"}');
        end if;
      else
        update queue_limits set active = active + 1 where key in ('*', pipeline);
        if run_key is not null then
          insert into queue_limits as l (key, pipeline_id, concurrency_key, max, active)
          select pipeline || '#' || run_key, pipeline, run_key, max, 1 from queue_key_limits where pipeline_id = pipeline
          on conflict (key) do update set active = l.active + 1;
        end if;
      end if;
      return null;
    end $$;
    create trigger runs_count_leased after update on runs
      for each row when ((old.lease_token is null) <> (new.lease_token is null))
      execute function millrace_count_active();
    create trigger runs_count_inserted_leased after insert on runs
      for each row when (new.lease_token is not null) execute function millrace_count_active();
    create trigger runs_count_deleted_leased after delete on runs
      for each row when (old.lease_token is not null) execute function millrace_count_active();
  `);

  await knex.raw(RECOUNT_FUNCTION);
  await knex.raw(CLAIM_FUNCTION);
  await knex.raw(CHECK_FUNCTION);
};

/**
 * Counts again what limits count; returns how many were wrong.
 *
 * Whoever begins or ends a lease must write the row of the limit, so while it is locked a count
 * that is taken afterwards is exact. Rows that somebody else has locked are left for the next time.
 */
const RECOUNT_FUNCTION = `
  create function millrace_recount_limits() returns integer language plpgsql as $$
  declare
    held text[];
    healed integer;
  begin
    insert into queue_limits (key, pipeline_id, concurrency_key, max)
    select distinct r.pipeline_id || '#' || r.concurrency_key, r.pipeline_id, r.concurrency_key, k.max
      from runs r join queue_key_limits k on k.pipeline_id = r.pipeline_id
     where r.lease_token is not null and r.concurrency_key is not null and not exists (
       select from queue_limits where key = r.pipeline_id || '#' || r.concurrency_key)
     order by 1 on conflict do nothing;
    held := array(select key from queue_limits order by key for update skip locked);
    with counted as (
      select l.key, count(r.id) as active from queue_limits l
        left join runs r on r.lease_token is not null
         and (l.pipeline_id is null or r.pipeline_id = l.pipeline_id)
         and (l.concurrency_key is null or r.concurrency_key = l.concurrency_key)
       where l.key = any(held) group by l.key),
    mended as (
      update queue_limits l set active = counted.active from counted
       where counted.key = l.key and l.active <> counted.active returning l.key)
    select count(*) into healed from mended;
    delete from queue_limits where key = any(held) and concurrency_key is not null and active = 0;
    if healed > 0 then
      perform pg_notify('millrace', '{"kind":"queued"}');
    end if;
    return healed;
  end $$;
`;

/**
 * Leases the most urgent claimable runs and begins an attempt of each.
 *
 * It looks only at pipelines that are open, each by its own range of an index, so nothing that
 * is paused, held or at its limit is passed over again and again. A run whose key is at its
 * limit is parked when it is met, and met again only when a run with that key has ended.
 * A limit that somebody else has locked is left out, because a process that stopped in the middle
 * of its transaction must not hold up the others; 'busy' says to ask again soon.
 */
const CLAIM_FUNCTION = `
  create function millrace_claim_runs(request jsonb) returns jsonb language plpgsql as $$
  declare
    worker text := request->>'workerId';
    room integer := (request->>'limit')::integer;
    open_pipelines text[] := array(select jsonb_array_elements_text(request->'pipelineIds'));
    unpausable text[] := array(select jsonb_array_elements_text(request->'unpausable'));
    claimed jsonb := '[]';
    busy boolean := false;
    look integer := room + 16;
    as_of timestamptz;
    total_room integer;
    is_limited boolean;
    near uuid[];
    picked uuid[];
    parked_count integer;
    batch jsonb;
  begin
    lock table queue_pauses in row share mode;
    as_of := clock_timestamp();
    if exists (select from workers where id = worker and drained_at is not null) then
      return jsonb_build_object('runs', claimed, 'busy', false);
    end if;
    open_pipelines := array(
      select pipeline from unnest(open_pipelines) as pipeline
       where not exists (select from queue_pauses
         where scope in ('*', pipeline) and (scope <> '*' or pipeline <> all(unpausable))
           and (until is null or until > as_of)));

    if exists (select from queue_limits where key = '*') then
      select max - active into total_room from queue_limits where key = '*' for update skip locked;
      busy := not found;
      room := least(room, coalesce(total_room, 0));
    end if;

    for round in 1..12 loop
      exit when room <= 0;
      open_pipelines := array(
        select pipeline from unnest(open_pipelines) as pipeline
         where not exists (select from queue_limits where key = pipeline and active >= max));
      is_limited := exists (select from queue_limits where key = any(open_pipelines))
        or exists (select from queue_key_limits where pipeline_id = any(open_pipelines));
      near := array(
        select found.id from unnest(open_pipelines) as pipeline
         cross join lateral (
           select r.id, r.priority, r.run_at from runs r
            where r.pipeline_id = pipeline and r.state = 'queued' and r.origin = 'own'
              and r.pause_requested_at is null and not r.parked
              and r.run_at <= as_of and (r.queue_deadline is null or r.queue_deadline > as_of)
            order by r.priority desc, r.run_at, r.id limit look) found
         order by found.priority desc, found.run_at, found.id limit look);
      exit when cardinality(near) = 0;
      parked_count := 0;

      if not is_limited then
        picked := array(
          select id from runs
           where id = any(near) and state = 'queued' and pause_requested_at is null
           order by priority desc, run_at, id limit room for update skip locked);
      else
        insert into queue_limits (key, pipeline_id, concurrency_key, max)
        select distinct r.pipeline_id || '#' || r.concurrency_key, r.pipeline_id, r.concurrency_key, k.max
          from runs r join queue_key_limits k on k.pipeline_id = r.pipeline_id
         where r.id = any(near) and not exists (
             select from queue_limits where key = r.pipeline_id || '#' || r.concurrency_key)
           and r.concurrency_key is not null
         order by 1 on conflict do nothing;

        with wanted as materialized (
          select r.id, r.pipeline_id, r.concurrency_key, r.priority, r.run_at,
            case when k.pipeline_id is not null then r.pipeline_id || '#' || r.concurrency_key end as limit_key,
            exists (select from queue_limits where key = r.pipeline_id) as is_limited
            from runs r left join queue_key_limits k on k.pipeline_id = r.pipeline_id
           where r.id = any(near)),
        held as materialized (
          select key, max - active as room from queue_limits
           where key in (select pipeline_id from wanted union select limit_key from wanted)
           order by key for update skip locked),
        keyed as (
          select w.*, h.room as key_room, row_number() over (
              partition by w.pipeline_id, w.limit_key order by w.priority desc, w.run_at, w.id) as key_rank
            from wanted w left join held h on h.key = w.limit_key),
        fitting as (
          select k.*, h.room as pipeline_room, row_number() over (
              partition by k.pipeline_id order by k.priority desc, k.run_at, k.id) as pipeline_rank
            from keyed k left join held h on h.key = k.pipeline_id
           where k.limit_key is null or k.key_rank <= k.key_room),
        locked as materialized (
          select r.id from runs r join fitting f on f.id = r.id
           where (not f.is_limited or f.pipeline_rank <= f.pipeline_room)
             and r.state = 'queued' and r.pause_requested_at is null
           order by r.priority desc, r.run_at, r.id limit room for update of r skip locked),
        passed as materialized (
          select r.id from runs r join keyed k on k.id = r.id
           where k.key_room <= 0 and r.state = 'queued' and not r.parked
             for no key update of r skip locked),
        parked as (
          update runs set parked = true where id in (select id from passed) returning id)
        select array(select id from locked),
          (select count(*) from parked),
          busy or exists (select from wanted w where
            (w.is_limited and w.pipeline_id not in (select key from held))
            or (w.limit_key is not null and w.limit_key not in (select key from held))),
          array(select pipeline from unnest(open_pipelines) as pipeline where not exists (
            select from wanted w where w.pipeline_id = pipeline and w.is_limited and pipeline not in (select key from held)))
          into picked, parked_count, busy, open_pipelines;
      end if;

      with leased as (
        update runs r set state = 'starting', attempt = r.attempt + 1, event_seq = r.event_seq + 1,
          lease_token = gen_random_uuid(), lease_owner = worker, heartbeat_at = clock_timestamp(),
          lease_expires_at = clock_timestamp() + (request->>'ttlMs')::integer * interval '1 millisecond',
          paused_at = null, paused_ms = 0
         where r.id = any(picked) returning r.*),
      attempted as (
        insert into run_attempts (run_id, attempt, lease_token, worker_id, host, boot_id)
        select id, attempt, lease_token, worker, request->>'host', request->>'bootId' from leased),
      recorded as (
        insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
        select id, event_seq, 'transition', 'claimed', 'queued', 'starting', attempt, 'worker:' || worker from leased)
      select coalesce(jsonb_agg(jsonb_build_object(
          'runId', id, 'pipelineId', pipeline_id, 'attempt', attempt, 'token', lease_token, 'parameters', parameters,
          'resumeFrom', resume_from, 'retryOf', retry_of)
          order by priority desc, run_at, id), '[]')
        into batch from leased;
      claimed := claimed || batch;
      room := room - cardinality(picked);
      exit when cardinality(near) < look and parked_count = 0;
      if parked_count = 0 then
        exit when look = 2000 and cardinality(picked) = 0;
        look := least(look * 4, 2000);
      end if;
      busy := busy or (round = 12 and room > 0);
    end loop;
    return jsonb_build_object('runs', claimed, 'busy', busy);
  end $$;
`;

const CHECK_FUNCTION = `
  create or replace function millrace_check_run_update() returns trigger language plpgsql as $$
  begin
    if new.state is distinct from old.state then
      if new.origin = 'own' and not exists (
        select from legal_transitions where from_state = old.state and to_state = new.state)
      then
        raise exception 'Run % cannot go from % to %', old.id, old.state, new.state using errcode = 'P0001';
      end if;
      new.state_changed_at := clock_timestamp();
      perform pg_notify('millrace', json_build_object('kind', 'state', 'runId', new.id, 'state', new.state)::text);
      if new.state = 'queued' then
        perform pg_notify('millrace', '{"kind":"queued"}');
      end if;
    end if;
    if new.cancel_requested_at is distinct from old.cancel_requested_at
      or new.cancel_force is distinct from old.cancel_force
    then
      perform pg_notify('millrace', json_build_object('kind', 'cancel', 'runId', new.id)::text);
    end if;
    if new.pause_requested_at is distinct from old.pause_requested_at
      or (new.state = 'pausing' and old.state <> 'pausing')
    then
      perform pg_notify('millrace', json_build_object('kind', 'pause', 'runId', new.id)::text);
    end if;
    if new.state = 'queued' and old.state = 'queued'
      and ((old.pause_requested_at is not null and new.pause_requested_at is null) or new.run_at < old.run_at)
    then
      perform pg_notify('millrace', '{"kind":"queued"}');
    end if;
    return new;
  end $$;
`;

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    create or replace function millrace_check_run_update() returns trigger language plpgsql as $$
    begin
      if new.state is distinct from old.state then
        if new.origin = 'own' and not exists (
          select from legal_transitions where from_state = old.state and to_state = new.state)
        then
          raise exception 'Run % cannot go from % to %', old.id, old.state, new.state using errcode = 'P0001';
        end if;
        new.state_changed_at := clock_timestamp();
        perform pg_notify('millrace', json_build_object('kind', 'state', 'runId', new.id, 'state', new.state)::text);
        if new.state = 'queued' then
          perform pg_notify('millrace', '{"kind":"queued"}');
        end if;
      end if;
      if new.cancel_requested_at is distinct from old.cancel_requested_at
        or new.cancel_force is distinct from old.cancel_force
      then
        perform pg_notify('millrace', json_build_object('kind', 'cancel', 'runId', new.id)::text);
      end if;
      return new;
    end $$;

    delete from legal_transitions where (from_state, to_state) = ('pausing', 'running');
    drop trigger runs_count_leased on runs;
    drop trigger runs_count_inserted_leased on runs;
    drop trigger runs_count_deleted_leased on runs;
    drop function millrace_claim_runs, millrace_recount_limits, millrace_count_active, millrace_unpark;
    drop index run_attempts_claimed, runs_queue_deadline, runs_parked, runs_claimable, runs_pipeline_queue;
    create index runs_queue on runs (priority desc, run_at, id) where state = 'queued';
    alter table runs drop constraint runs_concurrency_key_is_short, drop parked;
    alter table workers drop constraint workers_drain_is_whole,
      drop pipeline_ids, drop drained_at, drop drained_by;
    drop table queue_events, queue_pauses, queue_key_limits, queue_limits;
  `);
};
