// @ts-check

/**
 * Says that the execution of an attempt is there; answers with the state of the run, or null
 * when the lease is over. A run that is to be paused and can be frozen is `pausing` at once.
 */
exports.START_ATTEMPT = `
  create function millrace_start_attempt(request jsonb) returns text language plpgsql
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
  declare
    run runs;
    freezes boolean;
    worker text;
  begin
    perform set_config('millrace.quiet', 'on', true);
    select * into run from runs
     where id = (request->>'runId')::uuid and lease_token = (request->>'token')::uuid
       and attempt = (request->>'attempt')::integer for no key update;
    if not found then
      return null;
    end if;
    worker := 'worker:' || run.lease_owner;
    freezes := run.state = 'starting' and run.pause_requested_at is not null and (request->>'canFreeze')::boolean;
    update run_attempts set state = 'running', handle = request->'handle',
      started_at = coalesce(started_at, clock_timestamp())
     where run_id = run.id and attempt = run.attempt;
    update runs set started_at = coalesce(started_at, clock_timestamp()),
      state = case when run.state = 'starting' then 'running' else run.state end,
      event_seq = run.event_seq + (run.state = 'starting')::integer
     where id = run.id;
    if run.state <> 'starting' then
      return run.state;
    end if;
    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
    values (run.id, run.event_seq + 1, 'transition', 'started', 'starting', 'running', run.attempt, worker);
    if not freezes then
      return 'running';
    end if;
    update runs set state = 'pausing', event_seq = run.event_seq + 2 where id = run.id;
    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason)
    values (run.id, run.event_seq + 2, 'transition', 'pause-requested', 'running', 'pausing', run.attempt,
      run.pause_requested_by, run.pause_reason);
    return 'pausing';
  end $$;
`;

/**
 * Ends an attempt as its request says: the run, its attempt, its open steps and its event, all
 * of it only if the run is still as whoever decided that has seen it; answers whether it was.
 * A run whose end was recovered passes \`via\`, from where its true end is legal.
 */
exports.END_ATTEMPT = `
  create function millrace_end_attempt(request jsonb) returns boolean language plpgsql
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
  declare
    run runs;
    becomes record;
    blamed text;
  begin
    perform set_config('millrace.quiet', 'on', true);
    select * into becomes from jsonb_to_record(request) as r (
      "runId" uuid, attempt integer, token uuid, "from" text, via text, "viaName" text, "runState" text,
      "attemptState" text, name text, terminal boolean, added integer, "delayMs" integer, "queueTimeoutMs" bigint,
      deaths integer, quarantined boolean, "errorKind" text, "errorMessage" text, "exitCode" integer, signal text,
      reason text, "openSteps" text, details text, actor text);
    select * into run from runs
     where id = becomes."runId" and attempt = becomes.attempt and state || '' = becomes."from"
       and lease_token is not distinct from becomes.token for no key update;
    if not found then
      return false;
    end if;

    becomes.actor := coalesce(becomes.actor, 'worker:' || run.lease_owner);
    if becomes.via is not null then
      update runs set state = becomes.via, started_at = coalesce(started_at, clock_timestamp()) where id = run.id;
      run.event_seq := run.event_seq + 1;
      insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
      values (run.id, run.event_seq, 'transition', becomes."viaName", run.state, becomes.via, run.attempt, becomes.actor);
      run.state := becomes.via;
    end if;
    if becomes."errorKind" is not null then
      select s.name into blamed from run_steps s
       where s.run_id = run.id and s.attempt = run.attempt and s.state in ('failed', 'running')
       order by s.state = 'failed' desc, s.position limit 1;
    end if;

    update runs set state = becomes."runState", event_seq = run.event_seq + 1,
      finished_at = case when becomes.terminal then clock_timestamp() end,
      lease_token = null, lease_owner = null, lease_expires_at = null, heartbeat_at = null,
      max_attempts = max_attempts + becomes.added,
      run_at = coalesce(clock_timestamp() + becomes."delayMs" * interval '1 millisecond', run_at),
      queue_deadline = case when not becomes.terminal then clock_timestamp()
        + (coalesce(becomes."delayMs", 0) + becomes."queueTimeoutMs") * interval '1 millisecond' end,
      paused_ms = paused_ms + coalesce(round(extract(epoch from clock_timestamp() - paused_at) * 1000)::bigint, 0),
      paused_at = null,
      pause_requested_at = case when not becomes.terminal then pause_requested_at end,
      pause_requested_by = case when not becomes.terminal then pause_requested_by end,
      pause_reason = case when not becomes.terminal then pause_reason end,
      worker_deaths = worker_deaths + becomes.deaths,
      quarantined_at = case when becomes.quarantined then clock_timestamp() end,
      current_step = null,
      progress = case when becomes.terminal then progress end,
      progress_message = case when becomes.terminal then progress_message end,
      summary = case when becomes.terminal then summary end,
      error_kind = becomes."errorKind", error_message = becomes."errorMessage", error_step = blamed,
      exit_code = case when becomes.terminal then becomes."exitCode" end,
      exit_signal = case when becomes.terminal then becomes.signal end
     where id = run.id;
    update run_attempts set state = becomes."attemptState", reason = becomes.reason, lease_token = null,
      finished_at = clock_timestamp(), exit_code = becomes."exitCode", exit_signal = becomes.signal
     where run_id = run.id and attempt = run.attempt;
    update run_steps set state = case when state = 'pending' then 'skipped' else becomes."openSteps" end,
      finished_at = clock_timestamp()
     where run_id = run.id and attempt = run.attempt and state in ('pending', 'running');
    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason, details)
    values (run.id, run.event_seq + 1, 'transition', becomes.name, run.state, becomes."runState", run.attempt,
      becomes.actor, becomes.reason, becomes.details);
    return true;
  end $$;
`;
