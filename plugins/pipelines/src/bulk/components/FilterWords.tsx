import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  BulkFilter,
  RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatExactTime,
  RunStateBadge,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './FilterWords.module.css';

/** A filter of runs in words. */
export function FilterWords({ filter }: { filter: RunsFilter | BulkFilter }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { state, pipeline, owner, entity, trigger, from, to } = filter;
  const list = (values: readonly string[]) => values.join(', ');
  const parts: ReactNode[] = [
    ...(state ?? []).map(name => <RunStateBadge key={name} state={name} />),
    pipeline?.length && t('bulk.filterPipeline', { pipelines: list(pipeline) }),
    owner?.length && t('bulk.filterOwner', { owners: list(owner) }),
    entity?.length && t('bulk.filterEntity', { entities: list(entity) }),
    trigger?.length &&
      t('bulk.filterTrigger', {
        triggers: list(trigger.map(name => t(`trigger.${name}` as const))),
      }),
    from && t('bulk.filterFrom', { time: formatExactTime(from) }),
    to && t('bulk.filterTo', { time: formatExactTime(to) }),
  ].filter(Boolean);
  return (
    <span className={styles.words}>
      {parts.length === 0
        ? t('bulk.filterAll')
        : parts.map((part, index) => <span key={index}>{part}</span>)}
    </span>
  );
}
