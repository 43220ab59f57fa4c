import { useSearchParams } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  LogViewer,
  PanelNotice,
  TimeText,
  type RunStreamHandle,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './LogTab.module.css';

/** What {@link LogTab} shows. */
export interface LogTabProps {
  run: RunDetail;
  stream: RunStreamHandle;
}

/** The log of the run, live for its latest attempt; earlier attempts can be chosen. */
export function LogTab({ run, stream }: LogTabProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { attempt, line, change } = useLogUrl(run);
  if (run.attempt === 0) {
    return <PanelNotice kind="empty" title={t('log.notStarted')} />;
  }
  if (run.logRemovedAt) {
    return (
      <PanelNotice kind="empty" title={t('log.removedTitle')}>
        {t('log.removed', { when: <TimeText at={run.logRemovedAt} /> })}
      </PanelNotice>
    );
  }
  return (
    <div className={styles.log}>
      {run.attempt > 1 && (
        <Select
          size="small"
          className={styles.attempt}
          aria-label={t('log.attempt')}
          options={attemptsUpTo(run.attempt).map(number => ({
            id: String(number),
            label: t('log.attemptOption', { attempt: String(number) }),
          }))}
          value={String(attempt)}
          onChange={key => change({ attempt: Number(key), line: undefined })}
        />
      )}
      <LogViewer
        key={attempt}
        runId={run.id}
        attempt={attempt}
        stream={attempt === run.attempt && stream.active ? stream : undefined}
        line={line}
        onLineChange={next => change({ line: next })}
        height="clamp(360px, calc(100vh - 420px), 1200px)"
      />
    </div>
  );
}

function attemptsUpTo(attempt: number): number[] {
  return Array.from({ length: attempt }, (_, index) => attempt - index);
}

function useLogUrl(run: RunDetail) {
  const [parameters, setParameters] = useSearchParams();
  const wanted = positiveInteger(parameters.get('attempt'));
  const isKnown = wanted !== undefined && wanted <= run.attempt;
  return {
    attempt: isKnown ? wanted : run.attempt,
    line: positiveInteger(parameters.get('line')),
    change: (changes: { attempt?: number; line?: number }) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          // Written down, or the page would open on another tab once the run is over.
          next.set('tab', 'log');
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined) {
              next.delete(name);
            } else {
              next.set(name, String(value));
            }
          }
          return next;
        },
        { replace: true },
      ),
  };
}

function positiveInteger(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : undefined;
}
