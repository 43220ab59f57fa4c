import { isAscii } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';
import { forEachLine, shownPart } from '../decodeChunk';
import { CR } from '../lineEnds';
import type { LogChunk, LogStream } from '../types';

const ESCAPE = '\u001b';
/** Bytes of a line in which its level is looked for: more than 200 characters can need. */
const HEAD_BYTES = 800;

/**
 * One line while a chunk is searched: its texts are made when they are asked for.
 *
 * @remarks
 * The same object stands for every line of a chunk in turn.
 */
export class SearchedLine {
  number = 0;
  stream: LogStream = 'stdout';
  readonly #data: Buffer;
  /** One character for each byte, so offsets are the same. */
  readonly #latin1: string;
  readonly #hasEscapes: boolean;
  readonly #isAscii: boolean;
  #lowered: string | undefined;
  #start = 0;
  #end = 0;

  constructor(data: Buffer) {
    this.#data = data;
    this.#latin1 = data.toString('latin1');
    this.#hasEscapes = this.#latin1.includes(ESCAPE);
    this.#isAscii = isAscii(data);
  }

  /** Says which line it is from now on. */
  place(number: number, stream: LogStream, start: number, end: number): void {
    this.number = number;
    this.stream = stream;
    this.#start = start;
    this.#end = end;
  }

  /** The start of the line as it was written, with colours: enough to tell its level. */
  get head(): string {
    const end = Math.min(this.#end, this.#start + HEAD_BYTES);
    return this.#isAscii
      ? this.#latin1.slice(this.#start, end)
      : this.#data.toString('utf8', this.#start, end);
  }

  /** The line where every byte is one character: enough for anything in ASCII. */
  get bytes(): string {
    return this.#plain(this.#latin1.slice(this.#start, this.#end));
  }

  /** {@link bytes} in lower case. */
  get loweredBytes(): string {
    if (this.#hasEscapes) {
      return this.bytes.toLowerCase();
    }
    this.#lowered ??= this.#latin1.toLowerCase();
    return this.#lowered.slice(this.#start, this.#end);
  }

  /** The line as it is shown, but without colours. */
  get text(): string {
    return this.#plain(this.#data.toString('utf8', this.#start, this.#end));
  }

  /** Whether any line of the chunk can have this text, which is ASCII in lower case. */
  chunkMayHave(text: string): boolean {
    if (this.#hasEscapes) {
      return true;
    }
    this.#lowered ??= this.#latin1.toLowerCase();
    return this.#lowered.includes(text);
  }

  #plain(text: string): string {
    return this.#hasEscapes && text.includes(ESCAPE)
      ? stripVTControlCharacters(text)
      : text;
  }
}

/** Visits the lines of a chunk as they are shown: without line ends and what was written over. */
export function forEachShownLine(
  chunk: LogChunk,
  line: SearchedLine,
  visit: (line: SearchedLine) => void,
): void {
  const { data } = chunk;
  const hasReturns = data.includes(CR);
  forEachLine(chunk, ({ number, stream, start, next, end }) => {
    if (hasReturns) {
      const shown = shownPart(data.subarray(start, next));
      line.place(number, stream, start + shown.start, start + shown.end);
    } else {
      line.place(number, stream, start, end === 0 ? next - 1 : next);
    }
    visit(line);
  });
}
