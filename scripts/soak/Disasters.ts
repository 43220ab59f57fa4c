import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPortal, TestPostgres } from '../../tests/harness/index.ts';
import type { Random } from './random.ts';

/** Longer than a lease. */
const FROZEN_MS = 20_000;

/** What happens to machines: processes die, freeze, and the database with them. */
export class Disasters {
  readonly counts = new Map<string, number>();
  readonly #options: {
    portal: TestPortal;
    workers: readonly TestPortal[];
    postgres: TestPostgres;
    random: Random;
    say: (line: string) => void;
  };

  constructor(options: {
    portal: TestPortal;
    workers: readonly TestPortal[];
    postgres: TestPostgres;
    random: Random;
    say: (line: string) => void;
  }) {
    this.#options = options;
  }

  /** Lets one happen; resolves when everything is up again. */
  async one(): Promise<void> {
    const { portal, postgres, random, workers } = this.#options;
    const worker = random.pick(workers)!;
    const happen = random.weighted<[string, () => Promise<void>]>([
      [4, ['kill -9 of a worker', () => killed(worker)]],
      [2, ['a worker frozen for longer than its lease', () => frozen(worker)]],
      [2, ['kill -9 of the backend', () => killed(portal)]],
      [1, ['a worker stopped in order', () => worker.restart()]],
      [
        1,
        [
          'a fast restart of Postgres',
          () => postgres.restart({ signal: 'SIGINT' }),
        ],
      ],
      [
        1,
        [
          'an immediate crash of Postgres',
          () => postgres.restart({ signal: 'SIGQUIT' }),
        ],
      ],
    ]);
    const [name, act] = happen;
    this.#options.say(name);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    await act();
  }
}

async function killed(process: TestPortal): Promise<void> {
  process.kill('SIGKILL');
  await process.exited();
  await process.restart();
}

async function frozen(process: TestPortal): Promise<void> {
  process.kill('SIGSTOP');
  await sleep(FROZEN_MS);
  process.kill('SIGCONT');
}
