import type { RunTrigger } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { cleanText, type Actor } from '../../runs';

/** Refused starts that are kept of each pipeline. */
export const MAX_REFUSED_STARTS = 20;

const MAX_MESSAGE_LENGTH = 2_000;

/** A start that would not have made a good run. */
export interface RefusedStart {
  pipelineId: string;
  trigger: RunTrigger;
  /** What asked for it. */
  source: Actor;
  message: string;
}

/** Records a refused start, and forgets the oldest of its pipeline. */
export async function recordRefusedStart(
  knex: Knex,
  refused: RefusedStart,
): Promise<void> {
  const { pipelineId, trigger, source, message } = refused;
  await knex.raw(
    `with recorded as (
       insert into refused_starts (pipeline_id, trigger, source, message)
       values (:pipelineId, :trigger, :source, :message))
     delete from refused_starts where id in (
       select id from refused_starts where pipeline_id = :pipelineId
        order by id desc offset :kept)`,
    {
      pipelineId,
      trigger,
      source,
      message: cleanText(message, MAX_MESSAGE_LENGTH),
      // The one that is being written is not among those that the statement sees.
      kept: MAX_REFUSED_STARTS - 1,
    },
  );
}
