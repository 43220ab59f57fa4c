import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  LEASED_RUN_STATES,
  type PipelineQueue,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  PanelNotice,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { PausedTag } from '../../ui/PausedTag';
import { useRunLinks } from '../../ui/RunLinks';
import { usePageLinks } from '../../ui/usePageLinks';
import { PipelineMenu } from './PipelineMenu';
import styles from './PipelineCards.module.css';

/** Up to this limit each run at once has a mark of its own. */
const MOST_MARKS = 16;

/** A card for each pipeline: how many of its runs wait and are executed, its limit, its pause. */
export function PipelineCards(props: {
  pipelines: readonly PipelineQueue[];
  chosen: readonly string[];
  onChoose(pipelines: readonly string[]): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipelines, chosen, onChoose } = props;
  return (
    <Panel title={t('queue.pipelines.title')}>
      {pipelines.length === 0 ? (
        <PanelNotice kind="empty" title={t('queue.pipelines.empty')} />
      ) : (
        <ul className={styles.cards}>
          {pipelines.map(pipeline => (
            <PipelineCard
              key={pipeline.pipelineId}
              pipeline={pipeline}
              isChosen={chosen.includes(pipeline.pipelineId)}
              onChoose={() => onChoose([pipeline.pipelineId])}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface PipelineCardProps {
  pipeline: PipelineQueue;
  isChosen: boolean;
  onChoose(): void;
}

function PipelineCard({ pipeline, isChosen, onChoose }: PipelineCardProps) {
  const { pipelineId: id, title, paused } = pipeline;
  const links = usePageLinks();
  return (
    <li className={styles.card} data-chosen={isChosen || undefined}>
      <div className={styles.head}>
        <Link href={links.pipeline(id)} className={styles.title} standalone>
          {title}
        </Link>
        {paused && <PausedTag pause={paused} />}
        <PipelineMenu
          pipeline={{ id, title, owner: pipeline.owner, paused }}
          onChoose={onChoose}
        />
      </div>
      <Gauge pipeline={pipeline} />
      <SegmentedBar pipeline={pipeline} />
      <Counts pipeline={pipeline} />
    </li>
  );
}

/** How many run of those that may: a mark for each, or a bar where they are many. */
function Gauge({ pipeline }: { pipeline: PipelineQueue }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { running, limit } = pipeline;
  if (limit === undefined) {
    return <div className={styles.gauge} aria-hidden="true" />;
  }
  const label = t('queue.pipelines.gauge', {
    running: formatNumber(running),
    limit: formatNumber(limit),
  });
  return (
    <div className={styles.gauge} role="img" aria-label={label} title={label}>
      {limit <= MOST_MARKS ? (
        Array.from({ length: Math.max(limit, running) }, (_, index) => (
          <span
            key={index}
            className={styles.mark}
            data-taken={index < running || undefined}
            data-over={index >= limit || undefined}
          />
        ))
      ) : (
        <span className={styles.track}>
          <span
            className={styles.fill}
            style={{ width: `${Math.min(1, running / limit) * 100}%` }}
          />
        </span>
      )}
    </div>
  );
}

/** Running, waiting and later runs in proportion. */
function SegmentedBar({ pipeline }: { pipeline: PipelineQueue }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { running, due, queued } = pipeline;
  const later = queued - due;
  const label = t('queue.pipelines.bar', {
    running: formatNumber(running),
    due: formatNumber(due),
    later: formatNumber(later),
  });
  const parts = [
    [styles.running, running],
    [styles.due, due],
    [styles.later, later],
  ] as const;
  return (
    <div className={styles.bar} role="img" aria-label={label} title={label}>
      {parts
        .filter(([, count]) => count > 0)
        .map(([className, count]) => (
          <span key={className} className={className} style={{ flex: count }} />
        ))}
    </div>
  );
}

function Counts({ pipeline }: { pipeline: PipelineQueue }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const pages = usePageLinks();
  const { pipelineId: id, running, queued, due, limit } = pipeline;
  const later = queued - due;
  return (
    <div className={styles.counts}>
      <Link
        href={links.runs(
          runsSearch({ pipeline: [id], state: [...LEASED_RUN_STATES] }),
        )}
      >
        {t('queue.pipelines.running', { running: formatNumber(running) })}
      </Link>
      {queued > 0 && (
        <Link href={pages.queue(`?pipeline=${id}`)}>
          {t('queue.pipelines.due', { number: formatNumber(due) })}
          {later > 0 &&
            ` · ${t('queue.pipelines.later', { number: formatNumber(later) })}`}
        </Link>
      )}
      {limit !== undefined && (
        <Link href={pages.pipeline(id, '?tab=settings')}>
          {t('queue.pipelines.limit', { limit: formatNumber(limit) })}
        </Link>
      )}
    </div>
  );
}
