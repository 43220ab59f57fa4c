import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  LEASED_RUN_STATES,
  OUTSIDE_ENGINE,
  type Pipeline,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStrip,
  ScheduleText,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiPlayFill } from '@remixicon/react';
import { PipelineMenu } from '../../queue/components/PipelineMenu';
import { runsSearch } from '../../runs/runsUrl';
import { useRunDialogUrl } from '../../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { EntityName } from '../../ui/EntityName';
import { PausedTag } from '../../ui/PausedTag';
import { useRunLinks } from '../../ui/RunLinks';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import styles from './PipelinesList.module.css';

/** One pipeline of the list. */
export function PipelineItem({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, title, description, schedule } = pipeline;
  const links = useRunLinks();
  const pages = usePageLinks();
  return (
    <li className={styles.item}>
      <div className={styles.what}>
        <span className={styles.name}>
          <Link href={pages.pipeline(id)} className={styles.title} standalone>
            {title}
          </Link>
          {pipeline.paused && <PausedTag pause={pipeline.paused} />}
        </span>
        {description && (
          <p className={styles.description} title={description}>
            {description}
          </p>
        )}
      </div>
      <div className={styles.refs}>
        {pipeline.owner && <EntityName entityRef={pipeline.owner} />}
        {pipeline.entity && <EntityName entityRef={pipeline.entity} />}
      </div>
      <div>
        <RunStrip
          runs={pipeline.recentRuns}
          hrefOf={run => links.run(run.id)}
        />
      </div>
      <div className={styles.schedule}>
        <ScheduleText schedule={schedule} />
        {schedule?.nextAt && (
          <span className={styles.next}>
            {t('definitions.next')} <TimeText at={schedule.nextAt} />
          </span>
        )}
      </div>
      <Active pipeline={pipeline} />
      <RunOrOutside pipeline={pipeline} />
      <div className={styles.menu}>
        <PipelineMenu pipeline={pipeline} />
      </div>
    </li>
  );
}

/** The way to run it; of a pipeline that is executed only elsewhere, that there is none. */
function RunOrOutside({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const dialog = useRunDialogUrl();
  const access = usePipelineAccess('run', pipeline);
  const { id, title, engine } = pipeline;
  if (engine === OUTSIDE_ENGINE) {
    return <span className={styles.outside}>{t('definitions.outside')}</span>;
  }
  return (
    <GatedButton
      access={access}
      variant="secondary"
      className={styles.run}
      iconStart={<RiPlayFill />}
      aria-label={t('definitions.runPipeline', { title })}
      onPress={() => dialog.open(id)}
    >
      {t('common.run')}
    </GatedButton>
  );
}

/** How many runs are being executed and are waiting, each leading to them. */
function Active({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { running, queued } = pipeline.active;
  const hrefOf = (state: RunState[]) =>
    links.runs(runsSearch({ pipeline: [pipeline.id], state }));
  if (running + queued === 0) {
    return <div className={styles.idle}>{t('definitions.idle')}</div>;
  }
  return (
    <div className={styles.active}>
      {running > 0 && (
        <Link href={hrefOf([...LEASED_RUN_STATES])}>
          {t('definitions.running', { number: String(running) })}
        </Link>
      )}
      {queued > 0 && (
        <Link href={hrefOf(['queued'])}>
          {t('definitions.queued', { number: String(queued) })}
        </Link>
      )}
    </div>
  );
}
