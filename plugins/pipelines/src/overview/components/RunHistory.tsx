import { useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  OutcomeChart,
  PanelState,
  useStatsHistory,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import type { Period } from '../usePeriod';

const CHART_HEIGHT = 220;

/** The runs of the period by day, or by hour for one day; a bar leads to its runs. */
export function RunHistory({ period }: { period: Period }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const navigate = useNavigate();
  const links = useRunLinks();
  const isOneDay = period.range === '-24h';
  const history = useStatsHistory({
    from: period.from,
    bucket: isOneDay ? 'hour' : 'day',
  });
  return (
    <Panel
      title={isOneDay ? t('overview.historyHours') : t('overview.history')}
    >
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
