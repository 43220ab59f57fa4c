import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  requireInvariants,
  startBackendOnly,
  startPostgres,
  startWorkerOnly,
  until,
  type TestPortal,
  type TestPostgres,
} from '../../tests/harness/index.ts';
import { Failure, printFailure } from '../lib/failure.mjs';
import { readFlags } from '../lib/options.mjs';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { Disasters } from './Disasters.ts';
import { Operations } from './Operations.ts';
import { LimitWatch } from './LimitWatch.ts';
import { LIMIT, SOAK_PIPELINES } from './pipelines.ts';
import { Random } from './random.ts';

const USAGE = `yarn soak -- [flags]

  --minutes <n>  how long people and disasters go on (default 20)
  --seed <n>     repeats the choices of an earlier soak
  --workers <n>  workers beside the one of the portal (default 2)
`;
const MINUTE_MS = 60_000;
const OPERATION_EVERY_MS = [50, 600] as const;
const DISASTER_EVERY_MS = [10_000, 35_000] as const;
const CALM_DOWN_MS = 5 * MINUTE_MS;

/**
 * Lets people act at random while processes die and freeze, then lets everything come to rest and
 * checks what must always hold.
 */
async function soak(args: string[]): Promise<void> {
  const flags = readFlags(args, {
    command: 'yarn soak',
    usage: USAGE,
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  const minutes = Number(flags.minutes ?? 20);
  const seed = Number(flags.seed ?? Date.now() % 2 ** 31);
  console.log(`Soaking for ${minutes} min, seed ${seed}`);

  const folder = makeTemporaryFolder('soak');
  // A crash must not cost what was committed, or a lost run would prove nothing.
  const postgres = await startPostgres({ durable: true });
  const configOverrides = {
    pipelines: {
      worker: { slots: 4, stopWait: { seconds: 1 } },
      definitions: SOAK_PIPELINES,
    },
  };
  const workers: TestPortal[] = [];
  let portal: TestPortal | undefined;
  try {
    portal = await startBackendOnly({ postgres, configOverrides });
    for (let i = 0; i < Number(flags.workers ?? 2); i++) {
      workers.push(
        await startWorkerOnly({
          postgres,
          configOverrides,
          dataDirectory: path.join(folder.path, `worker-${i}`),
        }),
      );
    }
    const api = await portal.apiAs();
    const startedAt = Date.now();
    const say = (line: string) =>
      console.log(
        `  ${((Date.now() - startedAt) / 1_000).toFixed(0)} s  ${line}`,
      );
    // Each has choices of its own, so that the seed repeats them however the others wait.
    const ofPeople = new Random(seed);
    const ofMachines = new Random(seed + 1);
    const operations = new Operations({ api, random: ofPeople });
    const disasters = new Disasters({
      portal,
      workers,
      postgres,
      random: ofMachines,
      say,
    });
    const watch = new LimitWatch(postgres);

    const end = startedAt + minutes * MINUTE_MS;
    await Promise.all([
      repeat(end, OPERATION_EVERY_MS, ofPeople, () => operations.one()),
      repeat(end, DISASTER_EVERY_MS, ofMachines, () => disasters.one()),
      watch.until(end),
    ]);
    say('calm; waiting for every run to end');
    await comeToRest(postgres, operations);
    await requireInvariants(postgres);
    await requireNothingLost(postgres, operations);
    for (const process of [portal, ...workers]) {
      await requireInvariants(postgres, {
        dataDirectory: process.dataDirectory,
      });
    }
    await report({ postgres, operations, disasters, watch });
  } finally {
    await Promise.all(workers.map(worker => worker.stop()));
    await portal?.stop();
    await postgres.stop();
    folder.remove();
  }
}

async function repeat(
  end: number,
  [min, max]: readonly [number, number],
  random: Random,
  act: () => Promise<void>,
): Promise<void> {
  while (Date.now() < end) {
    await act();
    await sleep(random.integer(min, max));
  }
}

async function comeToRest(
  postgres: TestPostgres,
  operations: Operations,
): Promise<void> {
  await until(
    async () => {
      const left = await postgres.query<{ id: string; held: boolean }>(
        `select id, pause_requested_at is not null as held from runs
          where finished_at is null`,
      );
      await operations.release(left.filter(run => run.held));
      return left.length === 0;
    },
    { what: 'every run to end', timeoutMs: CALM_DOWN_MS, pollMs: 1_000 },
  );
}

async function requireNothingLost(
  postgres: TestPostgres,
  operations: Operations,
): Promise<void> {
  const accepted = [...operations.accepted];
  const found = await postgres.query<{ id: string }>(
    `select id from runs where id = any($1::uuid[])`,
    [accepted],
  );
  if (found.length !== accepted.length) {
    throw new Failure(
      `${accepted.length - found.length} of ${
        accepted.length
      } accepted runs are gone.`,
      { wayOut: 'Run it again with the seed above.' },
    );
  }
  const leaked = await postgres.query(
    `select key, active from queue_limits where active <> 0`,
  );
  if (leaked.length > 0) {
    throw new Failure(`Limits still count runs: ${JSON.stringify(leaked)}.`, {
      wayOut: 'Run it again with the seed above.',
    });
  }
}

async function report(found: {
  postgres: TestPostgres;
  operations: Operations;
  disasters: Disasters;
  watch: LimitWatch;
}): Promise<void> {
  const { postgres, operations, disasters, watch } = found;
  console.log('\nWhat people did, and the answers');
  for (const [name, outcomes] of operations.counts) {
    const parts = [...outcomes].map(([outcome, n]) => `${outcome}: ${n}`);
    console.log(`  ${name.padEnd(20)} ${parts.join(', ')}`);
  }
  console.log('\nWhat happened');
  for (const [name, count] of disasters.counts) {
    console.log(`  ${name.padEnd(44)} ${count}`);
  }
  const states = await postgres.query<{ state: string; runs: number }>(
    `select state, count(*)::int as runs from runs group by state order by 2 desc`,
  );
  console.log(
    `\nRuns: ${states.map(({ state, runs }) => `${runs} ${state}`).join(', ')}`,
  );
  console.log(
    `Most at once of the pipeline limited to ${LIMIT}: ${watch.highest}`,
  );
  if (watch.highest > LIMIT) {
    throw new Failure(`The limit of ${LIMIT} was exceeded.`, {
      wayOut: 'Run it again with the seed above.',
    });
  }
  console.log('Every run has ended, none was lost, and every invariant holds.');
}

try {
  await soak(process.argv.slice(2));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
