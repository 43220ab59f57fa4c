import type { LogLine } from '@millrace/backstage-plugin-pipelines-common';

/** Reads lines by number; see `LogsClient.readLines`. @internal */
export type PickLogLines = (
  numbers: readonly number[],
  signal: AbortSignal,
) => Promise<readonly LogLine[]>;

/** Lines that are asked for at once; the server's limit. */
const PICK_AT_ONCE = 100;
/** Lines that are kept; those that came first are forgotten first. */
const MAX_PICKED = 5_000;
/** No lines are asked for so long after a failure, ms. @internal */
export const FAILURE_PAUSE_MS = 3_000;

/** Single lines of a log that were needed without those around them. @internal */
export class PickedLines {
  readonly #pick: PickLogLines | undefined;
  readonly #onChange: (error?: Error) => void;
  readonly #lines = new Map<number, LogLine>();
  readonly #asked = new Set<number>();
  #stop = new AbortController();
  #failedAt = -Infinity;

  constructor(options: {
    pick?: PickLogLines;
    onChange: (error?: Error) => void;
  }) {
    this.#pick = options.pick;
    this.#onChange = options.onChange;
  }

  get(number: number): LogLine | undefined {
    return this.#lines.get(number);
  }

  /** Loads those of the lines that are neither here nor on their way. */
  need(numbers: readonly number[]): void {
    if (performance.now() < this.#failedAt + FAILURE_PAUSE_MS) {
      return;
    }
    const missing = numbers.filter(
      number => !this.#lines.has(number) && !this.#asked.has(number),
    );
    for (let start = 0; start < missing.length; start += PICK_AT_ONCE) {
      this.#load(missing.slice(start, start + PICK_AT_ONCE));
    }
  }

  close(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async #load(numbers: readonly number[]): Promise<void> {
    const { signal } = this.#stop;
    numbers.forEach(number => this.#asked.add(number));
    try {
      const lines = await this.#pick?.(numbers, signal);
      lines?.forEach(line => this.#lines.set(line.number, line));
      this.#forget();
      this.#onChange();
    } catch (error) {
      if (!signal.aborted) {
        this.#failedAt = performance.now();
        this.#onChange(error as Error);
      }
    } finally {
      numbers.forEach(number => this.#asked.delete(number));
    }
  }

  #forget(): void {
    for (const number of this.#lines.keys()) {
      if (this.#lines.size <= MAX_PICKED) {
        break;
      }
      this.#lines.delete(number);
    }
  }
}
