import { styleOfCodes, type LogStyle } from './sgrStyle';

/** A piece of a log line that is drawn in one way. @internal */
export interface LogSpan {
  text: string;
  style: LogStyle;
  /** An http or https address. */
  href?: string;
  /** The text stands for a character that has no shape, or that would change how others are read. */
  control?: string;
}

/** More codes than this without a reset are an attack or a mistake. */
const MAX_CODES = 64;

/*
 * In this order: colours and weights; OSC 8 links; other cursor, erase and mode sequences, which
 * mean nothing in a list of lines; characters without a shape or that reorder text; addresses.
 */
const PATTERN = new RegExp(
  [
    '\\u001b\\[([0-9;:]*)m',
    '\\u001b\\]8;[^;\\u0007\\u001b]*;([^\\u0007\\u001b]*)(?:\\u0007|\\u001b\\\\)',
    '(\\u001b\\[[0-?]*[ -/]*[A-HJKSTfhlnsu])',
    '([\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f' +
      '\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}])',
    '(https?://[^\\s<>"\'`\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+)',
  ].join('|'),
  'gu',
);

/**
 * Cuts a log line into spans that can be drawn as text.
 *
 * @remarks
 * The line is hostile until proven otherwise. Nothing of it becomes markup, only http and https
 * become links, and characters that one cannot see or that turn the reading order round are
 * drawn as a sign with their code point. Sequences that move a cursor are left out.
 *
 * @internal
 */
export function parseLogText(text: string): LogSpan[] {
  const spans: LogSpan[] = [];
  let codes: string[] = [];
  let link: string | undefined;
  let position = 0;
  const push = (piece: string, extra: Partial<LogSpan> = {}) => {
    if (piece !== '') {
      spans.push({
        text: piece,
        style: styleOfCodes(codes),
        ...(link && { href: link }),
        ...extra,
      });
    }
  };
  for (const match of text.matchAll(PATTERN)) {
    push(text.slice(position, match.index));
    position = match.index + match[0].length;
    const [, sgr, osc8, cursor, control, url] = match;
    if (sgr !== undefined) {
      codes = nextCodes(codes, sgr);
    } else if (osc8 !== undefined) {
      link = safeUrl(osc8);
    } else if (control !== undefined) {
      push(visibleSign(control), { control: codePointName(control) });
    } else if (url !== undefined) {
      const { address, rest } = trimUrl(url);
      push(address, { href: safeUrl(address) });
      push(rest);
    } else if (cursor === undefined) {
      push(match[0]);
    }
  }
  push(text.slice(position));
  return spans;
}

/** The codes that hold after a sequence; a colour such as `38;5;9` stays in one piece. */
function nextCodes(codes: string[], sgr: string): string[] {
  const next = [...codes];
  const parts = sgr.replaceAll(':', ';').split(';');
  for (let index = 0; index < parts.length; index += 1) {
    const code = parts[index];
    if (Number(code) === 0) {
      next.length = 0;
    } else if (code === '38' || code === '48') {
      const length = parts[index + 1] === '5' ? 3 : 5;
      next.push(parts.slice(index, index + length).join(';'));
      index += length - 1;
    } else {
      next.push(code);
    }
  }
  return next.slice(-MAX_CODES);
}

/** The address, if it is one that may be opened. @internal */
export function safeUrl(text: string): string | undefined {
  try {
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** A sentence's full stop, and a bracket that was opened before the address, are not part of it. */
function trimUrl(url: string): { address: string; rest: string } {
  let end = url.length;
  while (/[.,;:!?]/.test(url[end - 1]) || isUnopened(url.slice(0, end))) {
    end -= 1;
  }
  return { address: url.slice(0, end), rest: url.slice(end) };
}

function isUnopened(url: string): boolean {
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  const closing = url[url.length - 1];
  const opening = pairs[closing];
  return (
    opening !== undefined &&
    url.split(closing).length > url.split(opening).length
  );
}

const C0_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function visibleSign(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  return C0_NAMES[code] ?? (code === 0x7f ? 'DEL' : codePointName(control));
}

function codePointName(control: string): string {
  const hex = (control.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}
