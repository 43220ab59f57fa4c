import { useState } from 'react';
import { useParams } from 'react-router-dom';
import {
  BreadcrumbEntry,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Button,
  ButtonLink,
  Container,
  Header,
  type HeaderMetadataItem,
} from '@backstage/ui';
import {
  isActiveRunState,
  type Bulk,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  PanelState,
  ProgressBar,
  RunStateBadge,
  TimeText,
  useBulk,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiListCheck2, RiStopCircleLine } from '@remixicon/react';
import { runsSearch } from '../runs/runsUrl';
import { pipelinesTranslationRef } from '../translation';
import { ActorName } from '../ui/ActorName';
import { MissingRun } from '../ui/MissingRun';
import { useRunLinks } from '../ui/RunLinks';
import { BulkItems } from './components/BulkItems';
import { FilterWords } from './components/FilterWords';
import { StopBulkDialog } from './components/StopBulkDialog';
import { useBulkTitle } from './useBulkTitle';
import styles from './BulkPage.module.css';

/** The page of one bulk action: how far it is, and what became of each run. */
export function BulkPage() {
  const { bulkId = '' } = useParams();
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const bulk = useBulk(bulkId);
  return (
    <PanelState
      query={bulk}
      skeletonHeight={240}
      notFound={
        <MissingRun title={t('bulk.notFoundTitle')}>
          {t('bulk.notFound')}
        </MissingRun>
      }
    >
      {data => <LoadedBulk bulk={data} />}
    </PanelState>
  );
}

function LoadedBulk({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const title = useBulkTitle()(bulk.action, bulk.total);
  const [isStopping, setStopping] = useState(false);
  const { total, counts } = bulk;
  const over = total - counts.pending;
  return (
    <BreadcrumbEntry entry={{ label: title, href: links.bulk(bulk.id) }}>
      <Header
        className={styles.header}
        title={title}
        metadata={useMetadata(bulk)}
        customActions={
          <>
            <ViewRuns bulk={bulk} />
            {isActiveRunState(bulk.state) && bulk.state !== 'cancelling' && (
              <Button
                variant="secondary"
                destructive
                iconStart={<RiStopCircleLine />}
                onPress={() => setStopping(true)}
              >
                {t('bulk.stop')}
              </Button>
            )}
          </>
        }
      />
      <Container className={styles.page}>
        <ProgressBar
          value={total === 0 ? 1 : over / total}
          label={t('bulk.progressOf', { title })}
          message={t('bulk.progress', {
            done: String(over),
            total: String(total),
          })}
        />
        <BulkItems bulk={bulk} />
      </Container>
      {isStopping && (
        <StopBulkDialog
          bulk={bulk}
          title={title}
          onClose={() => setStopping(false)}
        />
      )}
    </BreadcrumbEntry>
  );
}

/** To the runs that match now, or to the new ones that a retry made. */
function ViewRuns({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const search = searchOf(bulk);
  return search === undefined ? null : (
    <ButtonLink
      variant="secondary"
      iconStart={<RiListCheck2 />}
      href={links.runs(search)}
    >
      {bulk.action === 'retry' ? t('bulk.viewRetries') : t('bulk.viewRuns')}
    </ButtonLink>
  );
}

/** Undefined where no filter of the runs list finds them. */
function searchOf({ action, filter, queuedAt }: Bulk): string | undefined {
  if (action === 'retry') {
    return runsSearch({ trigger: ['retry'], from: queuedAt });
  }
  if (!filter || filter.owner || filter.entity) {
    return undefined;
  }
  // The action changed these, so that the same would show none of them.
  const {
    state,
    'state.not': notState,
    label,
    minDuration,
    maxDuration,
    ...lasting
  } = filter;
  return runsSearch({ ...lasting, label: action === 'label' ? {} : label });
}

function useMetadata(bulk: Bulk): HeaderMetadataItem[] {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { filter, reason } = bulk;
  return [
    { label: t('bulk.state'), value: <RunStateBadge state={bulk.state} /> },
    { label: t('bulk.by'), value: <ActorName actor={bulk.submittedBy} /> },
    { label: t('bulk.begun'), value: <TimeText at={bulk.queuedAt} /> },
    {
      label: t('bulk.took'),
      value: <DurationText from={bulk.queuedAt} to={bulk.finishedAt} />,
    },
    ...(filter
      ? [{ label: t('bulk.runs'), value: <FilterWords filter={filter} /> }]
      : []),
    ...(reason ? [{ label: t('bulk.reasonGiven'), value: reason }] : []),
  ];
}
