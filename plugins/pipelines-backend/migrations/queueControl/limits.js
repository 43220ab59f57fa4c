// @ts-check

/** Lets the claim look again at parked runs. */
exports.UNPARK = `
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
`;

/** Counts whatever begins or ends a lease. */
exports.COUNT_ACTIVE = `
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
`;

/**
 * Counts again what limits count; returns how many were wrong.
 *
 * Whoever begins or ends a lease must write the row of the limit, so while it is locked a count
 * that is taken afterwards is exact. Rows that somebody else has locked are left for the next time.
 */
exports.RECOUNT = `
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
