import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  PanelState,
  RunStateBadge,
  TimeText,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import styles from '../Failures.module.css';

const NEWEST = 10;

/** The newest runs of a failure that are still kept, and the way to all of them. */
export function FailureRuns({ fingerprint }: { fingerprint: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const query = useRuns({ fingerprint, limit: NEWEST });
  const runs = query.data?.pages[0]?.items;
  return (
    <Panel
      title={t('failures.page.runs')}
      aside={
        <Link href={links.runs(runsSearch({ fingerprint }))}>
          {t('failures.page.allRuns')}
        </Link>
      }
    >
      <PanelState
        query={{ ...query, data: runs }}
        skeleton="rows"
        skeletonCount={4}
        empty={items =>
          items.length === 0 ? (
            <p className={styles.note}>{t('failures.page.noRuns')}</p>
          ) : undefined
        }
      >
        {items => (
          <StackedTable
            label={t('failures.page.runs')}
            heads={[
              t('failures.page.run'),
              t('failures.heads.state'),
              t('failures.page.pipeline'),
              t('failures.page.ended'),
            ]}
            rows={items.map(run => ({
              key: run.id,
              cells: [
                <Link key="run" href={links.run(run.id)}>
                  {run.title}
                </Link>,
                <RunStateBadge key="state" state={run.state} />,
                run.pipelineId,
                <TimeText key="ended" at={run.finishedAt} />,
              ],
            }))}
          />
        )}
      </PanelState>
    </Panel>
  );
}
