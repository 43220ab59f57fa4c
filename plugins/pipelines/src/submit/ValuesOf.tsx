import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import {
  formatClock,
  useParameterSets,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { actorText } from '../ui/ActorName';
import styles from './RunDialog.module.css';

/** Offers the last five sets of parameters of a pipeline; nothing where there are none. */
export function ValuesOf(props: {
  pipelineId: string;
  onChoose(runId: string): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const sets = useParameterSets(props.pipelineId).data ?? [];
  return sets.length === 0 ? null : (
    <Select
      className={styles.values}
      label={t('submit.valuesOf')}
      placeholder={t('submit.valuesOfHint')}
      options={sets.map(({ runId, title, submittedBy, queuedAt }) => ({
        id: runId,
        label: title,
        description: t('submit.valuesBy', {
          actor: actorText(submittedBy),
          when: formatClock(queuedAt),
        }),
      }))}
      value={null}
      onChange={runId => runId !== null && props.onChoose(String(runId))}
    />
  );
}
