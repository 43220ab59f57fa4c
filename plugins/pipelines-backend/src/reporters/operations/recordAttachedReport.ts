import type { Knex } from 'knex';
import { appendEvent } from '../../runs';
import type { RunReport } from '../types';

/** Records on a run of ours what somebody else says about their part of it. */
export async function recordAttachedReport(
  trx: Knex.Transaction,
  options: { runId: string; report: RunReport; isFirst: boolean },
): Promise<void> {
  const { runId, report, isFirst } = options;
  const { reporter, externalId, caller, request } = report;
  await appendEvent(trx, {
    runId,
    kind: 'action',
    name: isFirst ? 'attached' : 'reported',
    actor: `reporter:${reporter}`,
    reason: request.error?.message ?? request.summary,
    details: { externalId, caller, state: request.state, host: request.host },
  });
}
