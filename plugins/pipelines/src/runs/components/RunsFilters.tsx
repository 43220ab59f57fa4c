import { useMemo, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  DialogTrigger,
  Popover,
  Select,
  useBreakpoint,
} from '@backstage/ui';
import type { RunsFilter } from '@millrace/backstage-plugin-pipelines-common';
import {
  StateChips,
  useNow,
  useStats,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiFilter3Line } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { RangePicker } from '../../ui/RangePicker';
import { SideDrawer } from '../../ui/SideDrawer';
import { isTimeRange } from '../../ui/timeRange';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { useFilterTexts } from '../../ui/useFilterTexts';
import type { RunsUrl } from '../runsUrl';
import { ActiveFilters } from './ActiveFilters';
import { FilterForm } from './FilterForm';
import styles from './RunsFilters.module.css';
import { RunSearch } from './RunSearch';
import { usePipelineOptions } from './usePipelineOptions';

const DAY_MS = 86_400_000;

/** Runs are kept this long at most, so that this is all of them. */
const ALL_TIME_DAYS = 400;

/** What leaves the counts of the states as they are: statistics know it, or it is a state. */
const COUNTED: readonly string[] = [
  'state',
  'state.not',
  'pipeline',
  'owner',
  'entity',
  'from',
  'to',
];

/** What {@link RunsFilters} shows and changes. */
export interface RunsFiltersProps {
  url: RunsUrl;
  /** The same as the API takes it. */
  filter: RunsFilter;
  onChange(changes: Partial<RunsUrl>, options?: { replace?: boolean }): void;
}

/** The filters of the runs list, all behind one button where there is little room; `f` opens the form. */
export function RunsFilters(props: RunsFiltersProps) {
  const isNarrow = useBreakpoint().down('sm');
  return isNarrow ? <NarrowFilters {...props} /> : <WideFilters {...props} />;
}

function WideFilters(props: RunsFiltersProps) {
  const { url, filter, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  useSingleKeys({ f: () => setOpen(true) });
  return (
    <div className={styles.filters}>
      <States {...props} />
      <div className={styles.row}>
        <Search {...props} />
        <PipelineFilter {...props} />
        <Range {...props} />
        <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
          <Button
            size="small"
            variant="secondary"
            iconStart={<RiFilter3Line />}
          >
            {t('filters.more')}
          </Button>
          <Popover placement="bottom end">
            <FilterForm url={url} entity={filter.entity} onChange={onChange} />
          </Popover>
        </DialogTrigger>
      </div>
      <ActiveFilters url={url} onChange={onChange} />
    </div>
  );
}

function NarrowFilters(props: RunsFiltersProps) {
  const { url, filter, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  const number = useFilterTexts(url).length;
  useSingleKeys({ f: () => setOpen(true) });
  return (
    <>
      <Button
        variant="secondary"
        iconStart={<RiFilter3Line />}
        className={styles.open}
        onPress={() => setOpen(true)}
      >
        {number > 0
          ? t('filters.filtersCount', { number: String(number) })
          : t('filters.filters')}
      </Button>
      <SideDrawer
        title={t('filters.filters')}
        isOpen={isOpen}
        closeLabel={t('filters.close')}
        onClose={() => setOpen(false)}
      >
        <ActiveFilters url={url} onChange={onChange} />
        <Search {...props} />
        <States {...props} />
        <Range {...props} />
        <FilterForm url={url} entity={filter.entity} onChange={onChange} />
      </SideDrawer>
    </>
  );
}

function Search({ url, onChange }: RunsFiltersProps) {
  return (
    <RunSearch
      className={styles.search}
      value={url.q}
      onChange={q => onChange({ q }, { replace: true })}
    />
  );
}

function States({ url, filter, onChange }: RunsFiltersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const isCounted = isCountedBy(filter);
  const counts = useCounts(filter);
  return (
    <div title={isCounted ? t('runs.countsHint') : t('filters.countsHidden')}>
      <StateChips
        counts={isCounted ? counts : undefined}
        selected={url.state}
        onChange={state => onChange({ state })}
      />
    </div>
  );
}

function Range({ url, onChange }: RunsFiltersProps) {
  const isOther =
    url.to !== undefined || (url.from !== undefined && !isTimeRange(url.from));
  return (
    <RangePicker
      hasAll
      isOther={isOther}
      value={url.from && isTimeRange(url.from) ? url.from : undefined}
      onChange={from => onChange({ from, to: undefined })}
    />
  );
}

function PipelineFilter({ url, filter, onChange }: RunsFiltersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Select
      size="small"
      className={styles.pipelines}
      aria-label={t('runs.filterPipeline')}
      placeholder={t('runs.allPipelines')}
      selectionMode="multiple"
      search
      options={usePipelineOptions(url.pipeline, filter.entity)}
      value={url.pipeline}
      onChange={keys => onChange({ pipeline: keys.map(String) })}
    />
  );
}

/** Whether statistics count just the runs of this filter, by state. */
function isCountedBy(filter: RunsFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) =>
      COUNTED.includes(name) ||
      value === undefined ||
      (Array.isArray(value) && value.length === 0),
  );
}

function useCounts(filter: RunsFilter) {
  const nowMs = useNow(DAY_MS / 24);
  const allTime = useMemo(() => {
    const day = Math.floor(nowMs / DAY_MS) * DAY_MS;
    return new Date(day - ALL_TIME_DAYS * DAY_MS).toISOString();
  }, [nowMs]);
  const { pipeline, owner, entity, from, to } = filter;
  const stats = useStats({
    pipeline,
    owner,
    entity,
    from: from ?? allTime,
    to,
  });
  return stats.data?.byState;
}
