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
import { LOG_STREAMS, type LogChunk, type LogStream } from './types';

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
  forEachLine(chunk, ({ number, stream, start, next, end }) => {
    if (number >= range.from && number < range.to) {
      const bytes = chunk.data.subarray(start, next);
      lines.push({ number, stream, at, ...showLine(bytes, ends.get(stream)) });
    }
    ends.set(stream, end);
  });
  return lines;
}

/** How the last line of each stream has ended after this chunk; see the column `carried`. */
export function carriedAfter(chunk: LogChunk): number {
  const ends = LineEnds.of(chunk.carried);
  forEachLine(chunk, ({ stream, end }) => ends.set(stream, end));
  return ends.toNumber();
}

/** Where a line is in the bytes of its chunk. */
export interface PlacedLine {
  number: number;
  stream: LogStream;
  /** Offset of its first byte. */
  start: number;
  /** Offset of the first byte after it and its line end. */
  next: number;
  end: LineEnd;
}

/**
 * Visits the lines of a chunk in order.
 *
 * @param visit - is given the same object each time, because a search visits millions of lines
 */
export function forEachLine(
  chunk: LogChunk,
  visit: (line: Readonly<PlacedLine>) => void,
): void {
  const { data, streamLines, lineCuts } = chunk;
  const line: PlacedLine = {
    number: chunk.firstLine,
    stream: 'stdout',
    start: 0,
    next: 0,
    end: ENDED,
  };
  let cut = 0;
  for (const [index, count] of streamLines.entries()) {
    line.stream = LOG_STREAMS[index % LOG_STREAMS.length];
    for (let left = count; left > 0; left--) {
      line.start = line.next;
      const feed = data.indexOf(LF, line.start);
      const isCut =
        cut < lineCuts.length && (feed < 0 || lineCuts[cut] <= feed);
      line.next = isCut ? lineCuts[cut] : feed + 1;
      line.end = endOf(data, line.next, isCut);
      cut += isCut ? 1 : 0;
      visit(line);
      line.number += 1;
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
  const { start, end } = shownPart(bytes);
  const text = bytes.toString('utf8', start, end);
  if (before === ENDED) {
    return { text };
  }
  // A line end alone is written over nothing, and a return inside begins the line anew
  const replaces = start > 0 || (before === RETURNED && text !== '');
  return replaces ? { text, replaces } : { text, continues: true };
}

/** Which bytes of a line a terminal would show last of it. */
export function shownPart(bytes: Buffer): { start: number; end: number } {
  const end = contentLength(bytes);
  return { start: end > 0 ? bytes.lastIndexOf(CR, end - 1) + 1 : 0, end };
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
