import { memo, useState, type MouseEvent } from 'react';
import clsx from 'clsx';
import type { LogLine } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatBytes } from '../ui/format';
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
  href: string | undefined;
  onSelect(number: number): void;
}

function LogRowContent(props: LogRowProps) {
  const t = useText();
  const { number, line, digits, timestamps, selected, href } = props;
  const shown = number + 1;
  const select = (event: MouseEvent) => {
    if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      props.onSelect(number);
    }
  };
  return (
    <div
      className={clsx(
        styles.row,
        selected && styles.selected,
        line?.stream === 'stderr' && styles.stderr,
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
      {line ? <LogText line={line} /> : <span className={styles.missing} />}
    </div>
  );
}

/** One line of a log: number, time, stream and text. @internal */
export const LogRow = memo(LogRowContent);

function LogText({ line }: { line: LogLine }) {
  const t = useText();
  const [whole, setWhole] = useState(false);
  const cut = !whole && line.text.length > DRAWN_LENGTH;
  const text = cut ? line.text.slice(0, DRAWN_LENGTH) : line.text;
  return (
    <span className={styles.text}>
      {line.continues && !line.replaces && (
        <span className={styles.continues} title={t('logs.viewer.continues')}>
          ↪
        </span>
      )}
      {spansOf(line, text).map((span, index) => (
        <Span key={index} span={span} />
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
    </span>
  );
}

function Span({ span }: { span: LogSpan }) {
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
        {span.text}
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
    <span className={className}>{span.text}</span>
  ) : (
    <>{span.text}</>
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
