import { useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  RunState,
  StatsBucket,
  StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  DurationChart,
  OutcomeChart,
  PanelState,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import type { HrefOfRuns } from '../useScopedRuns';

const CHART_HEIGHT = 220;

/** What {@link RunHistory} shows. */
export interface RunHistoryProps {
  history: PanelQuery<StatsHistory>;
  bucket: 'hour' | 'day';
  hrefOf: HrefOfRuns;
}

/** The runs of the period over time, and how long they took; every bucket leads to its runs. */
export function RunHistory({ history, bucket, hrefOf }: RunHistoryProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const navigate = useNavigate();
  const isHourly = bucket === 'hour';
  const asOf = history.data && <AsOf at={history.data.asOf} />;
  const open = ({ start, end }: StatsBucket, state?: RunState) =>
    navigate(
      hrefOf({
        span: { from: start, to: end },
        states: state ? [state] : [],
      }),
    );
  return (
    <>
      <Panel
        title={isHourly ? t('overview.historyHours') : t('overview.history')}
        aside={asOf}
      >
        <PanelState query={history} skeletonHeight={CHART_HEIGHT}>
          {data => (
            <OutcomeChart history={data} height={CHART_HEIGHT} onOpen={open} />
          )}
        </PanelState>
      </Panel>
      <Panel
        title={
          isHourly ? t('overview.durationsHours') : t('overview.durations')
        }
        aside={asOf}
      >
        <PanelState query={history} skeletonHeight={CHART_HEIGHT}>
          {data => (
            <DurationChart history={data} height={CHART_HEIGHT} onOpen={open} />
          )}
        </PanelState>
      </Panel>
    </>
  );
}
