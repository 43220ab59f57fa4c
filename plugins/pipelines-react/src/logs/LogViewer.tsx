import { useCallback, useId, useMemo, useRef, useState } from 'react';
import { Button } from '@backstage/ui';
import { RiArrowDownLine } from '@remixicon/react';
import clsx from 'clsx';
import {
  LOG_LEVELS,
  type RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import type { RunStreamHandle } from '../live/useRunStream';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { LogBox, type ChosenLines } from './LogBox';
import { LogFindBar, withLevel } from './LogFindBar';
import {
  hidesLines,
  markedTexts,
  NO_LOG_FILTER,
  requestOf,
  type LogFilter,
} from './logFilter';
import { LogFooter } from './LogFooter';
import { LogMap } from './LogMap';
import { LogPlaceholder, NothingFound } from './LogPlaceholder';
import { FoundRows } from './LogRowSource';
import { LogToolbar } from './LogToolbar';
import { useLogDownload } from './useLogDownload';
import { useLogFind } from './useLogFind';
import { useLogKeys } from './useLogKeys';
import { useLogRows } from './useLogRows';
import { useRunLog } from './useRunLog';
import styles from './LogViewer.module.css';

/** Props of {@link LogViewer}. @public */
export interface LogViewerProps {
  runId: string;
  /** By default the latest. */
  attempt?: number;
  /** The run's stream, so that lines arrive as they are written; without it the log is polled. */
  stream?: RunStreamHandle;
  /** The lines that the URL names; they are marked, and the first is scrolled to at first. */
  lines?: ChosenLines;
  /** Called when lines are chosen, to put them into the URL. */
  onLinesChange?(lines: ChosenLines | undefined): void;
  /** Address of a line, for its number's link. */
  hrefOfLine?(line: number): string;
  /** What is looked for; without it the viewer keeps that itself. */
  filter?: LogFilter;
  onFilterChange?(filter: LogFilter): void;
  /** The steps of the attempt; those whose lines are known can be chosen. */
  steps?: readonly RunStep[];
  /** Height of the whole viewer, as CSS says it; it never changes by itself. */
  height?: number | string;
  /** Whether keys do something that are pressed alone; by default they do. */
  singleKeys?: boolean;
}

/**
 * The log of an attempt: any length, live, by line number, searched as a whole.
 *
 * @remarks
 * The bytes of a log are anybody's. They are drawn as text: see `parseLogText`.
 *
 * @public
 */
export function LogViewer(props: LogViewerProps) {
  const { runId, attempt, stream, height = 560, steps = [] } = props;
  const { singleKeys = true } = props;
  const t = useText();
  const [wrap, setWrap] = useState(false);
  const [timestamps, setTimestamps] = useState(false);
  const [full, setFull] = useState(false);
  const [filter, setFilter] = useFilter(props);
  const [current, setCurrent] = useState<number>();
  const inputRef = useRef<HTMLInputElement>(null);
  const { store, facts } = useRunLog({ runId, attempt, stream });

  const place = useRef<() => number | undefined>(() => undefined);
  const arrive = useRef<(line: number) => void>(() => {});
  const find = useLogFind({
    runId,
    attempt,
    filter,
    log: facts,
    placeOf: () => place.current(),
    onArrive: line => arrive.current(line),
  });
  const isAnswered = find.facts.wish === JSON.stringify(requestOf(filter));
  const hides = hidesLines(filter) && isAnswered;
  const { lines: found } = find.facts;
  const source = useMemo(
    () => (hides ? new FoundRows(store, { lines: found }) : store),
    [hides, store, found],
  );
  const rows = useLogRows({
    log: store,
    store: source,
    facts,
    wrap,
    startLine: props.lines && props.lines.first - 1,
  });
  const download = useLogDownload({
    runId,
    attempt: attempt ?? facts.attempt,
  });
  const boxId = useId();
  const marked = useMemo(() => markedTexts(filter), [filter]);

  place.current = () => {
    const first = rows.virtualizer.range?.startIndex;
    return first === undefined || source.rowCount === 0
      ? undefined
      : source.lineOfRow(rows.firstRow + first);
  };
  const { goTo: show } = rows;
  const goTo = useCallback(
    (line: number | undefined) => {
      if (line !== undefined) {
        setCurrent(line);
        show(line);
      }
    },
    [show],
  );
  arrive.current = line => {
    // Whoever follows the end, and only hides lines, stays there
    if (filter.q.trim() !== '' || !rows.following) {
      goTo(line);
    }
  };
  const here = () => current ?? place.current() ?? 0;
  const changeFilter = (next: LogFilter) => {
    setCurrent(undefined);
    setFilter(next);
  };
  const stepError = async (direction: 'next' | 'previous') =>
    goTo(await find.stepError(direction, here()));
  const step = async (direction: 'next' | 'previous') =>
    goTo(await find.finder.step(direction, here()));
  const goToNumber = (wanted: number) => {
    const last = Math.max(1, facts.totalLines);
    const target = Math.min(Math.max(1, wanted), last);
    rows.goTo(target - 1);
    props.onLinesChange?.({ first: target, last: target });
  };

  const foundNothing =
    hides && facts.totalLines > 0 && source.rowCount === 0 && !find.facts.error;

  const viewerRef = useRef<HTMLElement>(null);
  useLogKeys(viewerRef, singleKeys, {
    find: () => inputRef.current?.focus(),
    stepError,
    toggleLevel: index => changeFilter(withLevel(filter, LOG_LEVELS[index])),
    toggleWrap: () => setWrap(!wrap),
    toggleTimestamps: () => setTimestamps(!timestamps),
    toggleFullScreen: () => setFull(!full),
    leaveFullScreen: full ? () => setFull(false) : undefined,
    download: download.download,
    toStart: () => rows.goTo(0),
    follow: rows.follow,
  });

  return (
    <section
      ref={viewerRef}
      className={clsx(styles.viewer, wrap && styles.wrap, full && styles.full)}
      style={{ height: full ? undefined : height }}
      aria-label={t('logs.viewer.region', {
        attempt: String(attempt ?? facts.attempt ?? ''),
      })}
    >
      <LogFindBar
        filter={filter}
        onChange={changeFilter}
        steps={steps
          .filter(({ firstLine }) => firstLine !== undefined)
          .map(({ name }) => name)}
        find={find.facts}
        inputRef={inputRef}
        onStep={step}
      />
      <LogToolbar
        boxId={boxId}
        wrap={wrap}
        onWrapChange={setWrap}
        timestamps={timestamps}
        onTimestampsChange={setTimestamps}
        fullScreen={full}
        onFullScreenChange={setFull}
        following={rows.following}
        onFollow={rows.follow}
        onGoTo={goToNumber}
        errorCount={find.facts.levels?.error ?? 0}
        onStepError={stepError}
        download={download}
      />
      <div className={styles.frame}>
        <LogBox
          id={boxId}
          rows={rows}
          source={source}
          totalLines={facts.totalLines}
          timestamps={timestamps}
          chosen={props.lines}
          onChoose={props.onLinesChange}
          current={current}
          marked={marked}
          hrefOfLine={props.hrefOfLine}
        />
        <LogMap
          parts={find.facts.parts}
          totalLines={facts.totalLines}
          onGoTo={goTo}
        />
        {facts.totalLines === 0 && (
          <LogPlaceholder facts={facts} onRetry={() => store.open()} />
        )}
        {foundNothing && <NothingFound learnt={find.facts.learnt} />}
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
      <LogFooter
        facts={facts}
        rows={rows}
        source={source}
        find={find}
        hides={hides}
        onShowAll={() => changeFilter({ ...NO_LOG_FILTER, q: filter.q })}
      />
    </section>
  );
}

/** The filter of whoever uses the viewer, or else one of its own. */
function useFilter(props: LogViewerProps) {
  const [own, setOwn] = useState(NO_LOG_FILTER);
  return [props.filter ?? own, props.onFilterChange ?? setOwn] as const;
}
