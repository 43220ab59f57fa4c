/** Tables of the session from which every batch is drawn. */
export const MAKE_SOURCES = `
  create temporary table seed_pipelines (
    no int primary key, pipeline_id text, version text, title text, parameters text,
    typical_seconds float8, success_rate float8);
  create temporary table seed_errors (
    no int primary key, state text, kind text, message text, step text, fingerprint text,
    template text, step_template text);
  create temporary table seed_incidents (
    pipeline_id text, from_at timestamptz, to_at timestamptz, error_no int);`;

/** Parameters: pipelines and errors as JSON. */
export const FILL_PIPELINES = `
  insert into seed_pipelines
  select no - 1, p.id, p.version, coalesce(spec ->> 'title', p.title), coalesce(spec ->> 'parameters', '{}'),
         (spec ->> 'typicalSeconds')::float8, (spec ->> 'successRate')::float8
    from jsonb_array_elements($1::jsonb) with ordinality as given (spec, no)
    join pipelines p on p.id = spec ->> 'id'`;

/** {@link FILL_PIPELINES} */
export const FILL_ERRORS = `
  insert into seed_errors
  select no - 1, spec ->> 'state', spec ->> 'kind', spec ->> 'message', spec ->> 'step', spec ->> 'fingerprint',
         spec ->> 'template', spec ->> 'stepTemplate'
    from jsonb_array_elements($1::jsonb) with ordinality as given (spec, no)`;

/**
 * Times in which most runs of a pipeline end with one error: about every ten days, for two to
 * twenty hours. Parameters: days, number of errors.
 */
export const FILL_INCIDENTS = `
  insert into seed_incidents
  select pipeline_id, from_at, from_at + (2 + random() * 18) * interval '1 hour', floor(random() * $2::int)::int
    from seed_pipelines
    cross join lateral (
      select now() - random() * $1::float8 * interval '1 day' as from_at
        from generate_series(1, greatest(1, ceil($1::float8 / 10)::int)) where no >= 0) as begun`;

/**
 * Draws a batch, oldest first: when, of which pipeline, how long, how ended. Parameters: number of
 * runs, days before now from which and to which they lie, thresholds of the pipelines (the n-th
 * is the share of runs of the first n), number of errors, submitters.
 *
 * @remarks
 * Chance is drawn once per row in an inner query. Durations are log-normal, as real ones; of the
 * errors each occurs half as often as the one before, and which is the first depends on the pipeline.
 */
export const DRAW_RUNS = `
  create temporary table drawn on commit drop as
  with chance as materialized (
    select now() - ($3::float8 + random() * ($2::float8 - $3::float8)) * interval '1 day' - interval '1 hour' as queued_at,
           width_bucket(random(), $4::float8[]) as pipeline_no,
           random() as outcome, random() as origin, random() as who, random() as luck, random() as customer,
           floor(-ln(1 - random()) / ln(2))::int as error_rank,
           exp(0.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) as stretch,
           random() * interval '2 seconds' as wait,
           1 + floor(random() * 99999)::int as n,
           gen_random_uuid()::text as noise
      from generate_series(1, $1::int)),
  planned as (
    select c.*, p.*, i.error_no as incident,
           typical_seconds * stretch * interval '1 second' as duration,
           c.outcome >= case when i.error_no is null then p.success_rate else 0.2 end as is_bad,
           lpad(to_hex(floor(extract(epoch from queued_at) * 1000)::bigint), 12, '0') as time
      from chance c
      join seed_pipelines p on p.no = c.pipeline_no
      left join lateral (
        select error_no from seed_incidents i
         where i.pipeline_id = p.pipeline_id and queued_at >= from_at and queued_at < to_at limit 1) i on true)
  select (substr(time, 1, 8) || '-' || substr(time, 9, 4) || '-7' || substr(noise, 16))::uuid as id,
         pipeline_id, version, replace(title, '{n}', n::text) as title,
         replace(parameters, '{n}', n::text)::jsonb as parameters,
         queued_at, queued_at + wait as claimed_at,
         queued_at + wait + interval '40 milliseconds' as started_at,
         queued_at + wait + interval '40 milliseconds' + duration as finished_at,
         case when not is_bad then 'succeeded' when e.no is null then 'cancelled' else e.state end as state,
         case when origin < 0.6 then 'schedule' when origin < 0.8 then 'manual' when origin < 0.97 then 'api'
              else 'webhook' end as trigger,
         case when origin < 0.6 then 'schedule:' || pipeline_id
              when origin < 0.97 then ($6::text[])[1 + floor(who * cardinality($6::text[]))::int]
              else 'webhook:' || pipeline_id end as submitted_by,
         jsonb_build_object('environment', case when luck < 0.8 then 'production' else 'staging' end,
           'customer', 'c' || floor(customer * customer * 500)::int) as labels,
         e.kind as error_kind, replace(e.message, '{n}', n::text) as error_message, e.step as error_step, e.fingerprint
    from planned
    left join seed_errors e on is_bad and (incident is not null or luck < 0.93)
      and e.no = coalesce(incident, (pipeline_no + error_rank) % $5::int)
   order by id`;

