import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container } from '@backstage/ui';
import { runReadPermission } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatClock,
  PanelNotice,
  PanelState,
  useFailures,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { startOfRange } from '../ui/timeRange';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { FailuresFilters } from './components/FailuresFilters';
import { FailuresList } from './components/FailuresList';
import styles from './Failures.module.css';
import { useFailuresUrl, type FailuresUrl } from './useFailuresUrl';

/** The tab Failures: the errors of all pipelines, the same ones together, newest first. */
export function FailuresPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const url = useFailuresUrl();
  const query = useFailures({
    state: url.states,
    pipeline: url.pipelines,
    kind: url.kinds,
    owner: url.owners,
    q: url.text || undefined,
    from: startOfRange(url.range, Date.now()),
  });
  const failures = query.data?.pages.flatMap(({ items }) => items);
  const searchedBackTo = query.data?.pages.at(-1)?.searchedBackTo;
  return (
    <Container className={styles.page}>
      <UnknownValuesNotice values={url.unknown} />
      <FailuresFilters url={url} />
      <PanelState
        query={{ ...query, data: failures }}
        skeleton="rows"
        permission={runReadPermission.name}
        empty={items =>
          items.length === 0 && !query.hasNextPage ? (
            <Nothing url={url} />
          ) : undefined
        }
      >
        {items => <FailuresList failures={items} />}
      </PanelState>
      {searchedBackTo && (
        <p className={styles.note}>
          {t('failures.searchedBackTo', { time: formatClock(searchedBackTo) })}
        </p>
      )}
      {query.hasNextPage && (
        <div>
          <Button
            variant="secondary"
            isPending={query.isFetchingNextPage}
            onPress={() => query.fetchNextPage()}
          >
            {t('failures.more')}
          </Button>
        </div>
      )}
    </Container>
  );
}

function Nothing({ url }: { url: FailuresUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const isFiltered =
    [url.states, url.pipelines, url.kinds, url.owners].some(
      values => values.length > 0,
    ) || url.text !== '';
  return isFiltered ? (
    <PanelNotice
      kind="noMatch"
      title={t('failures.noMatch')}
      action={
        <Button variant="secondary" onPress={url.clear}>
          {t('failures.clear')}
        </Button>
      }
    />
  ) : (
    <PanelNotice
      kind="good"
      title={t('failures.none', {
        period: t(`failures.period.${url.range}` as const),
      })}
    />
  );
}
