import { LOG_LEVELS, type LogLevel } from './level';

/** Longest query of a search in logs, characters. @public */
export const MAX_LOG_QUERY_LENGTH = 500;

/** Most words and conditions of one query. @public */
export const MAX_LOG_QUERY_TERMS = 20;

/** What a line must be to be found; every condition must hold. @public */
export interface LogQueryTerms {
  /** Texts that the line has, upper and lower case alike. */
  texts: string[];
  /** Texts that the line has not. */
  notTexts: string[];
  /** One of these levels; any line, also one without a level, when absent. */
  levels?: LogLevel[];
  notLevels: LogLevel[];
  /** Written while this step ran. */
  step?: string;
  stream?: 'stdout' | 'stderr';
  attempt?: number;
  /** Only lines of a kind that no successful run of the pipeline has written. */
  novel: boolean;
}

/** A query, or what is wrong with it. @public */
export type ParsedLogQuery =
  | { ok: true; terms: LogQueryTerms }
  | { ok: false; problem: string };

interface Token {
  negated: boolean;
  /** The word before a colon outside of quotes, if it names a condition. */
  key?: string;
  value: string;
}

const KEYS = ['level', 'step', 'stream', 'attempt', 'is'];

/**
 * Reads a query such as `level:error step:encode attempt:2 "exact text" -noise`.
 *
 * @remarks
 * Words and quoted texts must all occur, those with `-` before them must not. `level:` takes
 * several levels by comma; `stream:` is `stdout` or `stderr`; `is:novel` stands for lines that
 * no successful run has written. Any other word with a colon is text.
 *
 * @public
 */
export function parseLogQuery(query: string): ParsedLogQuery {
  if (query.length > MAX_LOG_QUERY_LENGTH) {
    return wrong(
      `The query is longer than ${MAX_LOG_QUERY_LENGTH} characters; leave something out`,
    );
  }
  const tokens = tokensOf(query);
  if (!tokens) {
    return wrong('A quotation mark is not closed; add another one at the end');
  }
  if (tokens.length > MAX_LOG_QUERY_TERMS) {
    return wrong(
      `The query has more than ${MAX_LOG_QUERY_TERMS} parts; leave some out`,
    );
  }
  const terms: LogQueryTerms = {
    texts: [],
    notTexts: [],
    notLevels: [],
    novel: false,
  };
  for (const token of tokens) {
    const problem = addToken(terms, token);
    if (problem) {
      return wrong(problem);
    }
  }
  return { ok: true, terms };
}

/** Whether a query asks for nothing, so that every line is one that it finds. @public */
export function isEmptyLogQuery(terms: LogQueryTerms): boolean {
  return (
    terms.texts.length === 0 &&
    terms.notTexts.length === 0 &&
    !terms.levels &&
    terms.notLevels.length === 0 &&
    terms.step === undefined &&
    terms.stream === undefined &&
    !terms.novel
  );
}

/** A text as one part of a query, in quotation marks where it needs them. @public */
export function quoteLogTerm(text: string): string {
  return /[\s"]|^-/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

function wrong(problem: string): ParsedLogQuery {
  return { ok: false, problem };
}

/** Undefined when a quotation mark is not closed. */
function tokensOf(query: string): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern =
    /\s*(-?)(?:([a-z]{2,10}):)?(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*)|(?=\s|$))/gy;
  let position = 0;
  while (query.slice(position).trim() !== '') {
    pattern.lastIndex = position;
    const match = pattern.exec(query);
    if (!match || pattern.lastIndex === position) {
      return undefined;
    }
    position = pattern.lastIndex;
    tokens.push(tokenOf(match));
  }
  return tokens.filter(({ key, value }) => key !== undefined || value !== '');
}

function tokenOf([, minus, key, quoted, plain]: RegExpExecArray): Token {
  const isCondition = key !== undefined && KEYS.includes(key);
  const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  if (isCondition) {
    return { negated: minus === '-', key, value };
  }
  const text = key === undefined ? value : `${key}:${value}`;
  // A minus alone is a text like any other.
  return text === ''
    ? { negated: false, value: minus }
    : { negated: minus === '-', value: text };
}

/** @returns what is wrong with it */
function addToken(terms: LogQueryTerms, token: Token): string | undefined {
  const { key, value, negated } = token;
  if (key === undefined) {
    (negated ? terms.notTexts : terms.texts).push(value);
    return undefined;
  }
  if (key === 'level') {
    return addLevels(terms, token);
  }
  if (negated) {
    return `'-${key}:' is not known; only texts and levels can be left out`;
  }
  switch (key) {
    case 'step':
      terms.step = value;
      return value === '' ? `'step:' needs the name of a step` : undefined;
    case 'stream':
      if (value !== 'stdout' && value !== 'stderr') {
        return `'stream:' is stdout or stderr, not '${value}'`;
      }
      terms.stream = value;
      return undefined;
    case 'attempt':
      terms.attempt = Number(value);
      return /^[1-9]\d{0,8}$/.test(value)
        ? undefined
        : `'attempt:' is a whole number from 1 on, not '${value}'`;
    default:
      terms.novel = true;
      return value === 'novel'
        ? undefined
        : `'is:' knows only 'novel', not '${value}'`;
  }
}

function addLevels(
  terms: LogQueryTerms,
  { value, negated }: Token,
): string | undefined {
  const names = value.split(',');
  const levels = LOG_LEVELS.filter(level => names.includes(level));
  if (levels.length !== new Set(names).size) {
    return `'level:' is one of ${LOG_LEVELS.join(', ')}, not '${value}'`;
  }
  if (negated) {
    terms.notLevels.push(...levels);
  } else {
    terms.levels = terms.levels
      ? terms.levels.filter(level => levels.includes(level))
      : levels;
  }
  return undefined;
}
