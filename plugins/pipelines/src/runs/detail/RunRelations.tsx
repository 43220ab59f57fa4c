import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  BULK_PIPELINE_ID,
  isTerminalRunState,
  type RunDetail,
  type RunEvent,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatExactTime,
  useRunEvents,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { shortRunId } from '../components/shortRunId';
import styles from './RunRelations.module.css';

/** Labels that runs get which something else than a person started. */
const SCHEDULED_FOR_LABEL = 'scheduled-for';
const CAUSED_BY_LABEL = 'caused-by';

/** The run that this one retries, the runs that came of it, what started it, and the bulk action that it is; nothing for most. */
export function RunRelations({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { retryOf, resumedFrom, trigger, labels } = run;
  // People may write these labels too, and then they say nothing about what started the run.
  const causedBy = trigger === 'after' ? labels[CAUSED_BY_LABEL] : undefined;
  const scheduledFor =
    trigger === 'schedule' ? timeOf(labels[SCHEDULED_FOR_LABEL]) : undefined;
  return (
    <>
      {run.pipelineId === BULK_PIPELINE_ID && (
        <p className={styles.relation}>
          <Link href={links.bulk(run.id)}>{t('notice.bulk')}</Link>
        </p>
      )}
      {scheduledFor && (
        <p className={styles.relation}>
          {t('notice.scheduledFor', { time: formatExactTime(scheduledFor) })}
        </p>
      )}
      {causedBy && (
        <p className={styles.relation}>
          {t('notice.causedBy', { run: <RunLink runId={causedBy} /> })}
        </p>
      )}
      {retryOf && (
        <p className={styles.relation}>
          {t('notice.retryOf', { run: <RunLink runId={retryOf} /> })}
          {resumedFrom && `, ${t('notice.resumedFrom', { step: resumedFrom })}`}
        </p>
      )}
      {isTerminalRunState(run.state) && <RunsThatCameOfIt runId={run.id} />}
    </>
  );
}

function timeOf(label: string | undefined): string | undefined {
  return label && !Number.isNaN(Date.parse(label)) ? label : undefined;
}

function RunsThatCameOfIt({ runId }: { runId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const events = useRunEvents(runId);
  const items = (events.data?.pages ?? []).flatMap(page => page.items);
  return (
    <>
      {items.flatMap(event => {
        const { runId: id, pipelineId } = otherRunIn(event);
        if (!id) {
          return [];
        }
        const run = <RunLink runId={id} />;
        switch (event.name) {
          case 'retried':
            return (
              <p key={id} className={styles.relation}>
                {t('notice.retriedAs', { run })}
              </p>
            );
          case 'follower-submitted':
            return (
              <p key={id} className={styles.relation}>
                {t('notice.followedBy', { run, pipeline: pipelineId ?? '' })}
              </p>
            );
          default:
            return [];
        }
      })}
    </>
  );
}

/** The run that an event tells of, and its pipeline. */
function otherRunIn({ details }: RunEvent): {
  runId?: string;
  pipelineId?: string;
} {
  const { runId, pipelineId } = { ...(details as Record<string, unknown>) };
  return {
    runId: typeof runId === 'string' ? runId : undefined,
    pipelineId: typeof pipelineId === 'string' ? pipelineId : undefined,
  };
}

function RunLink({ runId }: { runId: string }) {
  const links = useRunLinks();
  return <Link href={links.run(runId)}>{shortRunId(runId)}</Link>;
}
