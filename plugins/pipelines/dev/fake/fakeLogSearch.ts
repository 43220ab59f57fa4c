import {
  levelOfLine,
  parseLogQuery,
  type LogLevelCounts,
  type LogLine,
  type LogLines,
  type LogSearch,
} from '@millrace/backstage-plugin-pipelines-common';
import { FakeFailure } from './FakeRoute';

/** Searches as the real backend does, but in memory, without steps, and only errors are novel. */
export function searchLog(
  all: readonly LogLine[],
  query: URLSearchParams,
): LogSearch {
  const parsed = parseLogQuery(query.get('q') ?? '');
  if (!parsed.ok) {
    throw new FakeFailure(400, 'InputError', parsed.problem);
  }
  const { texts, notTexts } = parsed.terms;
  const wantedLevels = query.get('level')?.split(',');
  const from = Number(query.get('from') ?? 0);
  const levels: LogLevelCounts = {
    error: 0,
    warn: 0,
    info: 0,
    debug: 0,
    none: 0,
  };
  const has = (line: LogLine, text: string) =>
    line.text.toLowerCase().includes(text.toLowerCase());
  const { novel } = parsed.terms;
  const isWish = texts.length + notTexts.length > 0 || wantedLevels || novel;
  const found: number[] = [];
  const marks = all.slice(from).map(line => {
    const level = levelOfLine(line.text);
    levels[level ?? 'none'] += 1;
    const isFound =
      isWish &&
      texts.every(text => has(line, text)) &&
      !notTexts.some(text => has(line, text)) &&
      (!novel || level === 'error') &&
      (!wantedLevels || wantedLevels.includes(level ?? 'none'));
    if (isFound) {
      found.push(line.number);
    }
    return {
      ...((level === 'error' || level === 'warn') && { [level]: line.number }),
      ...(isFound && { found: line.number }),
    };
  });
  return {
    attempt: 1,
    from,
    to: all.length,
    totalLines: all.length,
    found: found.length,
    index: 0,
    lines: found,
    levels,
    markLines: 1,
    marks,
    ...(novel && {
      learnt: { runs: 12, sampledRuns: 1, templates: 9, full: false },
    }),
    tookMs: 1,
  };
}

/** Lines by number. */
export function pickLines(
  all: readonly LogLine[],
  query: URLSearchParams,
): LogLines {
  const wanted = (query.get('numbers') ?? '').split(',').map(Number);
  return {
    attempt: 1,
    lines: all.filter(({ number }) => wanted.includes(number)),
  };
}
