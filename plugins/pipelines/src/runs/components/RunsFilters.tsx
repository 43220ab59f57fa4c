import { useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, Tag, TagGroup } from '@backstage/ui';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatClock,
  StateChips,
  useNow,
  usePipelines,
  useStats,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { RangePicker } from '../../ui/RangePicker';
import { isTimeRange } from '../../ui/timeRange';
import type { RunsUrl } from '../runsUrl';
import styles from './RunsFilters.module.css';

/** Pipelines to choose from; a portal with more filters by the address. */
const MAX_PIPELINE_OPTIONS = 200;

const DAY_MS = 86_400_000;

/** Runs are kept this long at most, so that this is all of them. */
const ALL_TIME_DAYS = 400;

/** What {@link RunsFilters} shows and changes. */
export interface RunsFiltersProps {
  url: RunsUrl;
  /** The same as the API takes it. */
  filter: RunsFilter;
  onChange(changes: Partial<RunsUrl>): void;
}

/** The filters of the runs list: states with their counts, pipelines, and time. */
export function RunsFilters({ url, filter, onChange }: RunsFiltersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const counts = useCounts(filter);
  const hasOtherTime =
    url.to !== undefined || (url.from !== undefined && !isTimeRange(url.from));
  return (
    <div className={styles.filters}>
      <div title={t('runs.countsHint')}>
        <StateChips
          counts={counts}
          selected={url.state}
          onChange={state => onChange({ state })}
        />
      </div>
      <div className={styles.row}>
        <PipelineFilter url={url} filter={filter} onChange={onChange} />
        <RangePicker
          hasAll
          isOther={hasOtherTime}
          value={url.from && isTimeRange(url.from) ? url.from : undefined}
          onChange={from => onChange({ from, to: undefined })}
        />
        <ChosenElsewhere
          url={url}
          onChange={onChange}
          isOtherTime={hasOtherTime}
        />
      </div>
    </div>
  );
}

function PipelineFilter({ url, filter, onChange }: RunsFiltersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pipelines = usePipelines({
    entity: filter.entity,
    limit: MAX_PIPELINE_OPTIONS,
  });
  const known = pipelines.data?.pages.flatMap(page => page.items) ?? [];
  const options = known.map(({ id, title }) => ({ id, label: title }));
  for (const id of url.pipeline) {
    // A pipeline that was removed still has its runs.
    if (!known.some(pipeline => pipeline.id === id)) {
      options.push({ id, label: id });
    }
  }
  return (
    <Select
      size="small"
      className={styles.pipelines}
      aria-label={t('runs.filterPipeline')}
      placeholder={t('runs.allPipelines')}
      selectionMode="multiple"
      search
      options={options}
      value={url.pipeline}
      onChange={keys => onChange({ pipeline: keys.map(String) })}
    />
  );
}

/** Filters that links set and that have no control of their own, so that they can be removed. */
function ChosenElsewhere(props: {
  url: RunsUrl;
  isOtherTime: boolean;
  onChange(changes: Partial<RunsUrl>): void;
}) {
  const { url, isOtherTime, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!isOtherTime) {
    return null;
  }
  const from = url.from ? formatClock(url.from) : '…';
  const label = url.to
    ? t('range.custom', { from, to: formatClock(url.to) })
    : t('range.since', { from });
  return (
    <TagGroup
      aria-label={t('range.label')}
      onRemove={() => onChange({ from: undefined, to: undefined })}
    >
      <Tag id="time" textValue={label}>
        {label}
      </Tag>
    </TagGroup>
  );
}

function useCounts(filter: RunsFilter) {
  const nowMs = useNow(DAY_MS / 24);
  const allTime = useMemo(() => {
    const day = Math.floor(nowMs / DAY_MS) * DAY_MS;
    return new Date(day - ALL_TIME_DAYS * DAY_MS).toISOString();
  }, [nowMs]);
  const { pipeline, entity, from, to } = filter;
  const stats = useStats({ pipeline, entity, from: from ?? allTime, to });
  return stats.data?.byState;
}
