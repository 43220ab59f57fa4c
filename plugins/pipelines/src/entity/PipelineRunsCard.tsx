import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Button, Link } from '@backstage/ui';
import {
  isPipelinesAvailable,
  pipelineReadPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import { PanelState } from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../runs/runsUrl';
import { RunDialogOfUrl } from '../submit/RunDialogOfUrl';
import { pipelinesTranslationRef } from '../translation';
import { Panel } from '../ui/Panel';
import { useRunLinks } from '../ui/RunLinks';
import { usePageLinks } from '../ui/usePageLinks';
import { PipelineRunsItem } from './PipelineRunsItem';
import styles from './PipelineRunsCard.module.css';
import { usePipelinesOf, type PipelinesOf } from './usePipelinesOf';

/** Most pipelines that are shown before somebody asks for all of them. */
const MAX_SHOWN = 5;

/** Height of a pipeline in the card, px; the style sheet says the same. */
const ITEM_HEIGHT = 132;

/**
 * The card of an entity page: how the pipelines of the entity do, and the way to run and pause
 * them; nothing where there is none that the person may see.
 */
export function PipelineRunsCard() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { entity } = useEntity();
  const links = useRunLinks();
  const query = usePipelinesOf(entity);
  const ids = query.data?.items.map(({ id }) => id) ?? [];
  // Most groups and people own none, so a place is kept only for who says that there are some.
  const isExpected = isPipelinesAvailable(entity);
  if (query.data ? ids.length === 0 : !isExpected) {
    return null;
  }
  return (
    <Panel
      title={t('entity.cardTitle')}
      aside={
        ids.length > 0 && (
          <Link href={links.runs(runsSearch({ pipeline: ids }))}>
            {t('entity.allRuns')}
          </Link>
        )
      }
      isFlush
    >
      <PanelState
        query={query}
        skeletonHeight={ITEM_HEIGHT}
        permission={pipelineReadPermission.name}
      >
        {data => <Pipelines {...data} />}
      </PanelState>
      <RunDialogOfUrl />
    </Panel>
  );
}

function Pipelines({ items, hasMore }: PipelinesOf) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pages = usePageLinks();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, MAX_SHOWN);
  return (
    <>
      <ul className={styles.list} aria-label={t('entity.listLabel')}>
        {shown.map(pipeline => (
          <PipelineRunsItem key={pipeline.id} pipeline={pipeline} />
        ))}
      </ul>
      {shown.length < items.length && (
        <div className={styles.more}>
          <Button
            size="small"
            variant="tertiary"
            onPress={() => setWhole(true)}
          >
            {t('entity.showAll', { count: items.length })}
          </Button>
        </div>
      )}
      {isWhole && hasMore && (
        <div className={styles.more}>
          <Link href={pages.definitions}>{t('entity.more')}</Link>
        </div>
      )}
    </>
  );
}
