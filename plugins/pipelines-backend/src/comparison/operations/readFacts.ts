import type { Knex } from 'knex';

/** What of a run is compared with other runs. */
export interface RunFactsRow {
  id: string;
  pipeline_id: string;
  title: string;
  finished_at: Date | null;
  trigger: string;
  submitted_by: string;
  parameters: Record<string, unknown>;
  pipeline_version: string | null;
  settings_revision: number;
  resume_from: string | null;
  attempt: number;
  /** The label that names the run whose success started it; people may have written it too. */
  caused_by: string | null;
  /** Of the latest attempt, as the following ones. */
  host: string | null;
  metrics: Record<string, { value: number }> | null;
  /** How long it was executed, in ms; null unless it has ended. */
  duration_ms: number | null;
}

/** A step that began, with how long it took in ms; null unless it has ended. */
export interface StepFactsRow {
  run_id: string;
  name: string;
  state: string;
  duration_ms: number | null;
}

/** What of the run that started another one is compared. */
export interface UpstreamRow {
  id: string;
  pipeline_id: string;
  pipeline_version: string | null;
  settings_revision: number;
}

const FACTS = `r.id, r.pipeline_id, r.title, r.finished_at, r.trigger, r.submitted_by, r.parameters,
  r.pipeline_version, r.settings_revision, r.resume_from, r.attempt,
  r.labels ->> 'caused-by' as caused_by, a.host, a.metrics,
  (extract(epoch from a.finished_at - a.started_at) * 1000)::float as duration_ms`;

const ATTEMPT =
  'left join run_attempts a on a.run_id = r.id and a.attempt = r.attempt';

/** Undefined when there is no such run. */
export async function readFacts(
  knex: Knex,
  runId: string,
): Promise<RunFactsRow | undefined> {
  const { rows } = await knex.raw<{ rows: RunFactsRow[] }>(
    `select ${FACTS} from runs r ${ATTEMPT} where r.id = ?`,
    [runId],
  );
  return rows[0];
}

/** The newest successes of a pipeline that were submitted before a run, newest first. */
export async function listSuccessesBefore(options: {
  knex: Knex;
  pipelineId: string;
  runId: string;
  limit: number;
}): Promise<RunFactsRow[]> {
  const { knex, pipelineId, runId, limit } = options;
  const { rows } = await knex.raw<{ rows: RunFactsRow[] }>(
    `select ${FACTS} from (
       select * from runs where pipeline_id = ? and state = 'succeeded' and id < ?
        order by id desc limit ?) r ${ATTEMPT}
      order by r.id desc`,
    [pipelineId, runId, limit],
  );
  return rows;
}

/** The steps of the latest attempts of these runs that began, in order of position. */
export async function listStepFacts(
  knex: Knex,
  runIds: readonly string[],
): Promise<StepFactsRow[]> {
  const { rows } = await knex.raw<{ rows: StepFactsRow[] }>(
    `select s.run_id, s.name, s.state,
       (extract(epoch from s.finished_at - s.started_at) * 1000)::float as duration_ms
      from runs r join run_steps s on s.run_id = r.id and s.attempt = r.attempt
     where r.id = any(?) and s.started_at is not null order by s.run_id, s.position`,
    [[...runIds]],
  );
  return rows;
}

/** Those of these runs that are still kept. */
export async function listUpstream(
  knex: Knex,
  runIds: readonly string[],
): Promise<UpstreamRow[]> {
  return knex('runs')
    .whereIn('id', [...runIds])
    .select('id', 'pipeline_id', 'pipeline_version', 'settings_revision');
}
