import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';

/** Longest message that is looked at, in characters. */
const MAX_MESSAGE_LENGTH = 4_000;
/** Longest template, in characters. */
const MAX_TEMPLATE_LENGTH = 500;
/** Hexadecimal digits of a fingerprint. */
const FINGERPRINT_LENGTH = 16;

/** Why a run failed, as its row says. */
export interface FailedWith {
  kind: string;
  message: string;
  step?: string;
}

/** An error without what differs from run to run. */
export interface Fingerprint {
  /** 16 hexadecimal digits of kind, step and template. */
  fingerprint: string;
  kind: string;
  step?: string;
  template: string;
}

/** A line of a stack trace: it moves with every release. */
const STACK_FRAME =
  /^\s+(?:at\s.+|File\s.+,\sline\s\d+.*|\^+|\.{3}\s\d+\smore)$/;

/**
 * What may differ, in the order in which it is tried at each place of the text. All repetitions
 * are of single characters that cannot match in two ways, so the time is linear.
 */
const PARTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['url', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'`<>()[\]{}]+/],
  [
    'quoted',
    /(?<!\w)(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'|`[^`\n]{0,500}`)(?!\w)/,
  ],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/],
  [
    'time',
    /\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\w)|(?<![\w:])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?![\w:])/,
  ],
  ['email', /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/],
  ['ip', /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]*\d)/],
  ['path', /(?<![\w.])(?:[a-z]:|~|\.{1,2})?(?:[\\/][\w.@%+~=-]+){2,}[\\/]?/],
  ['hex', /\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,128}\b/],
  [
    'code',
    /\b(?:code|status|errno|signal|http(?:\/\d\.\d)?)(?:\s|\s?[:=]\s?)\d{1,3}\b(?![.,]?\d)/,
  ],
  [
    'duration',
    /(?<![\w.])\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?)(?!\w)/,
  ],
  ['size', /(?<![\w.])\d+(?:\.\d+)?\s?(?:[kmgtp]i?b|bytes?|b)(?!\w)/],
  ['number', /(?<![a-z0-9.])[-+]?\d+(?:[.,_:]\d+)*%?(?![a-z0-9])/],
];

const ANY_PART = new RegExp(
  PARTS.map(([name, pattern]) => `(?<${name}>${pattern.source})`).join('|'),
  'gi',
);

/** A folder or file whose name is not the same in every run. */
const VARIABLE_SEGMENT = /\d/;
/** Below these, every name is made up. */
const TEMPORARY = /^(?:[a-z]:)?[\\/](?:private[\\/])?(?:var[\\/])?tmp[\\/]/i;

/**
 * Which failure an error is: errors that differ only in numbers, ids, times, durations, sizes,
 * addresses, quoted values, and the parts of paths and URLs that have digits, are the same one.
 *
 * @remarks
 * Exit codes, signals and HTTP statuses are part of what went wrong, and stay.
 */
export function fingerprintOf(error: FailedWith): Fingerprint {
  const template = templateOf(error.message);
  const step = error.step === undefined ? undefined : templateOf(error.step);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([error.kind, step ?? null, template]))
    .digest('hex')
    .slice(0, FINGERPRINT_LENGTH);
  return {
    fingerprint,
    kind: error.kind,
    ...(step !== undefined && { step }),
    template,
  };
}

/** The text with placeholders such as `<number>` for what differs from run to run. */
export function templateOf(text: string): string {
  const lines = stripVTControlCharacters(text.slice(0, MAX_MESSAGE_LENGTH))
    .split(/\r\n|\r|\n/)
    .filter(line => !STACK_FRAME.test(line));
  const template = lines
    .join(' ')
    .replace(ANY_PART, (match, ...rest) => {
      const groups: Record<string, string | undefined> = rest.at(-1);
      const name = PARTS.find(([part]) => groups[part] !== undefined)?.[0];
      return replacementOf(name ?? 'number', match);
    })
    .replace(/<(\w+)>(?:[\s,]*<\1>)+/g, '<$1>')
    .replace(/\s+/g, ' ')
    .trim();
  return template.length > MAX_TEMPLATE_LENGTH
    ? `${template.slice(0, MAX_TEMPLATE_LENGTH - 1)}…`
    : template;
}

function replacementOf(name: string, match: string): string {
  switch (name) {
    case 'code':
      return match;
    case 'quoted':
      return '<value>';
    case 'url':
      return templateOfUrl(match);
    case 'path':
      return templateOfPath(match);
    default:
      return `<${name}>`;
  }
}

/** Scheme and host as they are; never user, password, query or fragment. */
function templateOfUrl(url: string): string {
  const [, scheme, rest] = /^([^:]+:\/\/)(.*)$/.exec(url) ?? ['', '', url];
  const [whole, query] = rest.split(/[?#]/, 2);
  const [authority, ...segments] = whole.split('/');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return [
    scheme,
    [host.replace(/\d+/g, '<number>'), ...segments.map(nameOf)].join('/'),
    query === undefined ? '' : '?<query>',
  ].join('');
}

function templateOfPath(path: string): string {
  const temporary = TEMPORARY.exec(path)?.[0];
  if (temporary) {
    return `${temporary}<name>`;
  }
  return path.replace(/[^\\/]+/g, nameOf);
}

/** A segment as it is, or a placeholder that keeps the kind of the file. */
function nameOf(segment: string): string {
  const [extension] = /(?<=.)\.[a-z][a-z0-9]{0,7}[.,:;]?$/i.exec(segment) ?? [
    '',
  ];
  const stem = segment.slice(0, segment.length - extension.length);
  return VARIABLE_SEGMENT.test(stem) ? `<name>${extension}` : segment;
}
