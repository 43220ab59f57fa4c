import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { callFunction } from '../callFunction';
import { LEASE_TTL_MS, type ClaimedRun, type HostIdentity } from '../types';

/** How often a claim is made again that found nothing, because others were just at it. */
const MAX_TRIES = 6;
/** Longest wait before the second try, in ms; it grows with each. */
const RETRY_WAIT_MS = 8;

/** What the function `millrace_claim_runs` answers. */
interface ClaimAnswer {
  runs: {
    runId: string;
    pipelineId: string;
    attempt: number;
    token: string;
    parameters: JsonObject;
    resumeFrom: string | null;
    retryOf: string | null;
  }[];
  /** Whether something was left out that somebody else had locked. */
  busy: boolean;
}

/**
 * Leases queued runs to a worker, in the order of priority and then of time, and begins an
 * attempt of each.
 */
export async function claimRuns(options: {
  knex: Knex;
  worker: HostIdentity & { id: string };
  pipelineIds: readonly string[];
  /** Pipelines that a pause of the whole queue does not hold up. */
  unpausable: readonly string[];
  limit: number;
}): Promise<ClaimedRun[]> {
  const { knex, worker, pipelineIds, unpausable, limit } = options;
  for (let attempt = 1; ; attempt++) {
    const { runs, busy } = await callFunction<ClaimAnswer>(
      knex,
      'millrace_claim_runs',
      {
        workerId: worker.id,
        host: worker.host,
        bootId: worker.bootId,
        pipelineIds: [...pipelineIds],
        unpausable: [...unpausable],
        limit,
        ttlMs: LEASE_TTL_MS,
      },
    );
    if (runs.length > 0 || !busy || attempt === MAX_TRIES) {
      return runs.map(presentClaimed);
    }
    await sleep(Math.random() * RETRY_WAIT_MS * attempt);
  }
}

function presentClaimed(run: ClaimAnswer['runs'][number]): ClaimedRun {
  return {
    lease: {
      runId: run.runId,
      pipelineId: run.pipelineId,
      attempt: run.attempt,
      token: run.token,
    },
    parameters: run.parameters,
    ...resumeOf({ resume_from: run.resumeFrom, retry_of: run.retryOf }),
  };
}

/** The step that a retry begins at, as a claimed run carries it. */
export function resumeOf(run: {
  resume_from: string | null;
  retry_of: string | null;
}): Pick<ClaimedRun, 'resume'> {
  return run.resume_from !== null && run.retry_of !== null
    ? { resume: { step: run.resume_from, runId: run.retry_of } }
    : {};
}
