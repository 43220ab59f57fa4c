import type { LearntTemplates } from '@millrace/backstage-plugin-pipelines-common';
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import { LineTemplates } from './LineTemplates';

/** Most templates of one pipeline. */
export const MAX_TEMPLATES = 5_000;
/** Notes of successful runs that are looked at together. */
export const NOTES = 500;
/** Rows that are written in one statement. */
const ROWS = 500;

/** A successful run that may be learnt from. */
export interface RunToLearn {
  runId: string;
  pipelineId: string;
}

interface ModelRow {
  runs: number;
  sampled_runs: number;
  is_full: boolean;
  learnt_at: Date | null;
}

/** The templates of pipelines in the plugin's database. */
export class DatabaseTemplatesStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * The newest noted run of each pipeline, and of those that know enough only when the last one
   * is long ago; the notes of all others that were looked at are thrown away.
   *
   * @returns also how many notes were thrown away
   */
  async takeNotes(options: {
    /** From so many runs on a pipeline knows enough. */
    enoughRuns: number;
    /** Then one more run is learnt from after this time. */
    everySeconds: number;
  }): Promise<{ dropped: number; runs: RunToLearn[] }> {
    const { rows } = await this.#knex.raw<{
      rows: Array<{ run_id: string; pipeline_id: string; is_due: boolean }>;
    }>(
      `select q.run_id, r.pipeline_id,
          (coalesce(m.runs, 0) < :enoughRuns or (
            m.learnt_at < now() - make_interval(secs => :everySeconds)
            and row_number() over (partition by r.pipeline_id order by q.run_id desc) = 1)) as is_due
         from (select run_id from runs_to_learn order by run_id desc limit ${NOTES}) as q
         join runs r on r.id = q.run_id
         left join line_template_models m on m.pipeline_id = r.pipeline_id
        order by q.run_id desc`,
      { ...options },
    );
    const dropped = await this.#knex('runs_to_learn')
      .whereIn(
        'run_id',
        rows.filter(row => !row.is_due).map(row => row.run_id),
      )
      .delete();
    const due = rows.filter(row => row.is_due);
    const byPipeline = new Map<string, RunToLearn>();
    for (const { run_id, pipeline_id } of due) {
      if (!byPipeline.has(pipeline_id)) {
        byPipeline.set(pipeline_id, {
          runId: run_id,
          pipelineId: pipeline_id,
        });
      }
    }
    return { dropped, runs: [...byPipeline.values()] };
  }

  /**
   * Adds what one run has taught, and takes its note away; nothing when somebody else was faster.
   *
   * @param taught - undefined when the run has no log
   */
  async learn(
    run: RunToLearn,
    taught: { templates: LineTemplates; sampled: boolean } | undefined,
  ): Promise<void> {
    await inTransaction(this.#knex, {}, async trx => {
      const deleted = await trx('runs_to_learn')
        .where({ run_id: run.runId })
        .delete();
      if (deleted > 0 && taught) {
        await addTemplates(trx, run.pipelineId, taught);
      }
    });
  }

  /** From what a pipeline's templates were learnt. */
  async readModel(pipelineId: string): Promise<LearntTemplates> {
    const { rows } = await this.#knex.raw<{
      rows: Array<ModelRow & { templates: number }>;
    }>(
      `select m.runs, m.sampled_runs, m.is_full, m.learnt_at,
          (select count(*)::int from line_templates t where t.pipeline_id = m.pipeline_id) as templates
         from line_template_models m where m.pipeline_id = ?`,
      [pipelineId],
    );
    const row = rows[0];
    return {
      runs: row?.runs ?? 0,
      sampledRuns: row?.sampled_runs ?? 0,
      templates: row?.templates ?? 0,
      full: row?.is_full ?? false,
      ...(row?.learnt_at && { learntAt: row.learnt_at.toISOString() }),
    };
  }

  /** The templates of a pipeline. */
  readTemplates(pipelineId: string): Promise<LineTemplates> {
    return readTemplates(this.#knex, pipelineId);
  }
}

async function readTemplates(
  knex: Knex,
  pipelineId: string,
): Promise<LineTemplates> {
  const templates = new LineTemplates({ maxTemplates: MAX_TEMPLATES });
  const rows: Array<{ template: string }> = await knex('line_templates')
    .where({ pipeline_id: pipelineId })
    .select('template')
    .limit(MAX_TEMPLATES);
  rows.forEach(({ template }) => templates.learnTemplate(template));
  return templates;
}

async function addTemplates(
  trx: Knex.Transaction,
  pipelineId: string,
  taught: { templates: LineTemplates; sampled: boolean },
): Promise<void> {
  // The row is the lock: whoever learns of the same pipeline waits here.
  await trx.raw(
    `insert into line_template_models as m (pipeline_id, runs, sampled_runs, learnt_at)
     values (:pipelineId, 1, :sampled, clock_timestamp())
     on conflict (pipeline_id) do update set
       runs = m.runs + 1, sampled_runs = m.sampled_runs + :sampled, learnt_at = clock_timestamp()`,
    { pipelineId, sampled: taught.sampled ? 1 : 0 },
  );
  const templates = await readTemplates(trx, pipelineId);
  const before = rowsOf(templates);
  taught.templates
    .entries()
    .forEach(({ template }) => templates.learnTemplate(template));
  const after = rowsOf(templates);
  const gone = [...before.keys()].filter(hash => !after.has(hash));
  const changed = [...after].filter(
    ([hash, template]) => before.get(hash) !== template,
  );
  await trx('line_templates')
    .where({ pipeline_id: pipelineId })
    .whereIn('kind_hash', gone)
    .delete();
  for (let start = 0; start < changed.length; start += ROWS) {
    await trx('line_templates')
      .insert(
        changed.slice(start, start + ROWS).map(([kind_hash, template]) => ({
          pipeline_id: pipelineId,
          kind_hash,
          template,
        })),
      )
      .onConflict(['pipeline_id', 'kind_hash'])
      .merge();
  }
  if (templates.isFull || taught.templates.isFull) {
    await trx('line_template_models')
      .where({ pipeline_id: pipelineId })
      .update({ is_full: true });
  }
}

function rowsOf(templates: LineTemplates): Map<string, string> {
  return new Map(
    templates
      .entries()
      .map(({ kind, template }) => [
        createHash('sha256').update(kind).digest('hex').slice(0, 32),
        template,
      ]),
  );
}
