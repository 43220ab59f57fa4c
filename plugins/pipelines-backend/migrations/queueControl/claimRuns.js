// @ts-check

/**
 * Leases the most urgent claimable runs and begins an attempt of each.
 *
 * It looks only at pipelines that are open, each by its own range of an index, so nothing that
 * is paused, held or at its limit is passed over again and again. A run whose key is at its
 * limit is parked when it is met, and met again only when a run with that key has ended.
 * A limit that somebody else has locked is left out, because a process that stopped in the middle
 * of its transaction must not hold up the others; `busy` says to ask again soon.
 *
 * Plans are made once, and must not be those that are good for tables that happen to be small:
 * every row is found by an index, and runs by a list of ids. The state that is compared is an
 * expression, or a plan might look for ids in the whole index of the queue.
 *
 * This is its text as it is now: a migration that changes it makes it anew.
 */
exports.CLAIM_RUNS = `
  create or replace function millrace_claim_runs(request jsonb) returns jsonb language plpgsql
    set plan_cache_mode = force_generic_plan set enable_seqscan = off
    set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    worker text := request->>'workerId';
    room integer := (request->>'limit')::integer;
    open_pipelines text[];
    claimed jsonb := '[]';
    busy boolean := false;
    look integer := room + 16;
    as_of timestamptz;
    has_total boolean;
    total_room integer;
    is_limited boolean;
    near uuid[];
    seen integer;
    picked uuid[];
    parked_count integer;
    batch jsonb;
  begin
    perform set_config('millrace.quiet', 'on', true);
    lock table queue_pauses in row share mode;
    as_of := clock_timestamp();
    select array(
        select pipeline from jsonb_array_elements_text(request->'pipelineIds') as pipeline
         where not exists (select from queue_pauses
             where scope in ('*', pipeline) and (scope <> '*' or not request->'unpausable' @> to_jsonb(pipeline))
               and (until is null or until > as_of))
           and not exists (select from workers where id = worker and drained_at is not null)),
      exists (select from queue_limits where key = '*')
      into open_pipelines, has_total;
    if has_total then
      select max - active into total_room from queue_limits where key = '*' for update skip locked;
      busy := not found;
      room := least(room, coalesce(total_room, 0));
    end if;

    for round in 1..12 loop
      exit when room <= 0;
      select array(
          select pipeline from unnest(open_pipelines) as pipeline
           where not exists (select from queue_limits where key = pipeline and active >= max)),
        exists (select from queue_limits where key = any(open_pipelines))
          or exists (select from queue_key_limits where pipeline_id = any(open_pipelines))
        into open_pipelines, is_limited;
      parked_count := 0;

      near := array(
        select first.id from unnest(open_pipelines) as pipeline
         cross join lateral (
           select r.id, r.priority, r.run_at from runs r
            where r.pipeline_id = pipeline and r.state = 'queued' and r.origin = 'own'
              and r.pause_requested_at is null and not r.parked
              and r.run_at <= as_of and (r.queue_deadline is null or r.queue_deadline > as_of)
            order by r.priority desc, r.run_at, r.id limit look) first
         order by first.priority desc, first.run_at, first.id limit look);
      seen := cardinality(near);
      exit when seen = 0;

      if not is_limited then
        with locked as materialized (
          select r.id from runs r
           where r.id = any(near) and r.state || '' = 'queued' and r.pause_requested_at is null
           order by r.priority desc, r.run_at, r.id limit room for update of r skip locked)
        select array(select id from locked) into picked;
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
           where r.id = any(near) and (not f.is_limited or f.pipeline_rank <= f.pipeline_room)
             and r.state || '' = 'queued' and r.pause_requested_at is null
           order by r.priority desc, r.run_at, r.id limit room for update of r skip locked),
        passed as materialized (
          select r.id from runs r join keyed k on k.id = r.id
           where r.id = any(near) and k.key_room <= 0 and r.state || '' = 'queued' and not r.parked
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
         where r.id = any(picked)
        returning r.id, r.pipeline_id, r.attempt, r.lease_token, r.event_seq, r.priority, r.run_at,
          r.parameters, r.resume_from, r.retry_of),
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
      exit when parked_count = 0 and (seen < look or (look = 2000 and cardinality(picked) = 0));
      look := least(look * 4, 2000);
      busy := busy or (round = 12 and room > 0);
    end loop;
    return jsonb_build_object('runs', claimed, 'busy', busy);
  end $$;
`;
