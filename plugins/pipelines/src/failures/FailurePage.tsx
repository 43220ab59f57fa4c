import { useParams } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Link } from '@backstage/ui';
import {
  runReadPermission,
  type FailureDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  PanelNotice,
  PanelState,
  TimeText,
  useFailure,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { EntityName } from '../ui/EntityName';
import { Panel } from '../ui/Panel';
import { RangePicker } from '../ui/RangePicker';
import { useRunLinks } from '../ui/RunLinks';
import { StackedTable } from '../ui/StackedTable';
import { startOfRange } from '../ui/timeRange';
import { usePageLinks } from '../ui/usePageLinks';
import { ActivityBars } from './components/ActivityBars';
import { FailureActions } from './components/FailureActions';
import { FailureHistory } from './components/FailureHistory';
import { FailureRuns } from './components/FailureRuns';
import { FailureStateTag } from './components/FailureStateTag';
import styles from './Failures.module.css';
import { useFailuresUrl } from './useFailuresUrl';

/** The page of a failure: what it says, where and when it occurs, and what was done about it. */
export function FailurePage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { fingerprint = '' } = useParams();
  const links = usePageLinks();
  const url = useFailuresUrl();
  const failure = useFailure(fingerprint, startOfRange(url.range, Date.now()));
  return (
    <Container className={styles.page}>
      <div className={styles.head}>
        <Link href={links.failures()}>{t('failures.page.back')}</Link>
        <RangePicker value={url.range} onChange={url.chooseRange} />
      </div>
      <PanelState
        query={failure}
        permission={runReadPermission.name}
        notFound={
          <PanelNotice kind="notFound" title={t('failures.page.notFound')} />
        }
      >
        {data => (
          <div className={styles.page}>
            <Message failure={data} />
            <Panel title={t('failures.heads.activity')}>
              <ActivityBars activity={data.activity} isLarge />
              <p className={styles.note}>
                {t('failures.page.total', { count: data.totalOccurrences })}
                {' · '}
                {t('failures.heads.firstSeen')}{' '}
                <TimeText at={data.firstSeenAt} />
                {' · '}
                {t('failures.heads.lastSeen')} <TimeText at={data.lastSeenAt} />
              </p>
            </Panel>
            <Pipelines failure={data} />
            <FailureRuns fingerprint={data.fingerprint} />
            <FailureHistory history={data.history} />
          </div>
        )}
      </PanelState>
    </Container>
  );
}

function Message({ failure }: { failure: FailureDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { lastRun, kind, step, template } = failure;
  return (
    <Panel
      title={t('failures.page.template')}
      aside={<FailureStateTag failure={failure} />}
    >
      <div className={styles.about}>
        <p className={styles.message}>{template || t('failures.noMessage')}</p>
        <p className={styles.note}>
          {[
            t(`failures.kind.${kind}` as const),
            step && t('failures.inStep', { step }),
          ]
            .filter(Boolean)
            .join(' ')}
        </p>
        {lastRun && (
          <p className={styles.note}>
            {t('failures.page.lastRun')}:{' '}
            <Link href={links.run(lastRun.id)}>{lastRun.title}</Link>,{' '}
            <TimeText at={lastRun.at} />
          </p>
        )}
        {lastRun && lastRun.message !== template && (
          <p className={styles.message}>{lastRun.message}</p>
        )}
        <div className={styles.actions}>
          <FailureActions failure={failure} />
        </div>
      </div>
    </Panel>
  );
}

function Pipelines({ failure }: { failure: FailureDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const others = failure.pipelineCount - failure.pipelines.length;
  return (
    <Panel title={t('failures.page.pipelines')}>
      <StackedTable
        label={t('failures.page.pipelines')}
        heads={[
          t('failures.page.pipeline'),
          t('failures.page.owner'),
          t('failures.heads.runs'),
          t('failures.heads.lastSeen'),
        ]}
        rows={failure.pipelines.map(pipeline => ({
          key: pipeline.id,
          cells: [
            <Link key="title" href={links.pipeline(pipeline.id)}>
              {pipeline.title}
            </Link>,
            pipeline.owner && (
              <EntityName key="owner" entityRef={pipeline.owner} />
            ),
            formatNumber(pipeline.occurrences),
            <TimeText key="last" at={pipeline.lastSeenAt} />,
          ],
        }))}
      />
      {others > 0 && (
        <p className={styles.note}>
          {t('failures.morePipelines', { count: others })}
        </p>
      )}
    </Panel>
  );
}
