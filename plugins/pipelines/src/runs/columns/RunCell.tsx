import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  Pipeline,
  Run,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { EntityName } from '../../ui/EntityName';
import { useRunLinks } from '../../ui/RunLinks';
import { TriggerSign } from '../../ui/TriggerSign';
import { usePageLinks } from '../../ui/usePageLinks';
import { RunDuration } from '../components/RunDuration';
import { RunWord } from '../components/RunWord';
import { shortRunId } from '../components/shortRunId';
import styles from './RunCell.module.css';
import type { RunColumn } from './runColumns';

/** What {@link RunCell} shows. */
export interface RunCellProps {
  column: RunColumn;
  run: Run;
  /** The pipeline of the run; undefined where it is not known, or not yet. */
  pipeline?: Pipeline;
}

/** What a run has in a column of the list; a dash where it has nothing. */
export function RunCell({ column, run, pipeline }: RunCellProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  switch (column) {
    case 'state':
      return <RunStateBadge state={run.state} />;
    case 'run':
      return <RunTitle run={run} />;
    case 'by':
      return (
        <span className={styles.by}>
          <TriggerSign trigger={run.trigger} />
          <span className={styles.clip}>
            <ActorName actor={run.submittedBy} />
          </span>
        </span>
      );
    case 'attempt':
      return (
        <PlainText
          text={
            run.attempt > 0
              ? t('runs.attempt', {
                  attempt: String(run.attempt),
                  max: String(run.maxAttempts),
                })
              : undefined
          }
        />
      );
    case 'queued':
      return <TimeText at={run.queuedAt} />;
    case 'started':
      return <TimeText at={run.startedAt} />;
    case 'finished':
      return <TimeText at={run.finishedAt} />;
    case 'duration':
      return <RunDuration run={run} />;
    case 'word':
      return <RunWord run={run} />;
    case 'pipeline':
      return <PipelineLink id={run.pipelineId} title={pipeline?.title} />;
    case 'owner':
      return <EntityText entityRef={pipeline?.owner} />;
    case 'entity':
      return <EntityText entityRef={pipeline?.entity} />;
    case 'engine':
      return <PlainText text={pipeline?.engine} />;
    case 'worker':
      return <PlainText text={run.workerId ?? run.reporter} />;
    case 'priority':
      return <PlainText text={String(run.priority)} />;
    case 'labels':
      return (
        <PlainText
          text={Object.entries(run.labels)
            .map(([name, value]) => `${name}=${value}`)
            .join(', ')}
        />
      );
    default:
      return column satisfies never;
  }
}

function RunTitle({ run }: { run: Run }) {
  const links = useRunLinks();
  return (
    <>
      <Link href={links.run(run.id)} className={styles.title} standalone>
        {run.title}
      </Link>
      <span className={styles.second}>
        {run.pipelineId} · <code>{shortRunId(run.id)}</code>
      </span>
    </>
  );
}

function PipelineLink({ id, title }: { id: string; title?: string }) {
  const links = usePageLinks();
  return (
    <Link href={links.pipeline(id)} className={styles.title} standalone>
      {title ?? id}
    </Link>
  );
}

function EntityText({ entityRef }: { entityRef?: string }) {
  return entityRef ? (
    <span className={styles.clip}>
      <EntityName entityRef={entityRef} hideIcon />
    </span>
  ) : (
    <PlainText />
  );
}

function PlainText({ text }: { text?: string }) {
  return (
    <span className={`${styles.clip} ${styles.number}`} title={text}>
      {text || '–'}
    </span>
  );
}
