import { useParams } from 'react-router-dom';
import {
  BreadcrumbEntry,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import {
  runReadPermission,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelState,
  useRun,
  useRunStream,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { MissingRun } from '../../ui/MissingRun';
import { usePublishPageLive } from '../../ui/pageLive';
import { useRunLinks } from '../../ui/RunLinks';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { legalActions } from '../actions/legalActions';
import { useRunActionDialogs } from '../actions/useRunActionDialogs';
import { RunBanner } from './RunBanner';
import styles from './RunDetailPage.module.css';
import { RunHeader } from './RunHeader';
import { RunLife } from './RunLife';
import { RunPrimaryBar } from './RunPrimaryBar';
import { RunRelations } from './RunRelations';
import { RunTabContent } from './RunTabContent';
import { neighbourTab } from './runTab';
import { useRunKeys } from './useRunKeys';
import { useRunTab } from './useRunTab';
import { useTabTitle } from './useTabTitle';

/** The page of one run. */
export function RunDetailPage() {
  const { runId = '' } = useParams();
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const run = useRun(runId);
  return (
    <PanelState
      query={run}
      skeleton="block"
      skeletonHeight={320}
      permission={runReadPermission.name}
      notFound={
        <MissingRun title={t('run.notFoundTitle')}>
          {t('run.notFound')}
        </MissingRun>
      }
    >
      {data => <LoadedRun key={data.id} run={data} />}
    </PanelState>
  );
}

function LoadedRun({ run }: { run: RunDetail }) {
  const links = useRunLinks();
  const stream = useRunStream(run.id);
  const { tab, hrefOf, choose } = useRunTab(run);
  const { begin, dialogs } = useRunActionDialogs();
  const actions = legalActions(run, Date.now());
  useRunKeys(run, actions, begin);
  usePublishPageLive(stream.active ? stream : undefined);
  useTabTitle(run);
  useSingleKeys({
    '[': () => choose(neighbourTab(tab, -1)),
    ']': () => choose(neighbourTab(tab, 1)),
  });
  return (
    <BreadcrumbEntry entry={{ label: run.title, href: links.run(run.id) }}>
      <RunHeader
        run={run}
        tab={tab}
        hrefOf={hrefOf}
        actions={actions}
        begin={begin}
      />
      <Container className={styles.page}>
        <RunBanner run={run} logHref={hrefOf('log')} begin={begin} />
        <RunLife run={run} />
        <RunRelations run={run} />
        <RunTabContent run={run} tab={tab} stream={stream} hrefOf={hrefOf} />
        <RunPrimaryBar run={run} actions={actions} begin={begin} />
      </Container>
      {dialogs}
    </BreadcrumbEntry>
  );
}
