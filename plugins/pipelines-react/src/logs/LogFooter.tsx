import { Button } from '@backstage/ui';
import type { LearntTemplates } from '@millrace/backstage-plugin-pipelines-common';
import { useText, type TextFunction } from '../translation/useText';
import { formatBytes, formatNumber } from '../ui/format';
import type { LogFind } from './useLogFind';
import type { LogRowSource } from './LogRowSource';
import type { LogFacts } from './LogStore';
import type { LogRows } from './useLogRows';
import styles from './LogViewer.module.css';

/** Props of {@link LogFooter}. @internal */
export interface LogFooterProps {
  facts: LogFacts;
  rows: LogRows;
  source: LogRowSource;
  find: LogFind;
  /** Lines are hidden. */
  hides: boolean;
  onShowAll(): void;
}

/** How long a log is, and what of it is not shown. @internal */
export function LogFooter(props: LogFooterProps) {
  const t = useText();
  const { facts } = props;
  return (
    <footer className={styles.footer}>
      {props.hides && <Hidden {...props} />}
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
      <Stopped {...props} />
      <RowWindow {...props} />
    </footer>
  );
}

function Hidden({ facts, find, onShowAll }: LogFooterProps) {
  const t = useText();
  const { found, lines, index, learnt } = find.facts;
  const hidden = Math.max(0, facts.totalLines - found);
  return (
    <>
      <span>
        {t('logs.viewer.hidden', {
          count: hidden,
          lines: formatNumber(hidden),
        })}{' '}
        <Button size="small" variant="tertiary" onPress={onShowAll}>
          {t('logs.viewer.showAll')}
        </Button>
      </span>
      {learnt && <span>{learntText(learnt, t)}</span>}
      {lines.length < found && (
        <span className={styles.truncated}>
          {t('logs.viewer.foundWindow', {
            first: formatNumber(index + 1),
            last: formatNumber(index + lines.length),
            found: formatNumber(found),
          })}
        </span>
      )}
    </>
  );
}

/** From what novel lines were told. */
function learntText(learnt: LearntTemplates, t: TextFunction): string {
  const { runs, sampledRuns, full } = learnt;
  return [
    t('logs.novel.learnt', { count: runs, runs: formatNumber(runs) }),
    sampledRuns > 0 &&
      t('logs.novel.sampled', { runs: formatNumber(sampledRuns) }),
    full && t('logs.novel.full'),
  ]
    .filter(Boolean)
    .join('; ');
}

function Stopped({ find }: LogFooterProps) {
  const t = useText();
  const { stopped, to, loading } = find.facts;
  if (!stopped) {
    return null;
  }
  return (
    <span className={styles.truncated}>
      {t(
        stopped === 'time'
          ? 'logs.viewer.stoppedTime'
          : 'logs.viewer.stoppedFound',
        { line: formatNumber(to) },
      )}{' '}
      <Button
        size="small"
        variant="tertiary"
        isPending={loading}
        onPress={() => find.finder.goOn()}
      >
        {t('logs.viewer.goOn')}
      </Button>
    </span>
  );
}

function RowWindow({ facts, rows, source }: LogFooterProps) {
  const t = useText();
  const { firstRow, rowsInBox } = rows;
  const before = firstRow > 0;
  const after = firstRow + rowsInBox < source.rowCount;
  if (!before && !after) {
    return null;
  }
  return (
    <span className={styles.window}>
      <span>
        {t('logs.viewer.window', {
          first: formatNumber(source.lineOfRow(firstRow) + 1),
          last: formatNumber(source.lineOfRow(firstRow + rowsInBox - 1) + 1),
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
  );
}
