import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatClock,
  pipelinesReactTranslationRef,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

const RUNS_OFFERED = 50;

/** Chooses a run of a pipeline: its last success before the other run, or one of its newest. */
export function RunPicker(props: {
  label: string;
  pipelineId: string;
  value: Run | undefined;
  lastSuccess: Run | undefined;
  onChoose(runId: string): void;
}) {
  const { label, pipelineId, value, lastSuccess, onChoose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { t: shared } = useTranslationRef(pipelinesReactTranslationRef);
  const runs = useRuns({ pipeline: [pipelineId], limit: RUNS_OFFERED });
  const newest = runs.data?.pages[0]?.items ?? [];
  const offered = new Map<string, Run>();
  for (const run of [lastSuccess, value, ...newest]) {
    if (run) {
      offered.set(run.id, run);
    }
  }
  return (
    <Select
      aria-label={label}
      placeholder={t('compare.choose', { pipeline: pipelineId })}
      search
      options={[...offered.values()].map(run => ({
        id: run.id,
        label: run.title,
        description: [
          run.id === lastSuccess?.id && t('compare.lastSuccess'),
          shared(`ui.state.${run.state}` as const),
          formatClock(run.startedAt ?? run.queuedAt),
        ]
          .filter(Boolean)
          .join(' · '),
      }))}
      value={value?.id ?? null}
      onChange={id => id !== null && onChoose(String(id))}
    />
  );
}
