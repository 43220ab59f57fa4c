import { templateOf } from '../../failures';

/** Longest part of a line that counts, characters. */
const MAX_LINE_LENGTH = 1_000;
/** Most words of a line that count. */
const MAX_TOKENS = 60;

/** Stands for anything. */
export const ANYTHING = '<*>';
/** Stands for any plain word. */
export const ANY_WORD = '<word>';

/** Fields in which JSON loggers put the message, best first. */
const MESSAGE_FIELDS = ['msg', 'message', 'event', 'text'];
const LEVEL_FIELDS = ['level', 'severity', 'lvl'];

const BRACKETS = /^[[("'{<]+|[\])"'}:,.;]+$/g;
/** Words joined by a sign, as in `a.b`, `a_b`, `host:port`, `/a/b`. */
const JOINED = /[\w)]?[._/\\@:#$][\w(]/;
const EXCEPTION = /(?:Error|Exception)$/;
/** A state or an event, as in `TASK_ABORT`. */
const CONSTANT = /^[A-Z][A-Z_]+$/;

/**
 * The words of a line, with placeholders for numbers, ids, times, addresses, quoted values and
 * the like; empty for a line without any.
 *
 * @remarks
 * `key=value` is two words, so that only the value differs. Of a line of JSON they are those of
 * its level and its message, or its fields where it has no message.
 */
export function tokensOfLine(line: string): string[] {
  const text =
    line.length > MAX_LINE_LENGTH ? line.slice(0, MAX_LINE_LENGTH) : line;
  const template = templateOf(messageOfJson(line) ?? text);
  const tokens = template
    // The database takes no text with it
    .replaceAll('\0', '\uFFFD')
    .replace(/=(?=[^\s=])/g, '= ')
    .split(' ')
    .filter(token => token !== '');
  return tokens.slice(0, MAX_TOKENS);
}

/**
 * Whether a word is one that differs from run to run, as names of files, hosts and classes do.
 *
 * @remarks
 * Plain words, names of exceptions and constants such as `TASK_ABORT` say what happened, and are
 * no such words.
 */
export function isName(token: string): boolean {
  if (token.includes('<')) {
    return true;
  }
  const bare = token.replace(BRACKETS, '');
  return (
    (/\d/.test(bare) || JOINED.test(bare)) &&
    !EXCEPTION.test(bare) &&
    !CONSTANT.test(bare)
  );
}

/**
 * The kind of a line: its words, each name being anything, but for lines of nothing but names.
 * Lines of one kind share a template.
 */
export function kindOf(tokens: readonly string[]): string {
  const words = tokens.map(token => (isName(token) ? ANYTHING : token));
  return words.some(word => word !== ANYTHING)
    ? words.join(' ')
    : tokens.join(' ');
}

function messageOfJson(line: string): string | undefined {
  if (!line.startsWith('{') || line.length > MAX_LINE_LENGTH * 16) {
    return undefined;
  }
  try {
    const fields: Record<string, unknown> = JSON.parse(line);
    const level = firstText(fields, LEVEL_FIELDS);
    const message = firstText(fields, MESSAGE_FIELDS);
    return `${level ?? ''} ${message ?? Object.keys(fields).join(' ')}`.slice(
      0,
      MAX_LINE_LENGTH,
    );
  } catch {
    return undefined;
  }
}

function firstText(
  fields: Record<string, unknown>,
  names: readonly string[],
): string | undefined {
  const name = names.find(known =>
    ['string', 'number'].includes(typeof fields[known]),
  );
  return name === undefined ? undefined : String(fields[name]);
}
