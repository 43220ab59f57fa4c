import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Text } from '@backstage/ui';
import {
  formatExactTime,
  PanelNotice,
  usePipelines,
  useRuns,
  useStats,
  useStatsByPipeline,
  useStatsHistory,
} from '@millrace/backstage-plugin-pipelines-react';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import { RunButton } from '../submit/RunButton';
import { pipelinesTranslationRef } from '../translation';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { KpiTiles } from './components/KpiTiles';
import { LatestFailures } from './components/LatestFailures';
import { PipelinesTable } from './components/PipelinesTable';
import { RunHistory } from './components/RunHistory';
import { RunningNow } from './components/RunningNow';
import { ScopePickers } from './components/ScopePickers';
import styles from './OverviewPage.module.css';
import { useScope } from './useScope';
import { useScopedRuns } from './useScopedRuns';

/** Most pipelines that can be chosen, and whose newest runs are shown. */
const MAX_PIPELINES = 200;
const NO_PIPELINES: readonly Pipeline[] = [];

/** The tab Overview: what the pipelines did in a period, and what they are doing. */
export function OverviewPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const scope = useScope();
  const { filter } = scope;
  const stats = useStats({ ...filter, compare: 'previous' });
  const history = useStatsHistory(filter);
  const byPipeline = useStatsByPipeline(filter);
  const list = usePipelines({ limit: MAX_PIPELINES });
  const pipelines = list.data?.pages[0]?.items ?? NO_PIPELINES;
  const hrefOf = useScopedRuns(scope);
  const anyRun = useRuns({ limit: 1 });
  if (anyRun.data?.pages[0]?.items.length === 0) {
    return (
      <Container className={styles.page}>
        <PanelNotice
          kind="empty"
          title={t('overview.firstUseTitle')}
          action={<RunButton variant="primary" />}
        >
          {t('overview.firstUse')}
        </PanelNotice>
      </Container>
    );
  }
  return (
    <Container className={styles.page}>
      <div className={styles.scope}>
        <ScopePickers scope={scope} pipelines={pipelines} />
        {stats.data && (
          <Text variant="body-small" color="secondary">
            {t('overview.counted', {
              from: formatExactTime(stats.data.from),
              to: formatExactTime(stats.data.to),
            })}
          </Text>
        )}
      </div>
      <UnknownValuesNotice values={scope.unknown} />
      <KpiTiles stats={stats} history={history.data} hrefOf={hrefOf} />
      <div className={styles.columns}>
        <div className={styles.now}>
          <RunningNow scope={scope} hrefOf={hrefOf} />
        </div>
        <div className={styles.past}>
          <RunHistory
            history={history}
            bucket={filter.bucket}
            hrefOf={hrefOf}
          />
        </div>
      </div>
      <PipelinesTable
        stats={byPipeline}
        pipelines={pipelines}
        hrefOf={hrefOf}
      />
      <LatestFailures scope={scope} hrefOf={hrefOf} />
    </Container>
  );
}
