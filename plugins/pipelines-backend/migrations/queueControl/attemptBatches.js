// @ts-check

/** The request to say that an attempt runs, as one element of a batch. */
const STARTING_TYPE = `
  create type millrace_starting as ("runId" uuid, attempt integer, token uuid, handle jsonb, "canFreeze" boolean)
`;

/** The request to end an attempt, as one element of a batch. */
const ENDING_TYPE = `
  create type millrace_ending as (
    "runId" uuid, attempt integer, token uuid, "from" text, via text, "viaName" text, "runState" text,
    "attemptState" text, name text, terminal boolean, added integer, "delayMs" integer, "queueTimeoutMs" bigint,
    deaths integer, quarantined boolean, "errorKind" text, "errorMessage" text, "exitCode" integer, signal text,
    reason text, "openSteps" text, details text, actor text)
`;

/**
 * Says of attempts that their executions are there; answers with the state of each run, and leaves
 * out those whose lease is over. A run that is to be paused and can be frozen is `pausing` at once.
 *
 * Rows of runs are locked in the order of their ids. One that somebody else has locked is left out,
 * so that it holds up no other; only who is patient waits for it.
 */
const START_ATTEMPTS = `
  create function millrace_start_attempts(requests jsonb, patient boolean) returns jsonb language plpgsql
    set plan_cache_mode = force_generic_plan set enable_seqscan = off
    set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    asked millrace_starting[];
    held uuid[];
    started uuid[];
    answers jsonb;
  begin
    perform set_config('millrace.quiet', 'on', true);
    asked := array(select a from jsonb_populate_recordset(null::millrace_starting, requests) a);
    if patient then
      perform from runs where id in (select a."runId" from unnest(asked) a) order by id for no key update;
    end if;
    with locked as materialized (
      select r.id from unnest(asked) a join runs r on r.id = a."runId"
       where r.lease_token = a.token and r.attempt = a.attempt
       order by r.id for no key update of r skip locked)
    select array(select id from locked) into held;
    if cardinality(held) = 0 then
      return '{}';
    end if;

    update run_attempts t set state = 'running', handle = a.handle, started_at = coalesce(started_at, clock_timestamp())
      from unnest(asked) a where a."runId" = any(held) and t.run_id = a."runId" and t.attempt = a.attempt;
    with begun as (
      insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
      select id, event_seq + 1, 'transition', 'started', 'starting', 'running', attempt, 'worker:' || lease_owner
        from runs where id = any(held) and state || '' = 'starting'
      returning run_id)
    select array(select run_id from begun) into started;
    update runs set started_at = coalesce(started_at, clock_timestamp()),
      state = case when id = any(started) then 'running' else state end,
      event_seq = event_seq + (id = any(started))::integer
     where id = any(held);

    with frozen as (
      update runs r set state = 'pausing', event_seq = r.event_seq + 1 from unnest(asked) a
       where a."canFreeze" and r.id = a."runId" and r.id = any(started) and r.pause_requested_at is not null
      returning r.id, r.event_seq, r.attempt, r.pause_requested_by, r.pause_reason)
    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason)
    select id, event_seq, 'transition', 'pause-requested', 'running', 'pausing', attempt, pause_requested_by, pause_reason
      from frozen;
    select jsonb_object_agg(id, state) into answers from runs where id = any(held);
    return answers;
  end $$;
`;

/**
 * Ends attempts as their requests say: the run, its attempt, its open steps and its event, all of
 * it only if the run is still as whoever decided that has seen it. Answers with the runs whose
 * attempt it ended, each true. A run whose end was recovered passes `via`, from where its true end
 * is legal.
 *
 * Rows of runs are locked in the order of their ids and then limits in the order of their keys. A
 * run that somebody else has locked is left out, so that it holds up no other; only who is patient
 * waits for it.
 */
