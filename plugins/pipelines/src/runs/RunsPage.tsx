import { useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container } from '@backstage/ui';
import {
  runReadPermission,
  type RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import { PanelState, useNow } from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowUpLine } from '@remixicon/react';
import { BulkBar } from '../bulk';
import { pipelinesTranslationRef } from '../translation';
import { ListedRunsProvider } from '../ui/RunLinks';
import { isTimeRange, startOfRange } from '../ui/timeRange';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { ColumnsButton, useColumns } from './columns';
import { EmptyRuns } from './components/EmptyRuns';
import { OrderButton } from './components/OrderButton';
import { RunsFilters } from './components/RunsFilters';
import { RunsFooter } from './components/RunsFooter';
import { RunsList } from './components/RunsList';
import styles from './RunsPage.module.css';
import {
  isRunId,
  NO_FILTER,
  type RunsUrl,
  type RunsUrlFilter,
} from './runsUrl';
import { MAX_COUNTED_NEW_RUNS, useHeldRuns } from './useHeldRuns';
import { useRunSelection } from './useRunSelection';
import { useRunsUrl } from './useRunsUrl';
import { SavedViews, useOpenedView } from './views';

const MINUTE_MS = 60_000;

/** What {@link RunsPage} can be told. */
export interface RunsPageProps {
  /** Only runs of pipelines of this entity. */
  entityRef?: string;
  /** Only these instead, where the entity owns pipelines or is one. */
  scope?: Pick<RunsFilter, 'owner' | 'pipeline'>;
}

/** The runs list: state chips, filters, and a page of runs that stays current in place. */
export function RunsPage({ entityRef, scope }: RunsPageProps) {
  const { url, unknown, change, goToNext, goToPrevious } = useRunsUrl();
  const filter = useRunsFilter(url, entityRef, scope);
  const opened = useOpenedView(url, change);
  const columns = useColumns(url, change);
  const { list, newCount, hasManyNew, letIn } = useHeldRuns({
    filter,
    isEnabled: !opened.isOpening,
    pageSize: url.pageSize,
    cursor: url.cursor,
    sort: url.sort,
  });
  const selection = useRunSelection(JSON.stringify(filterOf(url)));
  return (
    <Container className={styles.page}>
      <div className={styles.tools}>
        {entityRef === undefined && scope === undefined && (
          <SavedViews url={url} opened={opened} onChange={change} />
        )}
        <ColumnsButton {...columns} />
        <OrderButton url={url} onChange={change} />
      </div>
      <RunsFilters url={url} filter={filter} onChange={change} />
      <UnknownValuesNotice values={unknown} />
      {newCount > 0 && (
        <NewRunsButton count={newCount} hasMany={hasManyNew} onPress={letIn} />
      )}
      <PanelState
        query={list}
        skeleton="rows"
        permission={runReadPermission.name}
        empty={({ items, nextCursor, searchedBackTo }) =>
          items.length === 0 ? (
            <EmptyRuns
              isEntity={entityRef !== undefined}
              isNarrowed={hasFilter(url) || url.cursor !== undefined}
              runId={url.q && isRunId(url.q) ? url.q : undefined}
              searchedBackTo={searchedBackTo}
              isOldestFirst={url.sort === 'queued'}
              onGoOn={nextCursor ? () => goToNext(nextCursor) : undefined}
              onClear={() => change(NO_FILTER)}
            />
          ) : undefined
        }
      >
        {({ items, nextCursor, searchedBackTo }) => (
          <>
            <ListedRunsProvider filter={filter}>
              <RunsList
                runs={items}
                columns={columns.columns}
                isOldestFirst={url.sort === 'queued'}
                onOrder={isOldestFirst =>
                  change({ sort: isOldestFirst ? 'queued' : undefined })
                }
                selection={selection}
              />
            </ListedRunsProvider>
            <RunsFooter
              count={items.length}
              pageSize={url.pageSize}
              hasPrevious={url.cursor !== undefined}
              nextCursor={nextCursor}
              searchedBackTo={searchedBackTo}
              isOldestFirst={url.sort === 'queued'}
              onPageSize={pageSize => change({ pageSize })}
              onPrevious={goToPrevious}
              onNext={goToNext}
            />
          </>
        )}
      </PanelState>
      <BulkBar selection={selection} filter={filter} />
    </Container>
  );
}

function filterOf(url: RunsUrl): RunsUrlFilter {
  const { pageSize, cursor, view, cols, sort, ...filter } = url;
  return filter;
}

function hasFilter(url: RunsUrl): boolean {
  return JSON.stringify(filterOf(url)) !== JSON.stringify(NO_FILTER);
}

function useRunsFilter(
  url: RunsUrl,
  entityRef: RunsPageProps['entityRef'],
  scope: RunsPageProps['scope'],
): RunsFilter {
  const nowMs = useNow(MINUTE_MS);
  const from =
    url.from && isTimeRange(url.from)
      ? startOfRange(url.from, nowMs)
      : url.from;
  return useMemo(
    () => ({
      ...filterOf(url),
      label: Object.keys(url.label).length > 0 ? url.label : undefined,
      from,
      ...(entityRef && !scope && { entity: [entityRef] }),
      ...scope,
    }),
    [url, from, entityRef, scope],
  );
}

function NewRunsButton(props: {
  count: number;
  hasMany: boolean;
  onPress(): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { count, hasMany, onPress } = props;
  return (
    <div className={styles.newRuns} role="status">
      <Button
        variant="secondary"
        iconStart={<RiArrowUpLine />}
        onPress={onPress}
      >
        {hasMany
          ? t('runs.manyNewRuns', { number: String(MAX_COUNTED_NEW_RUNS) })
          : t('runs.newRuns', { count })}
      </Button>
    </div>
  );
}
