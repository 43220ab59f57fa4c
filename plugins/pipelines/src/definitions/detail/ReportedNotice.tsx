import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  type Pipeline,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStateBadge,
  TimeText,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import styles from './ReportedNotice.module.css';

/**
 * That the runs of a pipeline are executed elsewhere, who reports them, and the last word of that;
 * nothing for a pipeline that is executed here.
 */
export function ReportedNotice({ pipeline }: { pipeline: Pipeline }) {
  return pipeline.engine === OUTSIDE_ENGINE ? (
    <Reported pipelineId={pipeline.id} />
  ) : null;
}

function Reported({ pipelineId }: { pipelineId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const newest = useRuns({ pipeline: [pipelineId], limit: 1 }).data?.pages[0]
    ?.items[0];
  return (
    <Alert
      status="info"
      icon
      title={t('pipeline.outside.title')}
      description={
        <span className={styles.text}>
          <span>{t('pipeline.outside.text')}</span>
          {newest && <LastWord run={newest} />}
        </span>
      }
    />
  );
}

function LastWord({ run }: { run: Run }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { id, title, state, reporter, lastReportAt } = run;
  if (!reporter || !lastReportAt) {
    return null;
  }
  return (
    <span className={styles.word}>
      {t('pipeline.outside.lastWord', {
        reporter: <strong>{reporter}</strong>,
        when: <TimeText at={lastReportAt} />,
        run: <Link href={links.run(id)}>{title}</Link>,
      })}
      <RunStateBadge state={state} />
    </span>
  );
}
