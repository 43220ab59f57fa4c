import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  BulkFilter,
  RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import { RunStateBadge } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useFilterTexts } from '../../ui/useFilterTexts';
import styles from './FilterWords.module.css';

/** A filter of runs in words. */
export function FilterWords({ filter }: { filter: RunsFilter | BulkFilter }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useFilterTexts({ ...filter, state: undefined });
  const states = filter.state ?? [];
  return (
    <span className={styles.words}>
      {states.map(name => (
        <span key={name}>
          <RunStateBadge state={name} />
        </span>
      ))}
      {texts.map(({ id, text }) => (
        <span key={id}>{text}</span>
      ))}
      {states.length + texts.length === 0 && t('bulk.filterAll')}
    </span>
  );
}
