import { createHash } from 'node:crypto';
import type {
  AttemptSink,
  LogBatch,
  RawLogLine,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';

/** A sink that keeps what it is given, or only counts it when `keep` is false. */
export class RecordingSink implements AttemptSink {
  readonly lines: RawLogLine[] = [];
  readonly messages: RunnerMessage[] = [];
  readonly positions: number[] = [];
  /** Of each message, in order. */
  readonly messagePositions: (number | undefined)[] = [];
  readonly sha256 = createHash('sha256');
  bytes = 0;
  /** Called before something is stored; may wait or throw. */
  onDelivery: () => Promise<void> | void = () => {};
  readonly #watchers = new Set<() => void>();

  constructor(private readonly keep = true) {}

  async log(batch: LogBatch): Promise<void> {
    await this.onDelivery();
    this.positions.push(batch.position);
    for (const line of batch.lines) {
      this.bytes += line.bytes.length;
      this.sha256.update(line.bytes);
      if (this.keep) {
        this.lines.push({ ...line, bytes: Buffer.from(line.bytes) });
      }
    }
    this.#watchers.forEach(look => look());
  }

  async message(message: RunnerMessage, position?: number): Promise<void> {
    await this.onDelivery();
    this.messages.push(message);
    this.messagePositions.push(position);
    this.#watchers.forEach(look => look());
  }

  /** What was written to a stream, or to both in order. */
  text(stream?: 'stdout' | 'stderr'): string {
    return this.content(stream).toString();
  }

  content(stream?: 'stdout' | 'stderr'): Buffer {
    const chosen = this.lines.filter(line => !stream || line.stream === stream);
    return Buffer.concat(chosen.map(({ bytes }) => bytes));
  }

  /** Resolves when something that was stored makes the condition true. */
  async until(condition: (sink: RecordingSink) => boolean): Promise<void> {
    await new Promise<void>(resolve => {
      const look = () => {
        if (condition(this)) {
          this.#watchers.delete(look);
          resolve();
        }
      };
      this.#watchers.add(look);
      look();
    });
  }
}
