import { useMemo } from 'react';
import { useResolvedPath } from 'react-router-dom';
import { useEntity } from '@backstage/plugin-catalog-react';
import { entityRefOf } from '@millrace/backstage-plugin-pipelines-common';
import { RunsRouter } from '../runs';
import { LiveHeaderAction } from '../shell/LiveHeaderAction';
import { RunHeaderAction } from '../shell/RunHeaderAction';
import { RunLinksProvider } from '../ui/RunLinks';
import styles from './EntityRunsContent.module.css';
import { scopeOf } from './scopeOf';

/**
 * The tab Runs of an entity page: the runs of its pipelines, or of those that a group or a person
 * owns; a run opens inside of the tab.
 */
export function EntityRunsContent() {
  const { entity } = useEntity();
  const basePath = useResolvedPath('').pathname.replace(/\/$/, '');
  const entityRef = entityRefOf(entity);
  const { belongsTo, scope } = useMemo(() => {
    const { entity: belongs, ...others } = scopeOf(entity);
    return { belongsTo: belongs, scope: belongs ? undefined : others };
  }, [entity]);
  return (
    <RunLinksProvider basePath={basePath}>
      <div className={styles.actions}>
        <LiveHeaderAction />
        <RunHeaderAction entityRef={belongsTo?.[0]} />
      </div>
      <RunsRouter entityRef={entityRef} scope={scope} />
    </RunLinksProvider>
  );
}
