import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  BulkFilter,
  RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatExactTime,
  pipelinesReactTranslationRef,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { isTimeRange } from './timeRange';

/** One condition of a filter of runs in words. */
export interface FilterText {
  /** The name in the address: a field of the filter, or `label.<name>`. */
  id: string;
  text: string;
}

/** Says what a filter of runs asks for, one condition after the other; `from` may be a range. */
export function useFilterTexts(filter: RunsFilter | BulkFilter): FilterText[] {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { t: shared } = useTranslationRef(pipelinesReactTranslationRef);
  const states = (names: RunsFilter['state']) =>
    names?.map(name => shared(`ui.state.${name}`));
  const triggers = (names: RunsFilter['trigger']) =>
    names?.map(name => t(`trigger.${name}` as const));
  const lists = [
    ['state', 'wordState', states(filter.state)],
    ['state.not', 'wordNotState', states(filter['state.not'])],
    ['pipeline', 'wordPipeline', filter.pipeline],
    ['pipeline.not', 'wordNotPipeline', filter['pipeline.not']],
    ['owner', 'wordOwner', filter.owner],
    ['entity', 'wordEntity', filter.entity],
    ['trigger', 'wordTrigger', triggers(filter.trigger)],
    ['trigger.not', 'wordNotTrigger', triggers(filter['trigger.not'])],
    ['submittedBy', 'wordSubmittedBy', filter.submittedBy],
  ] as const;
  const texts: FilterText[] = [];
  for (const [id, word, values] of lists) {
    if (values && values.length > 0) {
      const text = t(`filters.${word}` as const, { values: values.join(', ') });
      texts.push({ id, text });
    }
  }
  for (const [name, value] of Object.entries(filter.label ?? {})) {
    const text = t('filters.wordLabel', { label: `${name}=${value}` });
    texts.push({ id: `label.${name}`, text });
  }
  const { fingerprint } = filter;
  if (fingerprint) {
    const text = t('filters.wordFailure', { fingerprint });
    texts.push({ id: 'fingerprint', text });
  }
  if (filter.q) {
    texts.push({ id: 'q', text: t('filters.wordText', { text: filter.q }) });
  }
  for (const [id, word] of [
    ['minDuration', 'wordMinDuration'],
    ['maxDuration', 'wordMaxDuration'],
  ] as const) {
    const seconds = filter[id];
    if (seconds !== undefined) {
      const duration = formatDuration(seconds * 1_000, { whole: true });
      texts.push({ id, text: t(`filters.${word}` as const, { duration }) });
    }
  }
  const { from, to } = filter;
  if (from) {
    const text = isTimeRange(from)
      ? t('filters.wordRange', { range: t(`range.${from}` as const) })
      : t('filters.wordFrom', { time: formatExactTime(from) });
    texts.push({ id: 'from', text });
  }
  if (to) {
    const time = formatExactTime(to);
    texts.push({ id: 'to', text: t('filters.wordTo', { time }) });
  }
  return texts;
}
