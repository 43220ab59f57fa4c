import { basename } from 'node:path';
import type {
  AttemptSink,
  RawLogLine,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import { resolveArtifact } from '../resolveArtifact';
import { MessagePacer, type PlacedMessage } from './MessagePacer';
import type { ProtocolMessage } from './parseProtocolLine';
import { ProtocolFilter, type Said } from './ProtocolFilter';
import { createMessageRedactor } from './redactMessage';
import { SpoolReader } from './SpoolReader';
import { Wakeup } from '../../Wakeup';

const MAX_BATCH_BYTES = 64 * 1024;
/** Lines that come one by one are collected for this long, except the first. */
const COLLECT_MS = 200;

/** Brings what is in an attempt's spool to its sink, in order, as fast as the sink takes it. */
export class Delivery {
  readonly #reader: SpoolReader;
  readonly #filter: ProtocolFilter;
  readonly #pacer = new MessagePacer();
  readonly #wakeup = new Wakeup();
  #available: number;
  #end?: number;
  #deliveredAt = -Infinity;
  #lines: RawLogLine[] = [];
  #lineBytes = 0;
  #linesEnd = 0;

  constructor(
    private readonly options: {
      spoolFolder: string;
      artifactsFolder: string;
      sink: AttemptSink;
      /** Hidden in what messages say. */
      secrets: string[];
      /** Where the spool is read from. */
      from: number;
      /** Called with a position before which everything is stored. */
      onDelivered?(position: number): void;
    },
  ) {
    this.#reader = new SpoolReader(options.spoolFolder, options.from);
    this.#filter = new ProtocolFilter(createMessageRedactor(options.secrets));
    this.#available = options.from;
  }

  /** There is more to read. */
  advance(position: number): void {
    this.#available = Math.max(this.#available, position);
    this.#wakeup.ring();
  }

  /**
   * Nothing more will be written.
   *
   * @param position - where the spool ends; Infinity: wherever it ends
   */
  finish(position: number): void {
    this.#end = position;
    this.#wakeup.ring();
  }

  /**
   * Delivers until the end.
   *
   * @throws what the sink throws: then nothing more is delivered
   */
  async run(): Promise<void> {
    try {
      while (await this.#step()) {
        await this.#pause();
      }
      await this.#say(this.#filter.end());
      await this.#flushLines();
      await this.#send(this.#pacer.flush());
    } finally {
      await this.#reader.close();
    }
  }

  /** Delivers what can be read at once. @returns whether more may come */
  async #step(): Promise<boolean> {
    const records = await this.#reader.read(this.#end ?? this.#available);
    if (records.length === 0) {
      return this.#end === undefined;
    }
    for (const record of records) {
      await this.#say(this.#filter.accept(record));
    }
    await this.#flushLines();
    this.options.onDelivered?.(this.#reader.position);
    this.#deliveredAt = performance.now();
    return true;
  }

  /** Waits for more, and a little longer for more than one line. */
  async #pause(): Promise<void> {
    while (this.#end === undefined) {
      const waiting = this.#available - this.#reader.position;
      const collectMs = this.#deliveredAt + COLLECT_MS - performance.now();
      if (waiting >= MAX_BATCH_BYTES || (waiting > 0 && collectMs <= 0)) {
        return;
      }
      const dueMs = this.#pacer.dueInMs;
      if (dueMs === 0) {
        await this.#send(this.#pacer.flush());
      } else {
        const times = [dueMs, waiting > 0 ? collectMs : undefined];
        await this.#wakeup.sleep(earliest(times));
      }
    }
  }

  async #say(all: Said[]): Promise<void> {
    for (const said of all) {
      if ('line' in said) {
        await this.#addLine(said.line, said.position);
      } else {
        await this.#flushLines();
        const message =
          'warning' in said
            ? { type: 'warning' as const, message: said.warning }
            : await this.#complete(said.message);
        const { position } = said;
        await this.#send(this.#pacer.accept({ message, position }));
      }
    }
  }

  async #addLine(line: RawLogLine, position: number): Promise<void> {
    if (this.#lineBytes + line.bytes.length > MAX_BATCH_BYTES) {
      await this.#flushLines();
    }
    this.#lines.push(line);
    this.#lineBytes += line.bytes.length;
    this.#linesEnd = position;
  }

  async #flushLines(): Promise<void> {
    if (this.#lines.length > 0) {
      const batch = { lines: this.#lines, position: this.#linesEnd };
      this.#lines = [];
      this.#lineBytes = 0;
      await this.options.sink.log(batch);
    }
  }

  async #send(messages: PlacedMessage[]): Promise<void> {
    for (const { message, position } of messages) {
      await this.options.sink.message(message, position);
    }
  }

  async #complete(message: ProtocolMessage): Promise<RunnerMessage> {
    if (message.type !== 'artifact') {
      return message;
    }
    try {
      return {
        ...message,
        path: await resolveArtifact(this.options.artifactsFolder, message.path),
        name: message.name ?? basename(message.path),
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { type: 'warning', message: reason };
    }
  }
}

function earliest(times: (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
