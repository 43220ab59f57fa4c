import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { ProgressBar } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './RunProgress.module.css';

/** How far a run is and what it is doing; no bar where it does not say how far it is. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const message = [run.currentStep, run.progressMessage]
    .filter(Boolean)
    .join(' · ');
  return run.progress === undefined ? (
    <span className={styles.message}>{message}</span>
  ) : (
    <ProgressBar
      value={run.progress}
      label={t('common.progress', { title: run.title })}
      message={message}
    />
  );
}
