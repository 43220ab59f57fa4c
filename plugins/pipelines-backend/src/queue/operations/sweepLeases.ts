import {
  LEASED_RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineDefinition } from '../../definitions';
import type { RunRow } from '../../runs';
import { decideEnd } from '../decideEnd';
import { LEASE_TTL_MS, SWEEP_DELAY_MS } from '../types';
import { callForOne } from '../AttemptBatches';
import { endAttempt } from './endAttempt';

const SWEEPER = 'system:sweeper';

/**
 * How much longer an expired lease is left to a live worker of its host, which can find out how
 * the attempt really ended. A worker that was started after the end of the lease has this time
 * from its start, however long the host was without one.
 */
const RECOVERY_TIME_MS = 15_000;

/**
 * When a lease is over: also when its heartbeat is too old, and at once when a row that somebody
 * wrote by hand has neither.
 */
const LEASE_END = `coalesce(least(r.lease_expires_at, r.heartbeat_at + :ttlMs * interval '1 millisecond'), '-infinity')`;

/** Ends up to `limit` attempts whose lease is over; returns what has become of their runs. */
export async function sweepLeases(options: {
  trx: Knex.Transaction;
  limit: number;
  /** Undefined for a pipeline that this process does not know. */
  findDefinition: (pipelineId: string) => PipelineDefinition | undefined;
}): Promise<{ runId: string; state: RunState }[]> {
  const { trx, limit, findDefinition } = options;
  const { rows } = await trx.raw<{ rows: RunRow[] }>(
    `select r.* from runs r
       left join run_attempts a on a.run_id = r.id and a.attempt = r.attempt
      where r.state = any(:leased) and r.state <> 'succeeded' and r.origin = 'own'
        and ${LEASE_END} + :delayMs * interval '1 millisecond' < clock_timestamp()
        and not exists (
          select from workers w where w.host = a.host
            and w.heartbeat_at > clock_timestamp() - :ttlMs * interval '1 millisecond'
            and greatest(${LEASE_END}, w.started_at)
              + :patienceMs * interval '1 millisecond' > clock_timestamp())
      order by r.pipeline_id, r.concurrency_key limit :limit for no key update of r skip locked`,
    {
      leased: [...LEASED_RUN_STATES],
      delayMs: SWEEP_DELAY_MS,
      patienceMs: SWEEP_DELAY_MS + RECOVERY_TIME_MS,
      ttlMs: LEASE_TTL_MS,
      limit,
    },
  );
  const ended: { runId: string; state: RunState }[] = [];
  for (const run of rows) {
    const definition = findDefinition(run.pipeline_id);
    const decision = decideEnd(
      {
        state: run.state,
        attempt: run.attempt,
        maxAttempts: run.max_attempts,
        releasedAttempts: 0,
        workerDeaths: run.worker_deaths,
        retry: definition?.retry,
      },
      {
        end: {
          kind: 'lost',
          message: `Nothing was heard of its worker '${run.lease_owner}' any more`,
        },
        cause: 'expiry',
      },
    );
    await endAttempt({
      call: request => callForOne(trx, 'millrace_end_attempts', request),
      run: { ...run, token: run.lease_token },
      decision,
      actor: SWEEPER,
      queueTimeoutMs: definition?.queueTimeoutMs,
    });
    ended.push({ runId: run.id, state: decision.runState });
  }
  return ended;
}
