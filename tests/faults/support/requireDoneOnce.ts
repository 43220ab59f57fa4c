import assert from 'node:assert/strict';
import type { FaultBench } from './FaultBench.ts';
import type { SpellRecord } from './Records.ts';
import type { KilledWorker } from './WorkerCrew.ts';

/** What became of many runs, see `requireDoneOnce`. */
export interface DoneOnce {
  attempts: number;
  /** Attempts that ended with their worker. */
  lost: number;
  /** Lost attempts whose work had been done, so that it was done again. */
  doneTwice: number;
  /** From the death of the worker to the next attempt of each lost one, ms. */
  replacedMs: number[];
  /** Attempts by machine. */
  byHost: Map<string, number>;
}

interface Attempt {
  name: string;
  state: string;
  host: string;
  workerId: string;
  claimedAt: number;
  isFinal: boolean;
}

/**
 * Explains every effect of runs of `programs/spell.sh` by an attempt.
 *
 * @remarks
 * A worker that dies after the work was done and before that is stored cannot have it done
 * exactly once; so a run that may start again may have an effect of each attempt that was lost,
 * and nothing else may have one besides the final attempt.
 *
 * @throws when a run has not succeeded, when its final attempt has not done its work exactly
 *   once, when another attempt was not lost with one of the killed workers, or when an attempt has
 *   begun its work twice or is not known
 */
export async function requireDoneOnce(
  bench: FaultBench,
  ids: readonly string[],
  killed: readonly KilledWorker[],
): Promise<DoneOnce> {
  const attempts = await readAttempts(bench, ids);
  const wanted = new Set(ids);
  const spells = bench.records
    .spells()
    .filter(({ runId }) => wanted.has(runId));

  const finals = attempts.filter(({ isFinal }) => isFinal);
  assert.equal(finals.length, ids.length, 'every run has an attempt');
  const unsuccessful = finals.filter(({ state }) => state !== 'succeeded');
  assert.deepEqual(unsuccessful, [], 'every final attempt has succeeded');

  const earlier = attempts.filter(({ isFinal }) => !isFinal);
  const killedIds = new Set(killed.map(({ workerId }) => workerId));
  const unexplained = earlier.filter(
    ({ state, workerId }) => state !== 'lost' || !killedIds.has(workerId),
  );
  assert.deepEqual(unexplained, [], 'every other was lost with its worker');

  const begun = spells.map(nameOf);
  assert.equal(new Set(begun).size, begun.length, 'no attempt began twice');
  const known = new Set(attempts.map(({ name }) => name));
  const strangers = begun.filter(name => !known.has(name));
  assert.deepEqual(strangers, [], 'every effect is of a known attempt');

  const done = new Set(
    spells.filter(({ endedAt }) => endedAt !== undefined).map(nameOf),
  );
  const undone = finals.filter(({ name }) => !done.has(name));
  assert.deepEqual(undone, [], 'every final attempt has done its work');

  return {
    attempts: attempts.length,
    lost: earlier.length,
    doneTwice: earlier.filter(({ name }) => done.has(name)).length,
    replacedMs: replacementTimes(attempts, killed),
    byHost: countBy(attempts, ({ host }) => host),
  };
}

async function readAttempts(
  bench: FaultBench,
  ids: readonly string[],
): Promise<Attempt[]> {
  const rows = await bench.postgres.query<{
    run_id: string;
    attempt: number;
    state: string;
    host: string;
    worker_id: string;
    claimed_at: Date;
    is_final: boolean;
  }>(
    `select a.run_id, a.attempt, a.state, a.host, a.worker_id, a.claimed_at,
            a.attempt = r.attempt as is_final
       from run_attempts a join runs r on r.id = a.run_id
      where r.id = any($1::uuid[]) order by a.run_id, a.attempt`,
    [ids],
  );
  return rows.map(row => ({
    name: nameOf({ runId: row.run_id, attempt: row.attempt }),
    state: row.state,
    host: row.host,
    workerId: row.worker_id,
    claimedAt: row.claimed_at.getTime(),
    isFinal: row.is_final,
  }));
}

function nameOf({
  runId,
  attempt,
}: Pick<SpellRecord, 'runId' | 'attempt'>): string {
  return `${runId}.${attempt}`;
}

/** Attempts of a run follow each other. */
function replacementTimes(
  attempts: readonly Attempt[],
  killed: readonly KilledWorker[],
): number[] {
  return attempts.flatMap(({ isFinal, workerId }, index) => {
    const death = killed.find(worker => worker.workerId === workerId);
    return isFinal || !death
      ? []
      : [attempts[index + 1].claimedAt - death.killedAt];
  });
}

function countBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  }
  return counts;
}
