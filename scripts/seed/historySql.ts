/**
 * Draws the runs of a batch: when, of which pipeline, how long, how ended. Chance
 * is drawn once per row in an inner query; durations are log-normal, as real ones.
 */
export const DRAW_RUNS = `
  create temporary table drawn on commit drop as
  with chance as materialized (
    select now() - random() * $2::float8 * interval '1 day' - interval '1 hour' as queued_at,
           floor(random() * jsonb_array_length($3::jsonb))::int as pipeline_no,
           random() as outcome, random() as origin, random() as who,
           exp(0.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) as stretch,
           random() * interval '2 seconds' as wait,
           gen_random_uuid()::text as noise
      from generate_series(1, $1::int)),
  planned as (
    select c.*, p.id as pipeline_id, p.version, p.owner_ref,
           coalesce(spec ->> 'title', p.title) as title,
           coalesce(spec -> 'parameters', '{}') as parameters,
           (spec ->> 'typicalSeconds')::float8 * stretch * interval '1 second' as duration,
           (outcome - (spec ->> 'successRate')::float8)
             / nullif(1 - (spec ->> 'successRate')::float8, 0) as badness,
           lpad(to_hex(floor(extract(epoch from queued_at) * 1000)::bigint), 12, '0') as time
      from chance c
      cross join lateral (select $3::jsonb -> c.pipeline_no as spec) s
      join pipelines p on p.id = spec ->> 'id')
  select (substr(time, 1, 8) || '-' || substr(time, 9, 4) || '-7' || substr(noise, 16))::uuid as id,
         pipeline_id, version, title, parameters, queued_at,
         queued_at + wait as claimed_at,
         queued_at + wait + interval '40 milliseconds' as started_at,
         queued_at + wait + interval '40 milliseconds' + duration as finished_at,
         case when coalesce(badness, -1) < 0 then 'succeeded' when badness < 0.7 then 'failed'
              when badness < 0.8 then 'timed_out' when badness < 0.95 then 'cancelled'
              else 'lost' end as state,
         case when origin < 0.6 then 'schedule' else 'manual' end as trigger,
         case when origin < 0.6 then 'schedule:' || pipeline_id
              else (array['user:default/ada', 'user:default/noor', 'user:default/mateo'])[1 + floor(who * 3)::int]
         end as submitted_by
    from planned`;

/** The drawn runs; parameter: their labels. */
export const INSERT_RUNS = `
  insert into runs (id, pipeline_id, trigger, state, state_changed_at, title, parameters, labels,
    pipeline_version, submitted_by, queued_at, run_at, started_at, finished_at, attempt,
    cancel_requested_at, cancel_requested_by, error_kind, error_message, exit_code, event_seq)
  select id, pipeline_id, trigger, state, finished_at, title, parameters, $1,
    version, submitted_by, queued_at, queued_at, started_at, finished_at, 1,
    case when state = 'cancelled' then greatest(started_at, finished_at - interval '1 second') end,
    case when state = 'cancelled' then submitted_by end,
    case state when 'failed' then 'exit' when 'timed_out' then 'timeout' when 'lost' then 'lost' end,
    case state when 'failed' then 'It ended with exit code 1'
      when 'timed_out' then 'It took longer than it may'
      when 'lost' then 'It was ended because its worker was gone' end,
    case state when 'succeeded' then 0 when 'failed' then 1 end,
    case when state = 'cancelled' then 5 else 4 end
  from drawn order by id`;

/** One attempt of each drawn run. */
export const INSERT_ATTEMPTS = `
  insert into run_attempts (run_id, attempt, state, worker_id, host, boot_id, claimed_at, started_at,
    finished_at, exit_code)
  select id, 1, state, 'generated', 'generated', 'generated', claimed_at, started_at,
    finished_at, case state when 'succeeded' then 0 when 'failed' then 1 end
  from drawn order by id`;

/** The events of the life of each drawn run, numbered from 1. */
export const INSERT_EVENTS = `
  insert into run_events (run_id, seq, at, kind, name, from_state, to_state, attempt, actor)
  select id, e.seq, e.at, 'transition', e.name, e.from_state, e.to_state,
         case when e.seq > 1 then 1 end, e.actor
    from drawn, lateral (values
      (1, queued_at, 'submitted', null, 'queued', submitted_by),
      (2, claimed_at, 'claimed', 'queued', 'starting', 'worker:generated'),
      (3, started_at, 'started', 'starting', 'running', 'worker:generated'),
      (4, greatest(started_at, finished_at - interval '1 second'), 'cancel-requested', 'running', 'cancelling', submitted_by),
      (case when state = 'cancelled' then 5 else 4 end, finished_at, state,
        case when state = 'cancelled' then 'cancelling' else 'running' end, state, 'worker:generated')
    ) as e(seq, at, name, from_state, to_state, actor)
   where e.name <> 'cancel-requested' or state = 'cancelled'
   order by id, e.seq`;
