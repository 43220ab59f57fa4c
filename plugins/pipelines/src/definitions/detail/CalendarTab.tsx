import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import {
  runReadPermission,
  UNSUCCESSFUL_RUN_STATES,
  type Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  CalendarHeatMap,
  PanelState,
  useNow,
  useStatsHistory,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowLeftSLine, RiArrowRightSLine } from '@remixicon/react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { UnknownValuesNotice } from '../../ui/UnknownValuesNotice';
import styles from './GridTab.module.css';
import {
  CALENDAR_GRAINS,
  CALENDAR_METRICS,
  useCalendarUrl,
  type CalendarUrl,
} from './useCalendarUrl';

const MINUTE_MS = 60_000;

/** When a pipeline ran and failed: a year by day, or four weeks by hour. */
export function CalendarTab({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const url = useCalendarUrl(useNow(MINUTE_MS));
  const { by, metric, from, to } = url;
  const history = useStatsHistory({
    pipeline: [pipeline.id],
    bucket: by,
    from,
    to,
  });
  return (
    <Panel
      title={t('pipeline.calendar.title')}
      aside={history.data && <AsOf at={history.data.asOf} />}
    >
      <div className={styles.tab}>
        <UnknownValuesNotice values={url.unknown} />
        <CalendarControls url={url} />
        <PanelState
          query={history}
          skeletonHeight={200}
          permission={runReadPermission.name}
        >
          {data => (
            <CalendarHeatMap
              history={data}
              metric={metric}
              onMove={direction =>
                (direction < 0 || !url.isLatest) && url.move(direction)
              }
              hrefOf={cell =>
                links.runs(
                  runsSearch({
                    pipeline: [pipeline.id],
                    state:
                      metric === 'total' ? [] : [...UNSUCCESSFUL_RUN_STATES],
                    from: cell.start,
                    to: cell.end,
                  }),
                )
              }
            />
          )}
        </PanelState>
        {history.data && (
          <p className={styles.note}>
            {t('pipeline.calendar.zone', { zone: history.data.timezone })}
          </p>
        )}
      </div>
    </Panel>
  );
}

function CalendarControls({ url }: { url: CalendarUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <div className={styles.controls}>
      <ToggleButtonGroup
        aria-label={t('pipeline.calendar.by')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[url.by]}
        onSelectionChange={keys => {
          const grain = CALENDAR_GRAINS.find(name => keys.has(name));
          if (grain) {
            url.chooseBy(grain);
          }
        }}
      >
        {CALENDAR_GRAINS.map(grain => (
          <ToggleButton key={grain} id={grain}>
            {t(`pipeline.calendar.grain.${grain}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <ToggleButtonGroup
        aria-label={t('pipeline.calendar.metric')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[url.metric]}
        onSelectionChange={keys => {
          const metric = CALENDAR_METRICS.find(name => keys.has(name));
          if (metric) {
            url.chooseMetric(metric);
          }
        }}
      >
        {CALENDAR_METRICS.map(metric => (
          <ToggleButton key={metric} id={metric}>
            {t(`pipeline.calendar.metrics.${metric}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <span>
        <ButtonIcon
          variant="secondary"
          icon={<RiArrowLeftSLine />}
          aria-label={t('pipeline.calendar.earlier')}
          onPress={() => url.move(-1)}
        />
        <ButtonIcon
          variant="secondary"
          icon={<RiArrowRightSLine />}
          aria-label={t('pipeline.calendar.later')}
          isDisabled={url.isLatest}
          onPress={() => url.move(1)}
        />
      </span>
    </div>
  );
}
