import type { LogLine } from '@millrace/backstage-plugin-pipelines-common';
import {
  CR,
  ENDED,
  LF,
  LineEnds,
  OPEN,
  RETURNED,
  type LineEnd,
} from './lineEnds';
import { LOG_STREAMS, type LogChunk } from './types';

/**
 * The lines of a chunk as a reader sees them, those with a number in `[from, to)`.
 *
 * @remarks
 * What a line shows is what a terminal would show last of it: its text without the line end,
 * and of text written over by carriage returns only the last. Bytes that are no UTF-8 become
 * replacement characters; NUL and everything else stay.
 */
export function decodeChunk(
  chunk: LogChunk,
  range: { from: number; to: number } = { from: 0, to: Infinity },
): LogLine[] {
  const ends = LineEnds.of(chunk.carried);
  const at = chunk.storedAt.toISOString();
  const lines: LogLine[] = [];
  let number = chunk.firstLine;
  for (const { stream, bytes, end } of splitChunk(chunk)) {
    if (number >= range.from && number < range.to) {
      const shown = showLine(bytes, ends.get(stream));
      lines.push({ number, stream, at, ...shown });
    }
    ends.set(stream, end);
    number += 1;
  }
  return lines;
}

/** How the last line of each stream has ended after this chunk; see the column `carried`. */
export function carriedAfter(chunk: LogChunk): number {
  const ends = LineEnds.of(chunk.carried);
  for (const { stream, end } of splitChunk(chunk)) {
    ends.set(stream, end);
  }
  return ends.toNumber();
}

function* splitChunk({ data, streamLines, lineCuts }: LogChunk) {
  let start = 0;
  let cut = 0;
  for (const [index, count] of streamLines.entries()) {
    const stream = LOG_STREAMS[index % LOG_STREAMS.length];
    for (let line = 0; line < count; line++) {
      const feed = data.indexOf(LF, start);
      const isCut =
        cut < lineCuts.length && (feed < 0 || lineCuts[cut] <= feed);
      const next = isCut ? lineCuts[cut] : feed + 1;
      cut += isCut ? 1 : 0;
      yield {
        stream,
        bytes: data.subarray(start, next),
        end: endOf(data, next, isCut),
      };
      start = next;
    }
  }
}

function endOf(data: Buffer, next: number, isCut: boolean): LineEnd {
  if (!isCut) {
    return ENDED;
  }
  return data[next - 1] === CR ? RETURNED : OPEN;
}

function showLine(
  bytes: Buffer,
  before: LineEnd,
): Pick<LogLine, 'text' | 'continues' | 'replaces'> {
  const end = contentLength(bytes);
  const start = end > 0 ? bytes.lastIndexOf(CR, end - 1) + 1 : 0;
  const text = bytes.toString('utf8', start, end);
  if (before === ENDED) {
    return { text };
  }
  // A line end alone is written over nothing, and a return inside begins the line anew
  const replaces = start > 0 || (before === RETURNED && text !== '');
  return replaces ? { text, replaces } : { text, continues: true };
}

/** Bytes of a line without its line feed and without the carriage returns before that. */
function contentLength(bytes: Buffer): number {
  let length = bytes.length;
  if (length > 0 && bytes[length - 1] === LF) {
    length -= 1;
  }
  while (length > 0 && bytes[length - 1] === CR) {
    length -= 1;
  }
  return length;
}
