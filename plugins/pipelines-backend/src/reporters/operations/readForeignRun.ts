import type { Knex } from 'knex';
import type { ForeignRunId } from '../types';

/** A row of `foreign_runs` with what others need of its run. */
export interface ForeignRunRow {
  run_id: string;
  pipeline_id: string;
  attached: boolean;
  word: string;
  /** A bigint, so text. */
  sequence: string | null;
  /** A bigint, so text. */
  steps_sequence: string | null;
  /** Of the only attempt of a reported run; null when it is attached. */
  lease_token: string | null;
}

/** Undefined when the reporter has not reported it. */
export async function readForeignRun(
  knex: Knex,
  { reporter, externalId }: ForeignRunId,
): Promise<ForeignRunRow | undefined> {
  const { rows } = await knex.raw<{ rows: ForeignRunRow[] }>(
    `select f.run_id, r.pipeline_id, f.attached, f.word, f.sequence, f.steps_sequence, a.lease_token
       from foreign_runs f join runs r on r.id = f.run_id
       left join run_attempts a on a.run_id = f.run_id and a.attempt = 1 and not f.attached
      where f.origin = 'reported' and f.sender = :reporter and f.external_id = :externalId`,
    { reporter, externalId },
  );
  return rows[0];
}
