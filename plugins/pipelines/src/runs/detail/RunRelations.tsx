import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  BULK_PIPELINE_ID,
  isTerminalRunState,
  type RunDetail,
  type RunEvent,
} from '@millrace/backstage-plugin-pipelines-common';
import { useRunEvents } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { shortRunId } from '../components/shortRunId';
import styles from './RunRelations.module.css';

/** The run that this one retries, the runs that retry it, and the bulk action that it is; nothing for most. */
export function RunRelations({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { retryOf, resumedFrom } = run;
  return (
    <>
      {run.pipelineId === BULK_PIPELINE_ID && (
        <p className={styles.relation}>
          <Link href={links.bulk(run.id)}>{t('notice.bulk')}</Link>
        </p>
      )}
      {retryOf && (
        <p className={styles.relation}>
          {t('notice.retryOf', { run: <RunLink runId={retryOf} /> })}
          {resumedFrom && `, ${t('notice.resumedFrom', { step: resumedFrom })}`}
        </p>
      )}
      {isTerminalRunState(run.state) && <Retries runId={run.id} />}
    </>
  );
}

function Retries({ runId }: { runId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const events = useRunEvents(runId);
  const retries = (events.data?.pages ?? [])
    .flatMap(page => page.items)
    .flatMap(event => retryIn(event) ?? []);
  return (
    <>
      {retries.map(id => (
        <p key={id} className={styles.relation}>
          {t('notice.retriedAs', { run: <RunLink runId={id} /> })}
        </p>
      ))}
    </>
  );
}

/** The new run that an event tells of. */
function retryIn({ name, details }: RunEvent): string | undefined {
  const isRetry =
    name === 'retried' &&
    typeof details === 'object' &&
    details !== null &&
    'runId' in details;
  return isRetry && typeof details.runId === 'string'
    ? details.runId
    : undefined;
}

function RunLink({ runId }: { runId: string }) {
  const links = useRunLinks();
  return <Link href={links.run(runId)}>{shortRunId(runId)}</Link>;
}
