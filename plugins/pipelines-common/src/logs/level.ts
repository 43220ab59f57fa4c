/** How serious a line of a log is, most serious first. @public */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** One of {@link LOG_LEVELS}. @public */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Characters from the start of a line in which its level is looked for. */
const LOOKED_AT_LENGTH = 200;

const WORDS: Readonly<Record<string, LogLevel>> = {
  alert: 'error',
  crit: 'error',
  critical: 'error',
  emerg: 'error',
  emergency: 'error',
  err: 'error',
  error: 'error',
  fatal: 'error',
  panic: 'error',
  severe: 'error',
  wrn: 'warn',
  warn: 'warn',
  warning: 'warn',
  inf: 'info',
  info: 'info',
  information: 'info',
  notice: 'info',
  dbg: 'debug',
  debug: 'debug',
  fine: 'debug',
  finest: 'debug',
  trace: 'debug',
  verbose: 'debug',
};

/** Numbers that JSON loggers write instead of words. */
const NUMBERS: Readonly<Record<string, LogLevel>> = {
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'error',
};

/** A field that names the level, in JSON or as `level=…`. */
const FIELD =
  /(?:^|[\s{,])"?(?:level|lvl|severity|loglevel|levelname|log\.level)"?\s{0,2}[:=]\s{0,2}"?([a-z]+|[1-6]0\b)/i;

/** A word in capitals is a level wherever it stands; in prose nobody writes it so. */
const CAPITALS =
  /\b(?:(ALERT|CRIT|CRITICAL|EMERG|ERR|ERROR|FATAL|PANIC|SEVERE)|(WARN|WARNING|WRN)|(INFO|INF|NOTICE)|(DEBUG|DBG|FINE|FINEST|TRACE|VERBOSE))\b(?![-_=])/;

/** A word that opens the line, that brackets enclose, or that a colon follows. */
const MARKED =
  /(?:^\s{0,16}[[(<]?|[[(<|])(error|err|fatal|panic|critical|warning|warn|info|notice|debug|trace)(?:[\])>|:]|!\s)|\s(error|fatal|warning):\s/i;

/** The first word of a line, as many loggers write it in small letters. */
const FIRST_WORD =
  /^\s{0,16}(error|err|fatal|panic|critical|warning|warn|info|notice|debug|trace)\s/;

/** A word that has a colour of its own. */
const COLOURED = new RegExp(
  '\\u001b\\[[0-9;:]{1,20}m\\s?[[(]?' +
    '(error|err|fatal|critical|warning|warn|info|notice|debug|trace)' +
    '[\\])]?:?\\s?\\u001b\\[',
  'i',
);

/** How programs die: the name of an exception, or the head of its trace. */
const EXCEPTION =
  /^\s{0,16}(?:Caused by: |Uncaught |Unhandled )?(?:[\w$]{1,60}[.]){0,12}[A-Z]\w{0,60}(?:Error|Exception)\b(?:[:(\s]|$)|^\s{0,16}Traceback \(most recent/;

const ESCAPE = '\u001b';
const SGR = new RegExp(`${ESCAPE}\\[[0-9;:]*m`, 'g');

/**
 * The level that a line of a log says it has; undefined when it says none.
 *
 * @remarks
 * Only the first 200 characters count. In this order: a word with a colour of its own, a
 * field `level` or the like, a word in capitals, a word at the start or in brackets or before a
 * colon, the name of an exception. The
 * server and the browser use this same function, so counts and colours agree.
 *
 * @public
 */
export function levelOfLine(line: string): LogLevel | undefined {
  let text =
    line.length > LOOKED_AT_LENGTH ? line.slice(0, LOOKED_AT_LENGTH) : line;
  if (text.includes(ESCAPE)) {
    const coloured = COLOURED.exec(text);
    if (coloured) {
      return WORDS[coloured[1].toLowerCase()];
    }
    text = text.replace(SGR, '');
  }
  const capitals = CAPITALS.exec(text);
  if (capitals && !text.startsWith('{')) {
    return levelOfGroups(capitals);
  }
  const field = FIELD.exec(text)?.[1].toLowerCase();
  const named = field && (namedIn(WORDS, field) ?? namedIn(NUMBERS, field));
  if (named) {
    return named;
  }
  if (capitals) {
    return levelOfGroups(capitals);
  }
  const marked = MARKED.exec(text);
  if (marked) {
    return WORDS[(marked[1] ?? marked[2]).toLowerCase()];
  }
  const first = FIRST_WORD.exec(text);
  if (first) {
    return WORDS[first[1]];
  }
  return EXCEPTION.test(text) ? 'error' : undefined;
}

function namedIn(
  names: Readonly<Record<string, LogLevel>>,
  name: string,
): LogLevel | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function levelOfGroups(match: RegExpExecArray): LogLevel {
  return LOG_LEVELS[match.slice(1).findIndex(group => group !== undefined)];
}
