import {
  isEmptyLogQuery,
  type LogLevel,
  type LogQueryTerms,
} from '@millrace/backstage-plugin-pipelines-common';
import type { SearchedLine } from './ChunkLines';

/** Tells lines that a query finds from others. */
export interface LineTest {
  /** False when no line of the chunk can be found; its lines need not be tested then. */
  chunk(line: SearchedLine): boolean;
  line(line: SearchedLine, level: LogLevel | undefined): boolean;
}

const NOTHING: LineTest = { chunk: () => false, line: () => false };
const ASCII = /^\p{ASCII}*$/u;

/**
 * The test of a query; one that asks for nothing finds nothing.
 *
 * @param isNovel - needed when the query asks for novel lines
 */
export function lineTestOf(
  terms: LogQueryTerms,
  isNovel?: (text: string) => boolean,
): LineTest {
  if (isEmptyLogQuery(terms)) {
    return NOTHING;
  }
  const { levels, notLevels, stream, novel } = terms;
  const texts = terms.texts.map(textTestOf);
  const notTexts = terms.notTexts.map(textTestOf);
  return {
    chunk: line => texts.every(test => test.chunk(line)),
    line: (line, level) =>
      (!stream || line.stream === stream) &&
      (!levels || (level !== undefined && levels.includes(level))) &&
      !(level !== undefined && notLevels.includes(level)) &&
      texts.every(test => test.line(line)) &&
      !notTexts.some(test => test.line(line)) &&
      // Last, because it is the dearest
      (!novel || isNovel === undefined || isNovel(line.text)),
  };
}

/** Whether a line has a text, in upper or lower case. */
function textTestOf(text: string) {
  const wanted = text.toLowerCase();
  return ASCII.test(wanted)
    ? {
        chunk: (line: SearchedLine) => line.chunkMayHave(wanted),
        line: (line: SearchedLine) => line.loweredBytes.includes(wanted),
      }
    : {
        chunk: () => true,
        line: (line: SearchedLine) => line.text.toLowerCase().includes(wanted),
      };
}
