import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { FailureEvent } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatClock,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import styles from '../Failures.module.css';

/** What was done about a failure and by whom, newest first. */
export function FailureHistory(props: { history: readonly FailureEvent[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { history } = props;
  return (
    <Panel title={t('failures.page.history')}>
      {history.length === 0 ? (
        <p className={styles.note}>{t('failures.page.noHistory')}</p>
      ) : (
        <StackedTable
          label={t('failures.page.history')}
          heads={[
            t('failures.page.event'),
            t('failures.page.by'),
            t('failures.page.when'),
            t('failures.page.reason'),
          ]}
          rows={history.map((event, index) => ({
            key: `${event.at} ${index}`,
            cells: [
              <What key="what" event={event} />,
              <ActorName key="by" actor={event.actor} />,
              <TimeText key="when" at={event.at} />,
              event.reason,
            ],
          }))}
        />
      )}
    </Panel>
  );
}

function What({ event }: { event: FailureEvent }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const text = () => {
    if (event.until) {
      return t('failures.event.ignoredUntil', {
        time: formatClock(event.until),
      });
    }
    return event.count === undefined
      ? t(`failures.event.${event.name}` as const)
      : t('failures.event.ignoredCount', { count: event.count });
  };
  return (
    <>
      {text()}{' '}
      {event.runId && (
        <Link href={links.run(event.runId)}>{t('failures.event.run')}</Link>
      )}
    </>
  );
}
