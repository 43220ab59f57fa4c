import fs from 'node:fs';
import path from 'node:path';

/** What one process of `programs/ticker.ts` has recorded of itself. */
export interface TickerRecord {
  pid: number;
  /** Epoch ms, as the following. */
  startedAt: number;
  /** When it last did something. */
  lastAt: number;
  /** Lines that it has surely printed; one more may be in the log. */
  lines: number;
  /** When it was asked to end, each time. */
  terms: number[];
}

/** What one process of `programs/spell.sh` has recorded of itself. */
export interface SpellRecord {
  runId: string;
  attempt: number;
  /** Epoch ms, as the following. */
  startedAt: number;
  /** Absent when it was killed before its work was done. */
  endedAt?: number;
}

/** The folder in which the programs of the fault suite leave what they have done. */
export class Records {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Every process that was started for an attempt; more than one is a double start. */
  processesOf(runId: string, attempt: number): TickerRecord[] {
    return this.list(`${runId}.${attempt}.`)
      .filter(name => name.endsWith('.record'))
      .map(name => this.#read(name));
  }

  /** Every process of `programs/spell.sh`, in the order of their start. */
  spells(): SpellRecord[] {
    return this.list('')
      .filter(name => name.endsWith('.spell'))
      .map(name => {
        const [runId, attempt] = name.split('.');
        const lines = fs.readFileSync(this.path(name), 'utf8').split('\n');
        const [startedAt, endedAt] = lines.slice(0, -1).map(Number);
        return { runId, attempt: Number(attempt), startedAt, endedAt };
      })
      .filter(({ startedAt }) => startedAt !== undefined)
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  /** Processes that were started for an attempt that had one already. */
  doubleStarts(): number {
    const attempts = fs
      .readdirSync(this.folder)
      .filter(name => /\.(?:record|spell)$/.test(name))
      .map(name => name.split('.').slice(0, 2).join('.'));
    return attempts.length - new Set(attempts).size;
  }

  /** Tells the tickers of a run, or of one attempt of it, to exit. */
  end(runId: string, options: { code?: number; attempt?: number } = {}): void {
    const { code = 0, attempt } = options;
    const name = attempt === undefined ? runId : `${runId}.${attempt}`;
    // Under its name when it is whole.
    fs.writeFileSync(this.path('order'), String(code));
    fs.renameSync(this.path('order'), this.path(`${name}.end`));
  }

  /** Names of the files that begin with `prefix`. */
  list(prefix: string): string[] {
    return fs.readdirSync(this.folder).filter(name => name.startsWith(prefix));
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  #read(name: string): TickerRecord {
    const events = fs
      .readFileSync(this.path(name), 'utf8')
      .split('\n')
      .slice(0, -1) // What follows the last line feed is not whole.
      .map(line => line.split(' '));
    const times = events.map(([, time]) => Number(time));
    return {
      pid: Number(name.split('.').at(-2)),
      startedAt: times[0],
      lastAt: times.at(-1)!,
      lines: events.filter(([event]) => event.startsWith('line-')).length,
      terms: times.filter((_, index) => events[index][0] === 'SIGTERM'),
    };
  }
}
