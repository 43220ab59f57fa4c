import { useId, useState } from 'react';
import { Button } from '@backstage/ui';
import { RiArrowDownLine } from '@remixicon/react';
import clsx from 'clsx';
import { messageOf } from '../api/errors';
import type { RunStreamHandle } from '../live/useRunStream';
import { useText } from '../translation/useText';
import { formatBytes, formatNumber } from '../ui/format';
import { PanelNotice } from '../ui/PanelNotice';
import { READING_TAB_STOP } from '../ui/tabStops';
import type { LogFacts, LogStore } from './LogStore';
import { LogRow } from './LogRow';
import { LogToolbar } from './LogToolbar';
import { useLogRows, type LogRows } from './useLogRows';
import { useRunLog } from './useRunLog';
import styles from './LogViewer.module.css';

/** Props of {@link LogViewer}. @public */
export interface LogViewerProps {
  runId: string;
  /** By default the latest. */
  attempt?: number;
  /** The run's stream, so that lines arrive as they are written; without it the log is polled. */
  stream?: RunStreamHandle;
  /** The line that the URL names, counted from 1; it is marked and scrolled to at first. */
  line?: number;
  /** Called when a line is chosen, to put it into the URL. */
  onLineChange?(line: number | undefined): void;
  /** Address of a line, for its number's link. */
  hrefOfLine?(line: number): string;
  /** Height of the whole viewer, as CSS says it; it never changes by itself. */
  height?: number | string;
}

/**
 * The log of an attempt: any length, live, by line number.
 *
 * @remarks
 * The bytes of a log are anybody's. They are drawn as text: see `parseLogText`.
 *
 * @public
 */
export function LogViewer(props: LogViewerProps) {
  const { runId, attempt, stream, line, onLineChange, height = 560 } = props;
  const t = useText();
  const [wrap, setWrap] = useState(false);
  const [timestamps, setTimestamps] = useState(false);
  const { store, facts } = useRunLog({ runId, attempt, stream });
  const rows = useLogRows({
    store,
    facts,
    wrap,
    startLine: line === undefined ? undefined : line - 1,
  });
  const boxId = useId();
  const goTo = (wanted: number) => {
    const last = Math.max(1, facts.totalLines);
    const target = Math.min(Math.max(1, wanted), last);
    rows.goTo(target - 1);
    onLineChange?.(target);
  };
  return (
    <section
      className={clsx(styles.viewer, wrap && styles.wrap)}
      style={{ height }}
      aria-label={t('logs.viewer.region', {
        attempt: String(attempt ?? facts.attempt ?? ''),
      })}
    >
      <LogToolbar
        runId={runId}
        attempt={attempt ?? facts.attempt}
        boxId={boxId}
        wrap={wrap}
        onWrapChange={setWrap}
        timestamps={timestamps}
        onTimestampsChange={setTimestamps}
        following={rows.following}
        onFollow={rows.follow}
        onGoTo={goTo}
      />
      <div className={styles.frame}>
        <LogBox
          {...props}
          id={boxId}
          rows={rows}
          store={store}
          facts={facts}
          timestamps={timestamps}
        />
        {facts.totalLines === 0 && (
          <LogPlaceholder facts={facts} onRetry={() => store.open()} />
        )}
        {!rows.following && rows.unseen > 0 && (
          <Button
            size="small"
            variant="primary"
            className={styles.jump}
            iconStart={<RiArrowDownLine />}
            onPress={rows.follow}
          >
            {t('logs.viewer.jumpCount', { lines: formatNumber(rows.unseen) })}
          </Button>
        )}
      </div>
      <LogFooter facts={facts} rows={rows} store={store} />
    </section>
  );
}

function LogBox(
  props: LogViewerProps & {
    id: string;
    rows: LogRows;
    store: LogStore;
    facts: LogFacts;
    timestamps: boolean;
  },
) {
  const { rows, store, facts, line, onLineChange, hrefOfLine } = props;
  const { virtualizer, firstRow } = rows;
  const items = virtualizer.getVirtualItems();
  const digits = Math.max(3, String(facts.totalLines).length);
  return (
    <div
      ref={rows.boxRef}
      id={props.id}
      className={styles.box}
      role="group"
      tabIndex={READING_TAB_STOP}
    >
      <div style={{ height: virtualizer.getTotalSize() }}>
        {items.map(item => {
          const number = store.lineOfRow(firstRow + item.index);
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow
                number={number}
                line={store.lineAt(number)}
                digits={digits}
                timestamps={props.timestamps}
                selected={line === number + 1}
                href={hrefOfLine?.(number + 1)}
                onSelect={chosen =>
                  onLineChange?.(chosen + 1 === line ? undefined : chosen + 1)
                }
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function LogPlaceholder(props: { facts: LogFacts; onRetry(): void }) {
  const t = useText();
  const { facts } = props;
  if (facts.error) {
    return (
      <div className={styles.placeholder}>
        <PanelNotice
          kind="error"
          title={t('ui.panel.errorTitle')}
          action={
            <Button size="small" variant="secondary" onPress={props.onRetry}>
              {t('ui.panel.tryAgain')}
            </Button>
          }
        >
          {messageOf(facts.error)}
        </PanelNotice>
      </div>
    );
  }
  if (!facts.loaded) {
    return null;
  }
  return (
    <div className={styles.placeholder}>
      <PanelNotice
        kind="empty"
        title={t(facts.complete ? 'logs.viewer.empty' : 'logs.viewer.emptyYet')}
      />
    </div>
  );
}

function LogFooter(props: { facts: LogFacts; rows: LogRows; store: LogStore }) {
  const t = useText();
  const { facts, rows, store } = props;
  const { firstRow, rowsInBox } = rows;
  const before = firstRow > 0;
  const after = firstRow + rowsInBox < store.rowCount;
  return (
    <footer className={styles.footer}>
      <span>
        {t('logs.viewer.lines', {
          count: facts.totalLines,
          lines: formatNumber(facts.totalLines),
        })}{' '}
        · {formatBytes(facts.totalBytes)}
      </span>
      {facts.loaded && (
        <span>
          {t(facts.complete ? 'logs.viewer.complete' : 'logs.viewer.pending')}
        </span>
      )}
      {facts.truncated && (
        <span className={styles.truncated}>{t('logs.viewer.truncated')}</span>
      )}
      {facts.error && facts.totalLines > 0 && (
        <span className={styles.truncated} role="alert">
          {t('logs.viewer.loadFailed')}
        </span>
      )}
      {(before || after) && (
        <span className={styles.window}>
          <span>
            {t('logs.viewer.window', {
              first: formatNumber(store.lineOfRow(firstRow) + 1),
              last: formatNumber(store.lineOfRow(firstRow + rowsInBox - 1) + 1),
              total: formatNumber(facts.totalLines),
            })}
          </span>
          <Button
            size="small"
            variant="tertiary"
            isDisabled={!before}
            onPress={() => rows.move('earlier')}
          >
            {t('logs.viewer.olderHidden')}
          </Button>
          <Button
            size="small"
            variant="tertiary"
            isDisabled={!after}
            onPress={() => rows.move('later')}
          >
            {t('logs.viewer.newer')}
          </Button>
        </span>
      )}
    </footer>
  );
}
