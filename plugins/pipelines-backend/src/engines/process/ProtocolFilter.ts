import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';
import {
  parseProtocolLine,
  PROTOCOL_MARK,
  type ProtocolMessage,
} from './parseProtocolLine';
import type { SpoolRecord } from './SpoolReader';

/** Longest protocol line; the framing cuts at 64 KiB, and here it is put together again. */
const MAX_PROTOCOL_LINE_BYTES = 1024 * 1024;
const MAX_WARNINGS = 20;
const LINE_FEED = 10;

/** What a line of the spool means, and the position after it. */
export type Said = { position: number } & (
  | { line: RawLogLine }
  | { message: ProtocolMessage }
  | { warning: string }
);

/** Takes the protocol lines out of a log, in order. */
export class ProtocolFilter {
  /** A protocol line that is not complete yet, and the lines that came meanwhile. */
  #held: SpoolRecord[] = [];
  #heldBytes = 0;
  #isInLine = false;
  #warnings = 0;

  /** @param redact - hides secrets in a message; throws when it cannot */
  constructor(
    private readonly redact: (message: ProtocolMessage) => ProtocolMessage,
  ) {}

  accept(record: SpoolRecord): Said[] {
    const isStdout = record.stream === 'stdout';
    const startsLine = isStdout && !this.#isInLine;
    const endsLine = record.bytes.at(-1) === LINE_FEED;
    if (isStdout) {
      this.#isInLine = !endsLine;
    }
    if (this.#held.length > 0) {
      return this.#hold(record, isStdout && endsLine);
    }
    if (startsLine && beginsWithMark(record.bytes)) {
      return this.#hold(record, endsLine);
    }
    return [asLine(record)];
  }

  /** Nothing more will come: what was held is log. */
  end(): Said[] {
    return this.#held.length > 0
      ? this.#refuse('it does not end with a line feed')
      : [];
  }

  #hold(record: SpoolRecord, isComplete: boolean): Said[] {
    this.#held.push(record);
    this.#heldBytes += record.bytes.length;
    if (this.#heldBytes > MAX_PROTOCOL_LINE_BYTES) {
      return this.#refuse('it is longer than 1 MiB');
    }
    return isComplete ? this.#complete() : [];
  }

  #complete(): Said[] {
    const isPart = ({ stream }: SpoolRecord) => stream === 'stdout';
    const parts = this.#held.filter(isPart).map(({ bytes }) => bytes);
    try {
      const message = this.redact(parseProtocolLine(Buffer.concat(parts)));
      const { position } = this.#held[this.#held.length - 1];
      const others = this.#held.filter(record => !isPart(record));
      this.#forget();
      return [...others.map(asLine), { message, position }];
    } catch (error) {
      return this.#refuse(error instanceof Error ? error.message : `${error}`);
    }
  }

  #refuse(reason: string): Said[] {
    const lines = this.#held.map(asLine);
    const { position } = this.#held[this.#held.length - 1];
    this.#forget();
    this.#warnings += 1;
    if (this.#warnings > MAX_WARNINGS) {
      return lines;
    }
    const more =
      this.#warnings === MAX_WARNINGS
        ? ' Further malformed lines are not reported.'
        : '';
    const warning = `A line that begins with '${PROTOCOL_MARK}' is malformed and stays in the log: ${reason}.${more}`;
    return [...lines, { warning, position }];
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}

function asLine({ stream, bytes, position }: SpoolRecord): Said {
  return { line: { stream, bytes }, position };
}

function beginsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, PROTOCOL_MARK.length).equals(PROTOCOL_MARK);
}