/** The drawn runs; parameter: labels that all of them have. */
export const INSERT_RUNS = `
  insert into runs (id, pipeline_id, trigger, state, state_changed_at, title, parameters, labels,
    pipeline_version, submitted_by, queued_at, run_at, started_at, finished_at, attempt,
    cancel_requested_at, cancel_requested_by, error_kind, error_message, error_step, exit_code, event_seq,
    fingerprint)
  select id, pipeline_id, trigger, state, finished_at, title, parameters, labels || $1::jsonb,
    version, submitted_by, queued_at, queued_at, started_at, finished_at, 1,
    case when state = 'cancelled' then greatest(started_at, finished_at - interval '1 second') end,
    case when state = 'cancelled' then submitted_by end,
    error_kind, error_message, error_step, case state when 'succeeded' then 0 when 'failed' then 1 end,
    case when state = 'cancelled' then 5 else 4 end, fingerprint
  from drawn order by id`;

/** What the triggers would have written for the statistics. */
export const INSERT_DELTAS = `
  insert into stats_deltas (ended_at, pipeline_id, state, trigger, duration_ms, wait_ms)
  select finished_at, pipeline_id, state, trigger,
    (extract(epoch from finished_at - started_at) * 1000)::bigint,
    (extract(epoch from started_at - queued_at) * 1000)::bigint
  from drawn order by id`;

/** The failures that there are. */
export const INSERT_FAILURES = `
  insert into failure_groups (fingerprint, kind, step, template)
  select fingerprint, kind, step_template, template from seed_errors order by 1
  on conflict do nothing`;

/** Where the failures of the batch occurred. */
export const COUNT_FAILURES = `
  insert into failure_pipelines as known (fingerprint, pipeline_id, first_seen, last_seen, runs, last_run_id)
  select fingerprint, pipeline_id, min(finished_at), max(finished_at), count(*),
    (array_agg(id order by finished_at desc, id desc))[1]
    from drawn where fingerprint is not null group by 1, 2 order by 1, 2
  on conflict (fingerprint, pipeline_id) do update set
    first_seen = least(known.first_seen, excluded.first_seen),
    last_seen = greatest(known.last_seen, excluded.last_seen),
    runs = known.runs + excluded.runs,
    last_run_id = case when excluded.last_seen >= known.last_seen then excluded.last_run_id else known.last_run_id end`;

/** When they occurred; parameter: how many days such counts are kept. */
export const COUNT_FAILURE_HOURS = `
  insert into failure_counts as known (fingerprint, pipeline_id, hour, runs)
  select fingerprint, pipeline_id, date_trunc('hour', finished_at, 'UTC'), count(*)
    from drawn where fingerprint is not null and finished_at > now() - $1 * interval '1 day'
   group by 1, 2, 3 order by 1, 2, 3
  on conflict (fingerprint, pipeline_id, hour) do update set runs = known.runs + excluded.runs`;
