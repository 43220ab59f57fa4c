import {
  Navigate,
  Route,
  Routes,
  useLocation,
  useResolvedPath,
} from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PluginHeader } from '@backstage/ui';
import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { RiFlowChart } from '@remixicon/react';
import { DefinitionsRouter } from '../definitions';
import { FailuresRouter } from '../failures';
import { OverviewPage } from '../overview';
import { QueueRouter } from '../queue';
import { RunsRouter } from '../runs';
import { TimelinePage } from '../timeline';
import { pipelinesTranslationRef } from '../translation';
import { LiveHeaderAction } from './LiveHeaderAction';
import styles from './LegacyPage.module.css';
import { RunHeaderAction } from './RunHeaderAction';

const TABS = [
  'overview',
  'runs',
  'definitions',
  'timeline',
  'failures',
  'queue',
] as const;

/** The Pipelines page with the header and the tabs that the legacy system does not draw. */
export function LegacyPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { search } = useLocation();
  const path = useResolvedPath('').pathname.replace(/\/$/, '');
  return (
    <PipelinesQueryProvider>
      <div className={styles.page}>
        <PluginHeader
          title={t('page.title')}
          titleLink={path}
          icon={<RiFlowChart />}
          tabs={TABS.map(id => ({
            id,
            label: t(`page.${id}` as const),
            href: `${path}/${id}`,
            matchStrategy: 'prefix' as const,
          }))}
          customActions={
            <>
              <LiveHeaderAction />
              <RunHeaderAction />
            </>
          }
        />
        <Routes>
          <Route
            index
            element={<Navigate to={`overview${search}`} replace />}
          />
          <Route path="overview/*" element={<OverviewPage />} />
          <Route path="runs/*" element={<RunsRouter />} />
          <Route path="definitions/*" element={<DefinitionsRouter />} />
          <Route path="timeline/*" element={<TimelinePage />} />
          <Route path="failures/*" element={<FailuresRouter />} />
          <Route path="queue/*" element={<QueueRouter />} />
        </Routes>
      </div>
    </PipelinesQueryProvider>
  );
}
