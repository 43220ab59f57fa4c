import type { RunStreamEvent } from '@millrace/backstage-plugin-pipelines-common';

/** What one `log` event of a run's stream carries. @public */
export type LogTailEvent = Extract<RunStreamEvent, { name: 'log' }>['data'];

/** How much of the newest log is kept for a viewer that is opened later, lines. */
const KEPT_LINES = 5_000;

/**
 * The newest lines of a run's log as its stream brings them; viewers listen to it.
 *
 * @public
 */
export class LogTail {
  readonly #listeners = new Set<(event: LogTailEvent) => void>();
  #kept: LogTailEvent | undefined;

  /** What has come so far: at most the newest 5,000 lines of the newest attempt. */
  get kept(): LogTailEvent | undefined {
    return this.#kept;
  }

  /** Calls the listener with each event to come; answers how to stop. */
  listen(listener: (event: LogTailEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the next event of the stream. */
  push(event: LogTailEvent): void {
    const before =
      this.#kept?.attempt === event.attempt ? this.#kept.lines : [];
    const known = before.at(-1)?.number ?? -1;
    const fresh = event.lines.filter(line => line.number > known);
    this.#kept = {
      ...event,
      lines: [...before, ...fresh].slice(-KEPT_LINES),
    };
    this.#listeners.forEach(listener => listener(event));
  }

  /** Forgets what has come, because something in between was missed. */
  reset(): void {
    this.#kept = undefined;
  }
}
