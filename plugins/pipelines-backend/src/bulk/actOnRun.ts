import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type { TransactionOptions } from '../database';
import type { RunQueue } from '../queue';
import type { Actor, RunsService } from '../runs';
import type { BulkOutcome, BulkParameters } from './types';

/** A bulk action with what it asks for, and in whose name. */
export interface StoredBulk {
  id: string;
  submittedBy: Actor;
  parameters: BulkParameters;
}

/** Who does the work of a bulk action. */
export interface BulkActors {
  runs: Pick<RunsService, 'retryRun' | 'updateRun'>;
  queue: Pick<RunQueue, 'requestCancel' | 'requestPause' | 'requestResume'>;
}

/**
 * Does to one run what a bulk action asks for, in the name of its submitter.
 *
 * @returns what came of it: `skipped` when the run has moved on since, `failed` when it cannot
 * be done to this run
 * @throws whatever says nothing about the run, such as a database that is out of order
 */
export async function actOnRun(
  actors: BulkActors,
  bulk: StoredBulk,
  runId: string,
  transaction: TransactionOptions,
): Promise<BulkOutcome> {
  try {
    return {
      state: 'done',
      newRunId: await act(actors, bulk, runId, transaction),
    };
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError) {
      return { state: 'skipped', message: error.message };
    }
    if (error instanceof InputError || error instanceof NotAllowedError) {
      return { state: 'failed', message: error.message };
    }
    throw error;
  }
}

/** @returns the new run, where the action makes one */
async function act(
  { runs, queue }: BulkActors,
  bulk: StoredBulk,
  runId: string,
  transaction: TransactionOptions,
): Promise<string | undefined> {
  const { action, reason, force, fromFailedStep, priority, labels } =
    bulk.parameters;
  const asked = { runId, reason, bulkId: bulk.id };
  const by = bulk.submittedBy;
  switch (action) {
    case 'cancel':
      await queue.requestCancel({ ...asked, by, force }, transaction);
      return undefined;
    case 'pause':
      await queue.requestPause({ ...asked, by }, transaction);
      return undefined;
    case 'resume':
      await queue.requestResume({ ...asked, by }, transaction);
      return undefined;
    case 'retry': {
      const retried = await runs.retryRun(
        {
          ...asked,
          actor: by,
          request: { fromFailedStep },
        },
        transaction,
      );
      return retried.id;
    }
    default:
      await runs.updateRun(
        { ...asked, actor: by, request: { priority, addLabels: labels } },
        transaction,
      );
      return undefined;
  }
}
