-- The shapes that an ingestion dashboard reads.
create view public.meeting_summary_view as
select
  m.id,
  m.source_id,
  s.name as source_name,
  w.name as workgroup,
  m.date as meeting_date,
  m.updated_at as ingested_at,
  concat_ws(
    ', ',
    coalesce(w.name, w.id::text),
    m.date::text,
    m.type,
    case when m.town_hall_number is not null then 'no. ' || m.town_hall_number end,
    case when m.canceled then 'cancelled' end
  ) as title,
  m.normalized_fields,
  m.warnings_count as validation_warnings_count,
  m.missing_fields,
  jsonb_build_object(
    'source_url', m.source_url,
    'downloader_id', r.downloader_id,
    'ingestion_run_id', m.ingestion_run_id,
    'first_ingested_at', m.created_at,
    'last_seen_at', m.last_seen_at,
    'last_seen_run_id', m.last_seen_run_id,
    'times_upserted', m.times_upserted,
    'raw_sha256', m.raw_sha256,
    'normalizer_version', m.normalizer_version,
    'record_index', m.record_index,
    'byte_offset', m.byte_offset
  ) as provenance
from public.meetings m
join public.workgroups w on w.id = m.workgroup_id
join public.source s on s.id = m.source_id
join public.ingestion_runs r on r.id = m.ingestion_run_id;

create view public.ingestion_run_view as
select
  id,
  started_at,
  processed_at as finished_at,
  status,
  records_processed,
  records_failed,
  duplicates_avoided,
  source_id,
  failure_reason,
  millrace_run_id
from public.ingestion_runs;

create view public.error_log_view as
select
  id,
  occurred_at as "timestamp",
  source_url,
  error_type,
  message,
  ingestion_run_id,
  'ingestion_errors/' || id as raw_payload_ref
from public.ingestion_errors;
