import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';
import { stripVTControlCharacters } from 'node:util';
import { cleanText } from '../runs';

const MAX_LENGTH = 500;
/** Bytes of a line that are looked at; what matters of a longer one is at its end. */
const MAX_BYTES = 4 * MAX_LENGTH;

/** Remembers the last line that an execution wrote to stderr: mostly the reason of its failure. */
export class LastWords {
  #line: RawLogLine | undefined;

  /** Hears lines in the order in which they were read. */
  hear(lines: readonly RawLogLine[]): void {
    this.#line =
      lines.findLast(
        ({ stream, bytes }) => stream === 'stderr' && hasText(bytes),
      ) ?? this.#line;
  }

  /** The line on its own, without colours; absent when nothing was written to stderr. */
  get text(): string | undefined {
    if (!this.#line) {
      return undefined;
    }
    const text = new TextDecoder().decode(this.#line.bytes.slice(-MAX_BYTES));
    const line = stripVTControlCharacters(text)
      .replace(/\p{Cc}+/gu, ' ')
      .trim();
    return cleanText(line, MAX_LENGTH) || undefined;
  }
}

function hasText(bytes: Uint8Array): boolean {
  return bytes.some(byte => byte > 0x20);
}
