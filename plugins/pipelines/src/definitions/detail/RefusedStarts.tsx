import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { RefusedStart } from '@millrace/backstage-plugin-pipelines-common';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
import { TriggerSign } from '../../ui/TriggerSign';
import styles from './RefusedStarts.module.css';

/** Starts that made no run, with what asked for each and why it was refused; nothing without any. */
export function RefusedStarts({
  refused = [],
}: {
  refused?: readonly RefusedStart[];
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (refused.length === 0) {
    return null;
  }
  const title = t('pipeline.scheduleTab.refused');
  return (
    <Panel title={title}>
      <p className={styles.hint}>{t('pipeline.scheduleTab.refusedHint')}</p>
      <ul className={styles.list} aria-label={title}>
        {refused.map(({ trigger, source, message, at }) => (
          <li key={`${at} ${source} ${message}`} className={styles.item}>
            <span className={styles.line}>
              <TriggerSign trigger={trigger} />
              <ActorName actor={source} />
              <span className={styles.when}>
                <TimeText at={at} />
              </span>
            </span>
            <span className={styles.message}>{message}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
