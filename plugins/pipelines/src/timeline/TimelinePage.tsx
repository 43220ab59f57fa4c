import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Container } from '@backstage/ui';
import {
  runReadPermission,
  type RunState,
  type Timeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  FleetTimeline,
  formatClock,
  PanelNotice,
  PanelState,
  useNow,
  useTimeline,
  type TimelineView,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { EntityName } from '../ui/EntityName';
import { useRunLinks } from '../ui/RunLinks';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { usePageLinks } from '../ui/usePageLinks';
import { useSingleKeys } from '../ui/useSingleKeys';
import { TimelineControls } from './components/TimelineControls';
import { TimelineTable } from './components/TimelineTable';
import styles from './TimelinePage.module.css';
import { searchOfRuns } from './runsInView';
import { lengthOf, viewAt, windowAround } from './timelineWindow';
import { useTimelineMoves } from './useTimelineMoves';
import { useTimelineUrl } from './useTimelineUrl';

/** It moves on by a px or so. */
const STEPS_PER_RANGE = 1_000;

/** All pipelines on one axis of time. */
export function TimelinePage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const url = useTimelineUrl();
  const nowMs = useNow(Math.max(1_000, lengthOf(url.range) / STEPS_PER_RANGE));
  const moves = useTimelineMoves(url, nowMs);
  const view = viewAt(url.range, url.atMs ?? nowMs);
  const some = <TValue,>(values: TValue[]) =>
    values.length > 0 ? values : undefined;
  const timeline = useTimeline({
    ...windowAround(url.range, view),
    pipeline: some(url.pipelines),
    owner: some(url.owners),
    state: some(url.states),
  });
  useSingleKeys({
    '+': () => moves.zoom('in'),
    '=': () => moves.zoom('in'),
    '-': () => moves.zoom('out'),
    '0': moves.toNow,
  });
  return (
    <Container className={styles.page}>
      <UnknownValuesNotice values={url.unknown} />
      <TimelineControls url={url} moves={moves} />
      <div className={styles.line}>
        <span>
          {t('timeline.inView', {
            from: formatClock(view.fromMs),
            to: formatClock(view.toMs, view.fromMs),
          })}
        </span>
        {timeline.data && <AsOf at={timeline.data.asOf} />}
      </div>
      <PanelState
        query={timeline}
        skeleton="rows"
        permission={runReadPermission.name}
        empty={({ pipelines }) =>
          pipelines.length === 0 ? (
            <PanelNotice kind="noMatch" title={t('timeline.empty')} />
          ) : undefined
        }
      >
        {data => (
          <>
            <CutNotice timeline={data} />
            {url.form === 'table' ? (
              <TimelineTable timeline={data} view={view} states={url.states} />
            ) : (
              <Chart
                timeline={data}
                view={view}
                nowMs={nowMs}
                moves={moves}
                states={url.states}
              />
            )}
          </>
        )}
      </PanelState>
    </Container>
  );
}

function Chart(props: {
  timeline: Timeline;
  view: TimelineView;
  nowMs: number;
  moves: ReturnType<typeof useTimelineMoves>;
  states: readonly RunState[];
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { moves, states, ...shown } = props;
  const links = useRunLinks();
  const pages = usePageLinks();
  return (
    <>
      <FleetTimeline
        {...shown}
        onPan={moves.pan}
        onZoom={moves.zoom}
        hrefOfRun={runId => links.run(runId)}
        hrefOfPipeline={id => pages.pipeline(id)}
        hrefOfSchedule={id => pages.pipeline(id, '?tab=schedule')}
        hrefOfRuns={(pipelineId, fromMs, toMs) =>
          links.runs(searchOfRuns({ pipelineId, fromMs, toMs, states }))
        }
        nameOfOwner={owner =>
          owner ? (
            <EntityName entityRef={owner} hideIcon />
          ) : (
            t('timeline.noOwner')
          )
        }
      />
      <p className={styles.keys}>{t('timeline.keys')}</p>
    </>
  );
}

function CutNotice({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { runsSince, hasMorePipelines } = timeline;
  return (
    <>
      {runsSince && (
        <Alert
          status="info"
          icon
          description={t('timeline.cut', { time: formatClock(runsSince) })}
        />
      )}
      {hasMorePipelines && (
        <Alert status="info" icon description={t('timeline.morePipelines')} />
      )}
    </>
  );
}
