import { useState, type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Link } from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  type Pipeline,
  type PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatExactTime,
  PanelNotice,
  PanelState,
  ScheduleText,
  TimeText,
  usePipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiHistoryLine } from '@remixicon/react';
import facts from '../../runs/detail/FactsTable.module.css';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { Panel } from '../../ui/Panel';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import { BackfillDialog } from './BackfillDialog';
import { RefusedStarts } from './RefusedStarts';
import styles from './ScheduleTab.module.css';
import { hasNoTrigger } from './TriggersPanel';

/** When a pipeline starts by itself, the next times, the way to make runs of times that are over, and starts that were refused. */
export function ScheduleTab({ pipeline }: { pipeline: Pipeline }) {
  const triggers = usePipelineTriggers(pipeline.id);
  return (
    <PanelState query={triggers} skeletonHeight={240}>
      {data => (
        <div className={styles.tab}>
          {data.schedule ? (
            <Scheduled pipeline={pipeline} schedule={data.schedule} />
          ) : (
            <NotScheduled pipeline={pipeline} triggers={data} />
          )}
          <RefusedStarts refused={data.refused} />
        </div>
      )}
    </PanelState>
  );
}

function NotScheduled(props: {
  pipeline: Pipeline;
  triggers: PipelineTriggers;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, engine } = props.pipeline;
  const links = usePageLinks();
  if (engine === OUTSIDE_ENGINE) {
    return (
      <PanelNotice kind="empty" title={t('pipeline.scheduleTab.none')}>
        {t('pipeline.scheduleTab.noneElsewhere')}
      </PanelNotice>
    );
  }
  return (
    <PanelNotice
      kind="empty"
      title={t('pipeline.scheduleTab.none')}
      action={
        <ButtonLink
          variant="secondary"
          href={links.pipeline(id, '?tab=settings')}
        >
          {t('pipeline.scheduleTab.toSettings')}
        </ButtonLink>
      }
    >
      {t('pipeline.scheduleTab.noneText')}
      {!hasNoTrigger(props.triggers) && (
        <>
          {' '}
          <Link href={links.pipeline(id)}>
            {t('pipeline.scheduleTab.otherTriggers')}
          </Link>
        </>
      )}
    </PanelNotice>
  );
}

function Scheduled(props: {
  pipeline: Pipeline;
  schedule: NonNullable<PipelineTriggers['schedule']>;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipeline, schedule } = props;
  const { cron, timezone, enabled, missed, next, servedUntil } = schedule;
  const access = usePipelineAccess('run', pipeline);
  const [isFilling, setFilling] = useState(false);
  const lines: [name: string, value: ReactNode][] = [
    [t('pipeline.schedule'), <ScheduleText key="s" schedule={schedule} />],
    [t('pipeline.scheduleTab.cron'), <code key="c">{cron}</code>],
    [t('pipeline.scheduleTab.zone'), timezone],
    [
      t('pipeline.scheduleTab.state'),
      enabled
        ? t('pipeline.scheduleTab.enabled')
        : t('pipeline.scheduleTab.disabled'),
    ],
    [t('pipeline.scheduleTab.missed'), t(`pipeline.missed.${missed}`)],
    [
      t('pipeline.scheduleTab.served'),
      servedUntil &&
        t('pipeline.scheduleTab.servedUntil', {
          time: <TimeText at={servedUntil} />,
        }),
    ],
  ];
  return (
    <div className={styles.columns}>
      <Panel
        title={t('pipeline.scheduleTab.title')}
        aside={
          <GatedButton
            access={access}
            size="small"
            variant="secondary"
            iconStart={<RiHistoryLine />}
            onPress={() => setFilling(true)}
          >
            {t('pipeline.scheduleTab.backfill')}
          </GatedButton>
        }
      >
        <table className={facts.facts}>
          <tbody>
            {lines
              .filter(([, value]) => value !== undefined)
              .map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{value}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </Panel>
      <Panel title={t('pipeline.scheduleTab.next')}>
        {next.length === 0 ? (
          <PanelNotice kind="empty" title={t('pipeline.scheduleTab.noNext')} />
        ) : (
          <ol
            aria-label={t('pipeline.scheduleTab.next')}
            className={styles.next}
          >
            {next.map(at => (
              <li key={at}>
                <span>{formatExactTime(at)}</span>
                <span className={styles.weak}>
                  <TimeText at={at} />
                </span>
              </li>
            ))}
          </ol>
        )}
      </Panel>
      {isFilling && (
        <BackfillDialog pipeline={pipeline} onClose={() => setFilling(false)} />
      )}
    </div>
  );
}
