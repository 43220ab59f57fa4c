import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import {
  formatDuration,
  OutcomeChart,
  PanelState,
  useNow,
  useStats,
  useStatsHistory,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { RangePicker } from '../../ui/RangePicker';
import { useRunLinks } from '../../ui/RunLinks';
import { startOfRange, type TimeRange } from '../../ui/timeRange';
import styles from './Throughput.module.css';

const CHART_HEIGHT = 200;
const MINUTE_MS = 60_000;

/** What {@link Throughput} shows. */
export interface ThroughputProps {
  range: TimeRange;
  pipelines: readonly string[];
  onChooseRange(range: TimeRange | undefined): void;
}

/** How many runs ended per hour or day, and how long they had waited. */
export function Throughput(props: ThroughputProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { range, pipelines, onChooseRange } = props;
  const links = useRunLinks();
  const navigate = useNavigate();
  const from = startOfRange(range, useNow(MINUTE_MS));
  const isOneDay = range === '-24h';
  const filter = useMemo(
    () => ({ from, pipeline: pipelines.length > 0 ? pipelines : undefined }),
    [from, pipelines],
  );
  const stats = useStats(filter);
  const history = useStatsHistory({
    ...filter,
    bucket: isOneDay ? 'hour' : 'day',
  });
  const waitMs = stats.data?.averageWaitMs;
  return (
    <Panel
      title={
        isOneDay ? t('queue.throughput.title') : t('queue.throughput.titleDays')
      }
      aside={<RangePicker value={range} onChange={onChooseRange} />}
    >
      {waitMs !== undefined && (
        <Text as="p" variant="body-small" className={styles.wait}>
          {t('queue.throughput.wait', { duration: formatDuration(waitMs) })}
        </Text>
      )}
      <PanelState query={history} skeletonHeight={CHART_HEIGHT}>
        {data => (
          <OutcomeChart
            history={data}
            height={CHART_HEIGHT}
            onOpen={({ start, end }, state) =>
              navigate(
                links.runs(
                  runsSearch({
                    from: start,
                    to: end,
                    state: state ? [state] : [],
                    pipeline: [...pipelines],
                  }),
                ),
              )
            }
          />
        )}
      </PanelState>
    </Panel>
  );
}
