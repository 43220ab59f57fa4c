import type { Knex } from 'knex';
import type { RunRow } from '../../runs';
import { timeOf } from '../reportedFacts';
import type { StepsReport } from '../types';

type Step = StepsReport['request']['steps'][number];

/**
 * Writes the steps of a reported run in their order, in place of those that were there.
 *
 * @remarks
 * The caller has locked the run. Times that the report leaves out stay as they were, or are now.
 */
export async function replaceSteps(
  trx: Knex.Transaction,
  run: RunRow,
  steps: readonly Step[],
): Promise<void> {
  const place = { run_id: run.id, attempt: 1 };
  const known: StepTimes[] = await trx('run_steps')
    .where(place)
    .delete(['name', 'started_at', 'finished_at']);
  const before = new Map(known.map(step => [step.name, step]));
  if (steps.length > 0) {
    await trx('run_steps').insert(
      steps.map((step, position) => ({
        ...place,
        position,
        name: step.name,
        state: step.state,
        message: step.message ?? null,
        ...timesOf(trx, step, before.get(step.name)),
      })),
    );
  }
  await trx('runs')
    .where({ id: run.id })
    .update({
      current_step:
        run.finished_at === null
          ? steps.find(({ state }) => state === 'running')?.name ?? null
          : null,
      last_report_at: trx.raw('clock_timestamp()'),
    });
}

interface StepTimes {
  name: string;
  started_at: Date | null;
  finished_at: Date | null;
}

function timesOf(trx: Knex, step: Step, before: StepTimes | undefined) {
  const now = trx.raw('clock_timestamp()');
  const hasStarted = !['pending', 'skipped'].includes(step.state);
  const isOver = !['pending', 'running'].includes(step.state);
  return {
    started_at:
      timeOf('startedAt', step.startedAt) ??
      (hasStarted ? before?.started_at ?? now : null),
    finished_at: isOver
      ? timeOf('finishedAt', step.finishedAt) ?? before?.finished_at ?? now
      : null,
  };
}
