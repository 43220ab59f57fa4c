import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryTransaction } from '../../database';
import { SET_BOUNDS } from '../boundedTransaction';
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

/** What a worker wants to claim. */
export interface ClaimOptions {
  worker: HostIdentity & { id: string };
  pipelineIds: readonly string[];
  /** Pipelines that a pause of the whole queue does not hold up. */
  unpausable: readonly string[];
  limit: number;
}

/**
 * Leases queued runs to a worker, in the order of priority and then of time, and begins an
 * attempt of each.
 */
export async function claimRuns(
  options: ClaimOptions & { knex: Knex },
): Promise<ClaimedRun[]> {
  const { knex, ...request } = options;
  for (let attempt = 1; ; attempt++) {
    const { runs, busy } = await retryTransaction(() => ask(knex, request));
    if (runs.length > 0 || !busy || attempt === MAX_TRIES) {
      return runs.map(presentClaimed);
    }
    await sleep(Math.random() * RETRY_WAIT_MS * attempt);
  }
}

/**
 * One message, so one transaction that no client can leave half done; in Base64, because such a
 * message takes no bindings.
 */
async function ask(knex: Knex, options: ClaimOptions): Promise<ClaimAnswer> {
  const { worker, pipelineIds, unpausable, limit } = options;
  const request = Buffer.from(
    JSON.stringify({
      workerId: worker.id,
      host: worker.host,
      bootId: worker.bootId,
      pipelineIds,
      unpausable,
      limit,
      ttlMs: LEASE_TTL_MS,
    }),
  ).toString('base64');
  const results = await knex.raw<{ rows: { answer: ClaimAnswer }[] }[]>(
    `${SET_BOUNDS}; select millrace_claim_runs(
       convert_from(decode('${request}', 'base64'), 'UTF8')::jsonb) as answer`,
  );
  return results.at(-1)!.rows[0].answer;
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
