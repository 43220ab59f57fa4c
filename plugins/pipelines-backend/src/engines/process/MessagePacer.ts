import type { RunnerMessage } from '@millrace/backstage-plugin-pipelines-node';

const INTERVAL_MS = 200;
const MAX_HELD = 200;

/** A message, and where the spool stands after it. */
export interface PlacedMessage {
  message: RunnerMessage;
  position: number;
}

/**
 * Thins out progress and metrics to five of each per second: the newest value is what counts.
 *
 * @remarks
 * Other messages pass, after what is held, so that the order stays.
 */
export class MessagePacer {
  readonly #held = new Map<string, PlacedMessage>();
  readonly #sentAt = new Map<string, number>();

  /** @returns what is to be delivered now */
  accept(placed: PlacedMessage): PlacedMessage[] {
    const key = keyOf(placed.message);
    if (key === undefined) {
      return [...this.flush(), placed];
    }
    const now = performance.now();
    this.#held.delete(key);
    if (now - (this.#sentAt.get(key) ?? -Infinity) >= INTERVAL_MS) {
      this.#sentAt.set(key, now);
      return [placed];
    }
    this.#held.set(key, placed);
    return this.#held.size > MAX_HELD ? this.flush() : [];
  }

  /** Ms until something that is held should be delivered; nothing when nothing is held. */
  get dueInMs(): number | undefined {
    const times = [...this.#held.keys()].map(
      key => (this.#sentAt.get(key) ?? 0) + INTERVAL_MS,
    );
    return times.length > 0
      ? Math.max(0, Math.min(...times) - performance.now())
      : undefined;
  }

  /** @returns everything that is held */
  flush(): PlacedMessage[] {
    const messages = [...this.#held.values()];
    const now = performance.now();
    if (this.#sentAt.size > MAX_HELD) {
      this.#sentAt.clear();
    }
    for (const key of this.#held.keys()) {
      this.#sentAt.set(key, now);
    }
    this.#held.clear();
    return messages;
  }
}

function keyOf(message: RunnerMessage): string | undefined {
  switch (message.type) {
    case 'progress':
      return 'progress';
    case 'metric':
      return `metric ${message.name}`;
    default:
      return undefined;
  }
}
