import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineCheck } from './engineChecks';

/** An engine ends its execution politely 10 s after the last renewal, by force after 14 s. */
const POLITE_AFTER_MS = 10_000;
const FORCED_AFTER_MS = 14_000;
/** How long the lease of a check lasts, so that nobody waits for all of it. */
const LEFT_MS = 1_500;
/** What a busy machine may need on top. */
const TOLERANCE_MS = 1_500;

/** When a lease was asked for that is about to be over. */
export function leaseOfOldAge(): number {
  return performance.now() - POLITE_AFTER_MS + LEFT_MS;
}

/** Longest time from {@link leaseOfOldAge} until nothing may be alive. */
export const OLD_LEASE_PATIENCE_MS =
  FORCED_AFTER_MS - POLITE_AFTER_MS + LEFT_MS + TOLERANCE_MS;

/** What engines promise about leases. */
export const LEASE_CHECKS: readonly EngineCheck[] = [
  {
    title: 'ends by its own clock, as lost, when its lease is not renewed',
    async check(trial) {
      const leasedAt = leaseOfOldAge();
      const { attempt } = await trial.start('runsUntilCancelled', { leasedAt });
      const end = await trial.endOf(attempt, OLD_LEASE_PATIENCE_MS);
      assert.equal(end.kind, 'lost');
    },
  },
  {
    title: 'goes on while its lease is renewed',
    async check(trial) {
      const leasedAt = leaseOfOldAge();
      const { attempt } = await trial.start('runsUntilCancelled', { leasedAt });
      attempt.leaseRenewed();
      let hasEnded = false;
      void attempt.end.then(() => {
        hasEnded = true;
      });
      await sleep(2 * LEFT_MS);
      assert.ok(!hasEnded, 'it ended though its lease was renewed');
      attempt.cancel({ force: true });
      await trial.endOf(attempt);
    },
  },
];
