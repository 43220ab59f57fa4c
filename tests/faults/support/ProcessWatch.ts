import { setTimeout as sleep } from 'node:timers/promises';
import { findTaggedProcesses } from '../../../scripts/lib/taggedProcesses.ts';

const LOOK_MS = 50;

/** When processes of an attempt were seen in /proc, epoch ms. */
export interface Sighting {
  runId: string;
  attempt: number;
  firstAt: number;
  lastAt: number;
}

/** Looks into /proc again and again for the processes of runs. */
export class ProcessWatch {
  readonly #sightings = new Map<string, Sighting>();
  /** Moments at which two attempts of a run were alive. */
  readonly overlaps: string[] = [];
  readonly #dataDirectory: string;
  #isStopped = false;
  readonly #watching: Promise<void>;

  static start(dataDirectory: string): ProcessWatch {
    return new ProcessWatch(dataDirectory);
  }

  private constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
    this.#watching = this.#watch();
  }

  of(runId: string, attempt: number): Sighting | undefined {
    return this.#sightings.get(`${runId}.${attempt}`);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const askedAt = Date.now();
      const processes = await findTaggedProcesses({
        dataDirectory: this.#dataDirectory,
      });
      for (const { runId, attempt } of processes) {
        const key = `${runId}.${attempt}`;
        const earlier = this.#sightings.get(key);
        const firstAt = earlier?.firstAt ?? askedAt;
        this.#sightings.set(key, { runId, attempt, firstAt, lastAt: askedAt });
      }
      this.#findOverlaps(processes);
      await sleep(LOOK_MS);
    }
  }

  #findOverlaps(processes: { runId: string; attempt: number }[]): void {
    for (const { runId, attempt } of processes) {
      const other = processes.find(
        process => process.runId === runId && process.attempt > attempt,
      );
      if (other) {
        this.overlaps.push(
          `attempts ${attempt} and ${other.attempt} of run ${runId}`,
        );
      }
    }
  }
}
