import { memo, useState, type MouseEvent, type ReactNode } from 'react';
import clsx from 'clsx';
import {
  levelOfLine,
  type LogLevel,
  type LogLine,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatBytes } from '../ui/format';
import { highlight } from './highlight';
import { LogFields, fieldsOf } from './LogFields';
import { parseLogText, type LogSpan } from './logText';
import styles from './LogRow.module.css';

/** Characters of one line that are drawn before a click asks for all: a screen shows fewer. */
const DRAWN_LENGTH = 4_000;

/** Props of {@link LogRow}. @internal */
export interface LogRowProps {
  number: number;
  /** Absent while its page is on the way. */
  line: LogLine | undefined;
  /** Width of the line numbers, characters. */
  digits: number;
  timestamps: boolean;
  selected: boolean;
  /** The reader has come here by a search. */
  current: boolean;
  /** Texts to be marked. */
  marked: readonly string[];
  href: string | undefined;
  /** @param extend - from the line that is chosen already to this one */
  onSelect(number: number, extend: boolean): void;
}

function LogRowContent(props: LogRowProps) {
  const t = useText();
  const { number, line, digits, timestamps, selected, href } = props;
  const shown = number + 1;
  const level = line && factsOf(line).level;
  const select = (event: MouseEvent) => {
    if (!event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      props.onSelect(number, event.shiftKey);
    }
  };
  return (
    <div
      className={clsx(
        styles.row,
        selected && styles.selected,
        props.current && styles.current,
        line?.stream === 'stderr' && styles.stderr,
        level && styles[`level-${level}`],
      )}
      aria-current={selected ? 'true' : undefined}
    >
      <a
        className={styles.number}
        style={{ width: `${digits + 2}ch` }}
        href={href ?? `#line-${shown}`}
        aria-label={t('logs.viewer.line', { number: String(shown) })}
        // A stop for every line would make the page endless for the keyboard: "Go to line" is the way there.
        tabIndex={-1}
        onClick={select}
      >
        {shown}
      </a>
      {timestamps && (
        <span className={styles.time}>{line ? clockOf(line.at) : ''}</span>
      )}
      <span
        className={styles.stream}
        title={line ? t(`logs.viewer.${line.stream}`) : undefined}
      >
        {line?.stream === 'stderr' ? 'err' : ''}
      </span>
      {line ? (
        <LogText line={line} marked={props.marked} />
      ) : (
        <span className={styles.missing} />
      )}
    </div>
  );
}

/** One line of a log: number, time, stream and text. @internal */
export const LogRow = memo(LogRowContent);

function LogText(props: { line: LogLine; marked: readonly string[] }) {
  const { line, marked } = props;
  const t = useText();
  const [whole, setWhole] = useState(false);
  const [open, setOpen] = useState(false);
  const { fields } = factsOf(line);
  const cut = !whole && line.text.length > DRAWN_LENGTH;
  const text = cut ? line.text.slice(0, DRAWN_LENGTH) : line.text;
  return (
    <span className={styles.text}>
      {line.continues && !line.replaces && (
        <span className={styles.continues} title={t('logs.viewer.continues')}>
          ↪
        </span>
      )}
      {fields && (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={open}
          aria-label={t('logs.viewer.fields')}
          onClick={() => setOpen(!open)}
        >
          {open ? '▾' : '▸'}
        </button>
      )}
      {spansOf(line, text).map((span, index) => (
        <Span key={index} span={span} marked={marked} />
      ))}
      {cut && (
        <button
          type="button"
          className={styles.more}
          onClick={() => setWhole(true)}
        >
          {t('logs.viewer.longLine', {
            size: formatBytes(line.text.length - DRAWN_LENGTH),
          })}
        </button>
      )}
      {fields && open && <LogFields fields={fields} />}
    </span>
  );
}

function Span(props: { span: LogSpan; marked: readonly string[] }) {
  const { span, marked } = props;
  const className = classOf(span);
  if (span.href) {
    return (
      <a
        className={clsx(styles.link, className)}
        href={span.href}
        title={span.href}
        target="_blank"
        rel="noopener noreferrer"
        tabIndex={-1}
      >
        {markedText(span.text, marked)}
      </a>
    );
  }
  if (span.control) {
    return (
      <span className={styles.control} title={span.control}>
        {span.text}
      </span>
    );
  }
  return className ? (
    <span className={className}>{markedText(span.text, marked)}</span>
  ) : (
    <>{markedText(span.text, marked)}</>
  );
}

function markedText(text: string, marked: readonly string[]): ReactNode {
  if (marked.length === 0) {
    return text;
  }
  return highlight(text, marked).map((piece, index) =>
    piece.marked ? (
      <mark key={index} className={styles.mark}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}

function classOf({ style }: LogSpan): string {
  return clsx(
    style.color && styles[`fg-${style.color}`],
    style.background && styles[`bg-${style.background}`],
    style.bold && styles.bold,
    style.dim && styles.dim,
    style.italic && styles.italic,
    style.underline && styles.underline,
    style.strikethrough && styles.strikethrough,
  );
}

interface LineFacts {
  level: LogLevel | undefined;
  /** Of a line that is a JSON object. */
  fields: Readonly<Record<string, unknown>> | undefined;
}

const facts = new WeakMap<LogLine, LineFacts>();

/** What a line says about itself; read once, however often it scrolls into view. */
function factsOf(line: LogLine): LineFacts {
  let entry = facts.get(line);
  if (!entry) {
    entry = { level: levelOfLine(line.text), fields: fieldsOf(line.text) };
    facts.set(line, entry);
  }
  return entry;
}

const parsed = new WeakMap<LogLine, { text: string; spans: LogSpan[] }>();

/** The spans of a line; parsed once, however often it scrolls into view. */
function spansOf(line: LogLine, text: string): LogSpan[] {
  let entry = parsed.get(line);
  if (entry?.text !== text) {
    entry = { text, spans: parseLogText(text) };
    parsed.set(line, entry);
  }
  return entry.spans;
}

/** Time of day to the millisecond, where the reader is. */
function clockOf(at: string): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(undefined, { hourCycle: 'h23' });
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
