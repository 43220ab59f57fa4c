import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box } from '@backstage/ui';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import { PipelineItem } from './PipelineItem';
import styles from './PipelinesList.module.css';

/** Pipelines below each other: what they are, how they went, when they run, and `Run…`. */
export function PipelinesList({ pipelines }: { pipelines: Pipeline[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Box bg="neutral" className={styles.frame}>
      <div className={styles.head} aria-hidden="true">
        <span>{t('definitions.columnPipeline')}</span>
        <span>{t('definitions.columnOwner')}</span>
        <span>{t('definitions.columnRecent')}</span>
        <span>{t('definitions.columnSchedule')}</span>
        <span>{t('definitions.columnActive')}</span>
        <span />
        <span />
      </div>
      <ul aria-label={t('definitions.listLabel')} className={styles.list}>
        {pipelines.map(pipeline => (
          <PipelineItem key={pipeline.id} pipeline={pipeline} />
        ))}
      </ul>
    </Box>
  );
}
