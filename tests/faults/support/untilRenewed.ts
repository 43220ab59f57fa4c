import { until } from '../../harness/index.ts';
import type { FaultBench } from './FaultBench.ts';

/** Waits until the lease of a run is renewed once more; a database that is away meanwhile is no problem. */
export async function untilRenewed(
  bench: FaultBench,
  runId: string,
): Promise<void> {
  const renewedAt = async () => {
    const [row] = await bench.postgres.query<{ heartbeat_at: Date }>(
      'select heartbeat_at from runs where id = $1',
      [runId],
    );
    return row.heartbeat_at.getTime();
  };
  const earlier = await until(renewedAt, { what: 'the lease to be read' });
  await until(async () => (await renewedAt()) > earlier, {
    what: 'the lease to be renewed',
  });
}
