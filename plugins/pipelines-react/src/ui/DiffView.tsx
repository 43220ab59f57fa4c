import { useMemo, type ReactNode } from 'react';
import clsx from 'clsx';
import {
  RiAddLine,
  RiPencilLine,
  RiSubtractLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import {
  jsonDiff,
  type JsonDifference,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { READING_TAB_STOP } from './tabStops';
import styles from './DiffView.module.css';
import tones from './tones.module.css';

/** Differences that are drawn; the rest are counted. */
const MAX_ROWS = 200;
/** Longest text of one value before it is cut. */
const MAX_VALUE_LENGTH = 1_000;

/** Props of {@link DiffView}. @public */
export interface DiffViewProps {
  before: unknown;
  after: unknown;
  /** What is compared, as the name of the table for screen readers. */
  label: string;
  /** Head of the column of old values; by default "Before". */
  beforeLabel?: string;
  /** Head of the column of new values; by default "After". */
  afterLabel?: string;
  /** What a path is called; by default the path. */
  nameOf?(path: string): ReactNode;
  /** A sentence under a difference, such as what it will mean. */
  noteOf?(difference: JsonDifference): ReactNode;
  /** Drawn where both are the same; by default a sentence. */
  same?: ReactNode;
}

const SIGNS = {
  added: { icon: RiAddLine, tone: 'positive' },
  removed: { icon: RiSubtractLine, tone: 'negative' },
  changed: { icon: RiPencilLine, tone: 'warning' },
} as const satisfies Record<
  JsonDifference['kind'],
  { icon: RemixiconComponentType; tone: keyof typeof tones }
>;

/** Where two JSON values differ: a row for each place, with its old and its new value. @public */
export function DiffView(props: DiffViewProps) {
  const t = useText();
  const { before, after } = props;
  const differences = useMemo(() => jsonDiff(before, after), [before, after]);
  if (differences.length === 0) {
    return (
      <>{props.same ?? <p className={styles.same}>{t('ui.diff.same')}</p>}</>
    );
  }
  const left = differences.length - MAX_ROWS;
  const heads = {
    before: props.beforeLabel ?? t('ui.diff.before'),
    after: props.afterLabel ?? t('ui.diff.after'),
  };
  return (
    <div
      className={styles.frame}
      role="region"
      aria-label={props.label}
      tabIndex={READING_TAB_STOP}
    >
      <table className={styles.table} aria-label={props.label}>
        <thead>
          <tr>
            <th scope="col">{t('ui.diff.path')}</th>
            <th scope="col">{heads.before}</th>
            <th scope="col">{heads.after}</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, MAX_ROWS).map(difference => (
            <DiffRow
              key={difference.path}
              difference={difference}
              heads={heads}
              name={props.nameOf?.(difference.path)}
              note={props.noteOf?.(difference)}
            />
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <p className={styles.same}>{t('ui.diff.more', { count: left })}</p>
      )}
    </div>
  );
}

function DiffRow(props: {
  difference: JsonDifference;
  heads: { before: string; after: string };
  name: ReactNode;
  note: ReactNode;
}) {
  const t = useText();
  const { difference, heads, name, note } = props;
  const { path, kind } = difference;
  const { icon: Icon, tone } = SIGNS[kind];
  return (
    <tr>
      <th scope="row">
        <span className={styles.name}>
          <span
            role="img"
            aria-label={t(`ui.diff.${kind}`)}
            title={t(`ui.diff.${kind}`)}
            className={clsx(styles.sign, tones[tone])}
          >
            <Icon size={14} />
          </span>
          <span className={styles.path}>
            {name ?? (path || t('ui.diff.all'))}
          </span>
        </span>
        {note && <span className={styles.note}>{note}</span>}
      </th>
      <td data-head={heads.before}>
        {kind === 'added' ? (
          <Absent />
        ) : (
          <del className={styles.before}>{textOf(difference.before)}</del>
        )}
      </td>
      <td data-head={heads.after}>
        {kind === 'removed' ? (
          <Absent />
        ) : (
          <ins className={styles.after}>{textOf(difference.after)}</ins>
        )}
      </td>
    </tr>
  );
}

function Absent() {
  const t = useText();
  return <span className={styles.absent}>{t('ui.diff.absent')}</span>;
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_VALUE_LENGTH
    ? `${text.slice(0, MAX_VALUE_LENGTH)}…`
    : text;
}
