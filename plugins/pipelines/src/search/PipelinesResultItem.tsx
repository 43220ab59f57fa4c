import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { SearchDocument } from '@backstage/plugin-search-common';
import { Link } from '@backstage/ui';
import {
  PipelineDocumentSchema,
  RunDocumentSchema,
  type PipelineDocument,
  type RunDocument,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiFlowChart } from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import { EntityName } from '../ui/EntityName';
import { useRunLinks } from '../ui/RunLinks';
import { usePageLinks } from '../ui/usePageLinks';
import styles from './PipelinesResultItem.module.css';

/** What a hit is given by the search page. @public */
export interface PipelinesResultItemProps {
  result?: SearchDocument;
}

/**
 * A failed run or a pipeline among the hits of the portal's search; nothing for documents of
 * other forms, such as those that an older version indexed.
 */
export function PipelinesResultItem({ result }: PipelinesResultItemProps) {
  const run = RunDocumentSchema.safeParse(result);
  if (run.success) {
    return <RunHit run={run.data} />;
  }
  const pipeline = PipelineDocumentSchema.safeParse(result);
  return pipeline.success ? <PipelineHit pipeline={pipeline.data} /> : null;
}

function RunHit({ run }: { run: RunDocument }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const pages = usePageLinks();
  return (
    <div className={styles.item}>
      <div className={styles.first}>
        <RunStateBadge state={run.state} />
        <Link href={links.run(run.runId)} className={styles.title} standalone>
          {run.title}
        </Link>
      </div>
      {run.reason && (
        <div className={styles.reason} title={run.reason}>
          {run.reason}
        </div>
      )}
      <div className={styles.facts}>
        <Link href={pages.pipeline(run.pipelineId)}>
          {t('search.runOf', { pipeline: run.pipelineTitle })}
        </Link>
        <TimeText at={run.at} />
      </div>
    </div>
  );
}

function PipelineHit({ pipeline }: { pipeline: PipelineDocument }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pages = usePageLinks();
  return (
    <div className={styles.item}>
      <div className={styles.first}>
        <span className={styles.kind}>
          <RiFlowChart size={14} aria-hidden />
          {t('search.pipeline')}
        </span>
        <Link
          href={pages.pipeline(pipeline.pipelineId)}
          className={styles.title}
          standalone
        >
          {pipeline.title}
        </Link>
      </div>
      {pipeline.description && (
        <div className={styles.reason} title={pipeline.description}>
          {pipeline.description}
        </div>
      )}
      <div className={styles.facts}>
        {pipeline.owner && <EntityName entityRef={pipeline.owner} />}
        {pipeline.entity && <EntityName entityRef={pipeline.entity} />}
      </div>
    </div>
  );
}
