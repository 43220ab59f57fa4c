import { lazy, Suspense } from 'react';
import { useParams } from 'react-router-dom';
import {
  BreadcrumbEntry,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, ButtonLink, Container, Skeleton } from '@backstage/ui';
import {
  pipelineReadPermission,
  type Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  usePipeline,
} from '@millrace/backstage-plugin-pipelines-react';
import { PauseText } from '../../queue/components/QueueBanner';
import { pipelinesTranslationRef } from '../../translation';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { CalendarTab } from './CalendarTab';
import { GridTab } from './GridTab';
import { OverviewTab } from './OverviewTab';
import { PipelineHeader } from './PipelineHeader';
import styles from './PipelinePage.module.css';
import { neighbourTab, usePipelineTab } from './pipelineTab';
import { ReportedNotice } from './ReportedNotice';
import { ScheduleTab } from './ScheduleTab';
import { TrendsTab } from './TrendsTab';

// Forms and their checks are large, and most visits never open one.
const SettingsEditor = lazy(() =>
  import('../../settings').then(m => ({ default: m.SettingsEditor })),
);

const FORM_HEIGHT = 480;

/** The page of one pipeline. */
export function PipelinePage() {
  const { pipelineId = '' } = useParams();
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const pipeline = usePipeline(pipelineId);
  return (
    <PanelState
      query={pipeline}
      skeleton="block"
      skeletonHeight={320}
      permission={pipelineReadPermission.name}
      notFound={
        <Container className={styles.missing}>
          <PanelNotice
            kind="notFound"
            title={t('pipeline.notFoundTitle')}
            action={
              <ButtonLink variant="secondary" href={links.definitions}>
                {t('pipeline.toDefinitions')}
              </ButtonLink>
            }
          >
            {t('pipeline.notFound')}
          </PanelNotice>
        </Container>
      }
    >
      {data => <LoadedPipeline key={data.id} pipeline={data} />}
    </PanelState>
  );
}

function LoadedPipeline({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const { id, title, paused } = pipeline;
  const { tab, hrefOf, choose } = usePipelineTab();
  const access = usePipelineAccess('configure', pipeline);
  useSingleKeys({
    '[': () => choose(neighbourTab(tab, -1)),
    ']': () => choose(neighbourTab(tab, 1)),
  });
  return (
    <BreadcrumbEntry entry={{ label: title, href: links.pipeline(id) }}>
      <PipelineHeader pipeline={pipeline} tab={tab} hrefOf={hrefOf} />
      <Container className={styles.page}>
        {paused && (
          <Alert
            status="warning"
            icon
            title={t('pipeline.isPaused', { title })}
            description={<PauseText pause={paused} />}
          />
        )}
        <ReportedNotice pipeline={pipeline} />
        {tab === 'overview' && <OverviewTab pipeline={pipeline} />}
        {tab === 'grid' && <GridTab pipeline={pipeline} />}
        {tab === 'calendar' && <CalendarTab pipeline={pipeline} />}
        {tab === 'trends' && <TrendsTab pipeline={pipeline} />}
        {tab === 'schedule' && <ScheduleTab pipeline={pipeline} />}
        {tab === 'settings' && (
          <Suspense fallback={<Skeleton width="100%" height={FORM_HEIGHT} />}>
            <SettingsEditor scope={id} access={access} />
          </Suspense>
        )}
      </Container>
    </BreadcrumbEntry>
  );
}
