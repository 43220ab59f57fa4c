import { useMemo, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  runReadPermission,
  type Pipeline,
  type RunState,
  type StatsBucket,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  DurationChart,
  OutcomeChart,
  PanelNotice,
  PanelState,
  SuccessRateChart,
  useFailures,
  useNow,
  useStatsHistory,
} from '@millrace/backstage-plugin-pipelines-react';
import { FailuresList } from '../../failures/components/FailuresList';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { RangePicker } from '../../ui/RangePicker';
import { useRunLinks } from '../../ui/RunLinks';
import { isTimeRange, startOfRange, type TimeRange } from '../../ui/timeRange';
import { UnknownValuesNotice } from '../../ui/UnknownValuesNotice';
import { usePageLinks } from '../../ui/usePageLinks';
import styles from './GridTab.module.css';

const MINUTE_MS = 60_000;
const USUAL_RANGE: TimeRange = '-30d';
const CHART_HEIGHT = 220;
const MOST_FAILURES = 10;

/** How long the runs of a pipeline took over time, how often they succeeded, and what failed. */
export function TrendsTab({ pipeline }: { pipeline: Pipeline }) {
  const { id } = pipeline;
  const { range, unknown, choose } = useTrendRange();
  const nowMs = useNow(MINUTE_MS);
  const from = startOfRange(range, nowMs);
  return (
    <div className={styles.tab}>
      <UnknownValuesNotice values={unknown} />
      <RangePicker value={range} onChange={choose} />
      <Trends
        pipelineId={id}
        from={from}
        bucket={range === '-24h' ? 'hour' : 'day'}
      />
      <FailuresOf pipelineId={id} from={from} range={range} />
    </div>
  );
}

function useTrendRange() {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get('range') ?? USUAL_RANGE;
  const range = isTimeRange(text) ? text : USUAL_RANGE;
  return {
    range,
    unknown: useMemo(
      () => (isTimeRange(text) ? [] : [{ name: 'range', value: text }]),
      [text],
    ),
    choose: (next: TimeRange | undefined) =>
      setParameters(previous => {
        const changed = new URLSearchParams(previous);
        if (next === undefined || next === USUAL_RANGE) {
          changed.delete('range');
        } else {
          changed.set('range', next);
        }
        return changed;
      }),
  };
}

function Trends(props: {
  pipelineId: string;
  from: string;
  bucket: 'hour' | 'day';
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipelineId, from, bucket } = props;
  const navigate = useNavigate();
  const links = useRunLinks();
  const history = useStatsHistory({ pipeline: [pipelineId], bucket, from });
  const open = ({ start, end }: StatsBucket, state?: RunState) =>
    navigate(
      links.runs(
        runsSearch({
          pipeline: [pipelineId],
          state: state ? [state] : [],
          from: start,
          to: end,
        }),
      ),
    );
  const panel = (title: string, draw: (data: StatsHistory) => ReactNode) => (
    <Panel
      title={title}
      aside={history.data && <AsOf at={history.data.asOf} />}
    >
      <PanelState
        query={history}
        skeletonHeight={CHART_HEIGHT}
        permission={runReadPermission.name}
      >
        {draw}
      </PanelState>
    </Panel>
  );
  return (
    <>
      {panel(t('pipeline.trends.durations'), data => (
        <DurationChart history={data} height={CHART_HEIGHT} onOpen={open} />
      ))}
      {panel(t('pipeline.trends.successRate'), data => (
        <SuccessRateChart history={data} height={CHART_HEIGHT} />
      ))}
      {panel(t('pipeline.trends.outcomes'), data => (
        <OutcomeChart history={data} height={CHART_HEIGHT} onOpen={open} />
      ))}
    </>
  );
}

function FailuresOf(props: {
  pipelineId: string;
  from: string;
  range: TimeRange;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipelineId, from, range } = props;
  const pages = usePageLinks();
  const query = useFailures({ pipeline: [pipelineId], from });
  const failures = query.data?.pages[0]?.items.slice(0, MOST_FAILURES);
  return (
    <>
      <PanelState
        query={{ ...query, data: failures }}
        skeleton="rows"
        skeletonCount={4}
        permission={runReadPermission.name}
        empty={items =>
          items.length === 0 ? (
            <PanelNotice kind="good" title={t('pipeline.trends.noFailures')} />
          ) : undefined
        }
      >
        {items => <FailuresList failures={items} />}
      </PanelState>
      {failures && failures.length > 0 && (
        <p className={styles.note}>
          <Link href={pages.failures(`?pipeline=${pipelineId}&range=${range}`)}>
            {t('pipeline.trends.allFailures')}
          </Link>
        </p>
      )}
    </>
  );
}
