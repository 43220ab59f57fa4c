import type {
  RunState,
  StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, type RunRow } from '../../runs';
import { attemptStateOf, type ReportedFacts } from '../reportedFacts';

/** What a later report changes of a run. */
export interface ReportedChange {
  facts: ReportedFacts;
  title?: string;
  parameters?: Record<string, unknown>;
  labels?: Record<string, string>;
  host?: string;
  caller: string;
}

/**
 * Writes what a later report says, with an event when the state is another one.
 *
 * @remarks
 * The caller has locked the run. When the run was over the event is a correction, because a run
 * ends only once.
 */
export async function changeReportedRun(
  trx: Knex.Transaction,
  run: RunRow,
  change: ReportedChange,
): Promise<void> {
  const { facts } = change;
  const isOver = facts.finished_at !== null;
  await trx('runs')
    .where({ id: run.id })
    .update({
      ...facts,
      run_at: facts.queued_at,
      ...(change.title !== undefined && { title: change.title }),
      ...(change.parameters && {
        parameters: JSON.stringify(change.parameters),
      }),
      ...(change.labels && { labels: JSON.stringify(change.labels) }),
      ...(isOver && { current_step: null }),
      last_report_at: trx.raw('clock_timestamp()'),
    });
  await trx('run_attempts')
    .where({ run_id: run.id, attempt: 1 })
    .update({
      state: attemptStateOf(facts.state),
      reason: facts.error_message,
      started_at: facts.started_at,
      finished_at: facts.finished_at,
      exit_code: facts.exit_code,
      exit_signal: facts.exit_signal,
      ...(change.host !== undefined && { host: change.host }),
    });
  if (isOver && run.finished_at === null) {
    await closeSteps(trx, run.id, facts);
  }
  await recordChange(trx, run, change);
}

async function recordChange(
  trx: Knex.Transaction,
  run: RunRow,
  { facts, caller }: ReportedChange,
): Promise<void> {
  if (run.state === facts.state && run.foreign_state === facts.foreign_state) {
    return;
  }
  const wasOver = run.finished_at !== null;
  await appendEvent(trx, {
    runId: run.id,
    kind: wasOver ? 'action' : 'transition',
    name: wasOver ? 'corrected' : 'reported',
    from: run.state,
    to: facts.state,
    attempt: 1,
    actor: `reporter:${run.reporter}`,
    reason: facts.foreign_state ?? facts.error_message ?? undefined,
    details: { caller },
  });
}

/** A step that nobody has reported the end of ends with its run. */
async function closeSteps(
  trx: Knex.Transaction,
  runId: string,
  { state, finished_at }: ReportedFacts,
): Promise<void> {
  await trx.raw(
    `update run_steps set state = case when state = 'pending' then 'skipped' else :open end,
       finished_at = greatest(started_at, :finishedAt::timestamptz)
      where run_id = :runId and attempt = 1 and state in ('pending', 'running')`,
    { runId, open: openStepsBecome(state), finishedAt: finished_at },
  );
}

function openStepsBecome(state: RunState): StepState {
  switch (state) {
    case 'succeeded':
      return 'succeeded';
    case 'cancelled':
    case 'unknown':
      return 'cancelled';
    default:
      return 'failed';
  }
}
