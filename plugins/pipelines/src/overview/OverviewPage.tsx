import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import {
  AsOf,
  PanelNotice,
  useRuns,
  useStats,
} from '@millrace/backstage-plugin-pipelines-react';
import { RunButton } from '../submit/RunButton';
import { pipelinesTranslationRef } from '../translation';
import { RangePicker } from '../ui/RangePicker';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { KpiTiles } from './components/KpiTiles';
import { LatestFailures } from './components/LatestFailures';
import { RunHistory } from './components/RunHistory';
import { RunningNow } from './components/RunningNow';
import styles from './OverviewPage.module.css';
import { usePeriod } from './usePeriod';

/** The tab Overview: what the pipelines did in a period, and what they are doing. */
export function OverviewPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const period = usePeriod();
  const stats = useStats({ from: period.from });
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
        <RangePicker value={period.range} onChange={period.choose} />
        {stats.data && <AsOf at={stats.data.asOf} />}
      </div>
      <UnknownValuesNotice values={period.unknown} />
      <KpiTiles stats={stats} period={period} />
      <div className={styles.columns}>
        <div className={styles.now}>
          <RunningNow />
        </div>
        <div className={styles.past}>
          <RunHistory period={period} />
          <LatestFailures period={period} />
        </div>
      </div>
    </Container>
  );
}
