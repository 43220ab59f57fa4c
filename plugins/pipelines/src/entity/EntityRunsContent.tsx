import { useResolvedPath } from 'react-router-dom';
import { useEntity } from '@backstage/plugin-catalog-react';
import { entityRefOf } from '@millrace/backstage-plugin-pipelines-common';
import { RunsRouter } from '../runs';
import { LiveHeaderAction } from '../shell/LiveHeaderAction';
import { RunHeaderAction } from '../shell/RunHeaderAction';
import { RunLinksProvider } from '../ui/RunLinks';
import styles from './EntityRunsContent.module.css';

/** The tab Runs of an entity page: the runs of its pipelines; a run opens inside of the tab. */
export function EntityRunsContent() {
  const { entity } = useEntity();
  const basePath = useResolvedPath('').pathname.replace(/\/$/, '');
  const entityRef = entityRefOf(entity);
  return (
    <RunLinksProvider basePath={basePath}>
      <div className={styles.actions}>
        <LiveHeaderAction />
        <RunHeaderAction entityRef={entityRef} />
      </div>
      <RunsRouter entityRef={entityRef} />
    </RunLinksProvider>
  );
}
