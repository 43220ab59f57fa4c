import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  LogViewer,
  PanelNotice,
  TimeText,
  useRunSteps,
  type RunStreamHandle,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useKeySwitch } from '../../ui/useSingleKeys';
import { formatLines, parametersOf, parseLines, readFilter } from './logUrl';
import styles from './LogTab.module.css';

/** What {@link LogTab} shows. */
export interface LogTabProps {
  run: RunDetail;
  stream: RunStreamHandle;
}

/** The log of the run, live for its latest attempt; earlier attempts can be chosen. */
export function LogTab({ run, stream }: LogTabProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { attempt, lines, filter, steps, change } = useLogUrl(run);
  const [singleKeys] = useKeySwitch();
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
          onChange={key => change({ attempt: String(key), line: undefined })}
        />
      )}
      <LogViewer
        key={attempt}
        runId={run.id}
        attempt={attempt}
        stream={attempt === run.attempt && stream.active ? stream : undefined}
        lines={lines}
        onLinesChange={chosen =>
          change({ line: chosen && formatLines(chosen) })
        }
        filter={filter}
        onFilterChange={next => change(parametersOf(next))}
        steps={steps}
        singleKeys={singleKeys}
        height="clamp(420px, calc(100vh - 380px), 1200px)"
      />
    </div>
  );
}

function attemptsUpTo(attempt: number): number[] {
  return Array.from({ length: attempt }, (_, index) => attempt - index);
}

function useLogUrl(run: RunDetail) {
  const [parameters, setParameters] = useSearchParams();
  const wanted = parseLines(parameters.get('attempt'))?.first;
  const isKnown = wanted !== undefined && wanted <= run.attempt;
  const attempt = isKnown ? wanted : run.attempt;
  const steps = useRunSteps(run.id, attempt).data;
  const filter = useMemo(
    () => readFilter(parameters, steps ?? []),
    [parameters, steps],
  );
  return {
    attempt,
    steps,
    filter,
    lines: parseLines(parameters.get('line')),
    change: (changes: Record<string, string | undefined>) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          // Written down, or the page would open on another tab once the run is over.
          next.set('tab', 'log');
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined) {
              next.delete(name);
            } else {
              next.set(name, value);
            }
          }
          return next;
        },
        { replace: true },
      ),
  };
}
