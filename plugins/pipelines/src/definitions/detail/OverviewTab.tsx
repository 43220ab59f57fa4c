import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  RunStateBadge,
  RunStrip,
  TimeText,
  DurationText,
} from '@millrace/backstage-plugin-pipelines-react';
import { shortRunId } from '../../runs/components/shortRunId';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import styles from './OverviewTab.module.css';
import { ParametersPanel } from './ParametersPanel';
import { PipelineFacts } from './PipelineFacts';
import { TriggersPanel } from './TriggersPanel';

/** Runs that are named below the strip. */
const MOST_NAMED = 5;

/** What a pipeline is: facts, latest runs, parameters, and what starts it. */
export function OverviewTab({ pipeline }: { pipeline: Pipeline }) {
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        {pipeline.description && (
          <p className={styles.description}>{pipeline.description}</p>
        )}
        <TriggersPanel pipeline={pipeline} />
        <ParametersPanel schema={pipeline.parameters} />
      </div>
      <div className={styles.side}>
        <LatestRuns pipeline={pipeline} />
        <PipelineFacts pipeline={pipeline} />
      </div>
    </div>
  );
}

function LatestRuns({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { id, recentRuns } = pipeline;
  return (
    <Panel
      title={t('pipeline.latestRuns')}
      aside={
        <Link href={links.runs(runsSearch({ pipeline: [id] }))}>
          {t('pipeline.allRuns')}
        </Link>
      }
    >
      {recentRuns.length === 0 ? (
        <PanelNotice kind="empty" title={t('pipeline.noRuns')} />
      ) : (
        <>
          <RunStrip runs={recentRuns} hrefOf={run => links.run(run.id)} />
          <ul className={styles.runs}>
            {recentRuns.slice(0, MOST_NAMED).map(run => (
              <li key={run.id}>
                <RunStateBadge state={run.state} />
                <Link href={links.run(run.id)} variant="body-small">
                  {shortRunId(run.id)}
                </Link>
                <span className={styles.when}>
                  <TimeText at={run.queuedAt} />
                  {run.durationMs !== undefined && (
                    <>
                      {' · '}
                      <DurationText milliseconds={run.durationMs} />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
