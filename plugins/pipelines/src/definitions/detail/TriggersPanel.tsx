import type { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  type Pipeline,
  type PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  ScheduleText,
  TimeText,
  usePipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { usePageLinks } from '../../ui/usePageLinks';
import styles from './TriggersPanel.module.css';
import { WatchTrigger } from './WatchTrigger';
import { WebhookTrigger } from './WebhookTrigger';

/** Everything that starts a pipeline by itself, and how it stands. */
export function TriggersPanel({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const triggers = usePipelineTriggers(pipeline.id);
  return (
    <Panel title={t('pipeline.triggers.title')}>
      <PanelState
        query={triggers}
        skeletonHeight={80}
        empty={data =>
          hasNoTrigger(data) ? (
            <PanelNotice
              kind="empty"
              title={
                pipeline.engine === OUTSIDE_ENGINE
                  ? t('pipeline.triggers.elsewhere')
                  : t('pipeline.triggers.byHand')
              }
            />
          ) : undefined
        }
      >
        {data => (
          <div className={styles.triggers}>
            {data.schedule && <ScheduleTrigger schedule={data.schedule} />}
            {data.watches.map(watch => (
              <WatchTrigger key={watch.id} watch={watch} />
            ))}
            {data.webhooks.map(({ id }) => (
              <WebhookTrigger key={id} id={id} />
            ))}
            <Neighbours title={t('pipeline.triggers.after')} ids={data.after} />
            <Neighbours
              title={t('pipeline.triggers.starts')}
              ids={data.starts}
            />
          </div>
        )}
      </PanelState>
    </Panel>
  );
}

/** Whether nothing starts a pipeline by itself. */
export function hasNoTrigger(triggers: PipelineTriggers): boolean {
  const { schedule, watches, webhooks, after, starts } = triggers;
  const lists = [watches, webhooks, after, starts];
  return !schedule && lists.every(list => list.length === 0);
}

/** One thing that starts a pipeline, under its name. */
export function Trigger(props: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.trigger}>
      <div className={styles.head}>
        <h4 className={styles.title}>{props.title}</h4>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

function ScheduleTrigger(props: {
  schedule: NonNullable<PipelineTriggers['schedule']>;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { schedule } = props;
  const { enabled, missed, next } = schedule;
  return (
    <Trigger
      title={t('pipeline.triggers.schedule')}
      aside={<OnOff isOn={enabled} />}
    >
      <div className={styles.line}>
        <ScheduleText schedule={schedule} />
        {next.length > 0 && (
          <span className={styles.weak}>
            {t('pipeline.triggers.next')} <TimeText at={next[0]} />
          </span>
        )}
        <span className={styles.weak}>
          {t('pipeline.triggers.missed')} {t(`pipeline.missed.${missed}`)}
        </span>
      </div>
    </Trigger>
  );
}

/** Whether something starts runs now. */
export function OnOff({ isOn }: { isOn: boolean }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <span className={styles.tag}>
      {isOn ? t('pipeline.triggers.on') : t('pipeline.triggers.off')}
    </span>
  );
}

function Neighbours({ title, ids }: { title: string; ids: string[] }) {
  const links = usePageLinks();
  if (ids.length === 0) {
    return null;
  }
  return (
    <Trigger title={title}>
      <div className={styles.line}>
        {ids.map(id => (
          <Link key={id} href={links.pipeline(id)} variant="body-medium">
            {id}
          </Link>
        ))}
      </div>
    </Trigger>
  );
}