const END_ATTEMPTS = `
  create function millrace_end_attempts(requests jsonb, patient boolean) returns jsonb language plpgsql
    set plan_cache_mode = force_generic_plan set enable_seqscan = off
    set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    asked millrace_ending[];
    endings millrace_ending[];
    answers jsonb;
  begin
    perform set_config('millrace.quiet', 'on', true);
    asked := array(select a from jsonb_populate_recordset(null::millrace_ending, requests) a);
    if patient then
      perform from runs where id in (select a."runId" from unnest(asked) a) order by id for no key update;
    end if;
    with locked as materialized (
      select a from unnest(asked) a join runs r on r.id = a."runId"
       where r.attempt = a.attempt and r.state || '' = a."from" and r.lease_token is not distinct from a.token
       order by r.id for no key update of r skip locked)
    select array(select a from locked) into endings;
    if cardinality(endings) = 0 then
      return '{}';
    end if;
    perform from queue_limits where key in (
        select unnest(array['*', r.pipeline_id, r.pipeline_id || '#' || r.concurrency_key])
          from unnest(endings) e join runs r on r.id = e."runId")
      order by key for update;

    with passing as (
      update runs r set state = e.via, started_at = coalesce(r.started_at, clock_timestamp()), event_seq = r.event_seq + 1
        from unnest(endings) e where r.id = e."runId" and e.via is not null
      returning r.id, r.event_seq, e."viaName", e."from", e.via, r.attempt, coalesce(e.actor, 'worker:' || r.lease_owner) as actor)
    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor)
    select id, event_seq, 'transition', "viaName", "from", via, attempt, actor from passing;

    insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason, details)
    select r.id, r.event_seq + 1, 'transition', e.name, r.state, e."runState", r.attempt,
      coalesce(e.actor, 'worker:' || r.lease_owner), e.reason, e.details
      from unnest(endings) e join runs r on r.id = e."runId";
    update runs r set state = e."runState", event_seq = r.event_seq + 1,
      finished_at = case when e.terminal then clock_timestamp() end,
      lease_token = null, lease_owner = null, lease_expires_at = null, heartbeat_at = null,
      max_attempts = r.max_attempts + e.added,
      run_at = coalesce(clock_timestamp() + e."delayMs" * interval '1 millisecond', r.run_at),
      queue_deadline = case when not e.terminal then clock_timestamp()
        + (coalesce(e."delayMs", 0) + e."queueTimeoutMs") * interval '1 millisecond' end,
      paused_ms = r.paused_ms + coalesce(round(extract(epoch from clock_timestamp() - r.paused_at) * 1000)::bigint, 0),
      paused_at = null,
      pause_requested_at = case when not e.terminal then r.pause_requested_at end,
      pause_requested_by = case when not e.terminal then r.pause_requested_by end,
      pause_reason = case when not e.terminal then r.pause_reason end,
      worker_deaths = r.worker_deaths + e.deaths,
      quarantined_at = case when e.quarantined then clock_timestamp() end,
      current_step = null,
      progress = case when e.terminal then r.progress end,
      progress_message = case when e.terminal then r.progress_message end,
      summary = case when e.terminal then r.summary end,
      error_kind = e."errorKind", error_message = e."errorMessage",
      error_step = case when e."errorKind" is not null then (
        select s.name from run_steps s
         where s.run_id = r.id and s.attempt = r.attempt and s.state in ('failed', 'running')
         order by s.state = 'failed' desc, s.position limit 1) end,
      exit_code = case when e.terminal then e."exitCode" end,
      exit_signal = case when e.terminal then e.signal end
      from unnest(endings) e where r.id = e."runId";
    update run_attempts t set state = e."attemptState", reason = e.reason, lease_token = null,
      finished_at = clock_timestamp(), exit_code = e."exitCode", exit_signal = e.signal
      from unnest(endings) e where t.run_id = e."runId" and t.attempt = e.attempt;
    update run_steps s set state = case when s.state = 'pending' then 'skipped' else e."openSteps" end,
      finished_at = clock_timestamp()
      from unnest(endings) e
     where s.run_id = e."runId" and s.attempt = e.attempt and s.state in ('pending', 'running');
    select jsonb_object_agg(e."runId", true) into answers from unnest(endings) e;
    return answers;
  end $$;
`;

/** What was there before is called by workers of the version before. */
const SINGLE = `
  create or replace function millrace_start_attempt(request jsonb) returns text language sql as $$
    select millrace_start_attempts(jsonb_build_array(request), true)->>(request->>'runId')
  $$;
  create or replace function millrace_end_attempt(request jsonb) returns boolean language sql as $$
    select millrace_end_attempts(jsonb_build_array(request), true)->(request->>'runId') is not null
  $$;
`;

/** In the order in which they are made. */
exports.ATTEMPT_BATCHES = [
  STARTING_TYPE,
  ENDING_TYPE,
  START_ATTEMPTS,
  END_ATTEMPTS,
  SINGLE,
];
