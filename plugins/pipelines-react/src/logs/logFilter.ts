import {
  parseLogQuery,
  type LogLevel,
  type LogSearchRequest,
} from '@millrace/backstage-plugin-pipelines-common';

/** What a log viewer looks for, and whether it hides the other lines. @public */
export interface LogFilter {
  /** See `parseLogQuery`. */
  q: string;
  /** Only lines of these levels; all when there are none. */
  levels: readonly LogLevel[];
  /** Only lines that this step wrote. */
  step?: string;
  /** Hides the lines that `q` does not find. */
  only: boolean;
  /** Only lines of a kind that no successful run has written. */
  novel: boolean;
}

/** Everything is shown, and nothing is looked for. @public */
export const NO_LOG_FILTER: LogFilter = {
  q: '',
  levels: [],
  only: false,
  novel: false,
};

/** Whether lines are hidden. @internal */
export function hidesLines(filter: LogFilter): boolean {
  return (
    filter.levels.length > 0 ||
    filter.step !== undefined ||
    filter.novel ||
    (filter.only && filter.q.trim() !== '')
  );
}

/** Whether anything is looked for. @internal */
export function looksForLines(filter: LogFilter): boolean {
  return filter.q.trim() !== '' || hidesLines(filter);
}

/** The filter as it is asked for. @internal */
export function requestOf(filter: LogFilter): LogSearchRequest {
  const { q, levels, step, novel } = filter;
  return {
    q: [q.trim(), novel ? 'is:novel' : ''].filter(Boolean).join(' '),
    level: levels,
    step,
  };
}

/** The texts to be marked in lines; none while the query cannot be read. @internal */
export function markedTexts(filter: LogFilter): readonly string[] {
  const parsed = parseLogQuery(filter.q);
  return parsed.ok ? parsed.terms.texts : [];
}
