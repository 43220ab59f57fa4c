import { useQueries } from '@tanstack/react-query';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import type {
  RunAttempt,
  RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  PanelNotice,
  RunStateBadge,
  runStepsOptions,
  usePipelinesApi,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import styles from './AttemptsTab.module.css';

/** Attempts whose steps are compared, the newest ones. */
const MAX_COMPARED = 6;
const SKELETON_HEIGHT_PX = 160;

/** The steps of several attempts side by side, oldest attempt first; nothing where none has steps. */
export function AttemptSteps(props: {
  runId: string;
  /** Newest first. */
  attempts: readonly RunAttempt[];
}) {
  const { runId, attempts } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const api = usePipelinesApi();
  const compared = attempts.slice(0, MAX_COMPARED).reverse();
  const answers = useQueries({
    queries: compared.map(({ attempt }) =>
      runStepsOptions(api, runId, attempt),
    ),
  });
  const steps = answers.map(({ data = [] }) => data);
  if (answers.some(({ isPending }) => isPending)) {
    return <Skeleton width="100%" height={SKELETON_HEIGHT_PX} />;
  }
  const names = [...new Set(steps.flat().map(({ name }) => name))];
  const failed = answers.find(({ error }) => error)?.error;
  if (failed) {
    return (
      <Panel title={t('attemptSteps.title')}>
        <PanelNotice kind="error" title={t('attemptSteps.unknown')}>
          {failed.message}
        </PanelNotice>
      </Panel>
    );
  }
  if (names.length === 0) {
    return null;
  }
  return (
    <Panel title={t('attemptSteps.title')}>
      <StackedTable
        label={t('attemptSteps.title')}
        heads={[
          t('attemptSteps.step'),
          ...compared.map(({ attempt }) =>
            t('attemptSteps.attempt', { attempt: String(attempt) }),
          ),
        ]}
        rows={names.map(name => ({
          key: name,
          cells: [
            name,
            ...steps.map((ofAttempt, index) => (
              <StepCell
                key={compared[index].attempt}
                step={ofAttempt.find(step => step.name === name)}
              />
            )),
          ],
        }))}
      />
    </Panel>
  );
}

function StepCell({ step }: { step: RunStep | undefined }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!step) {
    return <span className={styles.second}>{t('attemptSteps.notThere')}</span>;
  }
  const { state, startedAt, finishedAt } = step;
  return (
    <span>
      <RunStateBadge state={state} />
      {startedAt && (
        <span className={styles.second}>
          <DurationText from={startedAt} to={finishedAt} />
        </span>
      )}
    </span>
  );
}
