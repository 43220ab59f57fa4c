import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  RunDetail,
  RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  formatShare,
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import styles from './Facts.module.css';

/** The facts of the chosen step; nothing while there is none. */
export function StepInspector(props: { run: RunDetail; step?: RunStep }) {
  const { run, step } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!step) {
    return null;
  }
  const share = shareOf(step, run);
  return (
    <Panel title={step.name} aside={<RunStateBadge state={step.state} />}>
      <dl className={styles.facts}>
        <dt>{t('summary.stepStarted')}</dt>
        <dd>
          <TimeText at={step.startedAt} />
        </dd>
        <dt>{t('summary.stepFinished')}</dt>
        <dd>
          <TimeText at={step.finishedAt} />
        </dd>
        <dt>{t('summary.stepDuration')}</dt>
        <dd>
          <DurationText from={step.startedAt} to={step.finishedAt} />
        </dd>
        {share !== undefined && (
          <>
            <dt>{t('summary.stepShare')}</dt>
            <dd>{formatShare(share)}</dd>
          </>
        )}
      </dl>
      {step.message && <p className={styles.message}>{step.message}</p>}
    </Panel>
  );
}

/** How much of the whole run a step took, 0 to 1; only once both are over. */
function shareOf(step: RunStep, run: RunDetail): number | undefined {
  if (
    !step.startedAt ||
    !step.finishedAt ||
    !run.startedAt ||
    !run.finishedAt
  ) {
    return undefined;
  }
  const whole = Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  const part = Date.parse(step.finishedAt) - Date.parse(step.startedAt);
  return whole > 0 ? Math.min(1, part / whole) : undefined;
}
