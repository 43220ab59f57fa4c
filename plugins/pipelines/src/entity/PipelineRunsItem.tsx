import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  TERMINAL_RUN_STATES,
  type Pipeline,
  type RecentRun,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  pipelinesReactTranslationRef,
  RunStrip,
  StateIcon,
  TimeText,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiPauseLine, RiPlayFill, RiPlayLine } from '@remixicon/react';
import { PauseDialog, ResumeDialog } from '../queue/components/PauseDialog';
import { useRunDialogUrl } from '../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../translation';
import { GatedButton } from '../ui/GatedButton';
import { PausedTag } from '../ui/PausedTag';
import { useRunLinks } from '../ui/RunLinks';
import { usePageLinks } from '../ui/usePageLinks';
import { usePipelineAccess } from '../ui/usePipelineAccess';
import styles from './PipelineRunsCard.module.css';

/** One pipeline of the card: how its latest runs went, what the newest does, and what can be done. */
export function PipelineRunsItem({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const pages = usePageLinks();
  const { id, title, recentRuns, schedule, paused } = pipeline;
  return (
    <li className={styles.item}>
      <div className={styles.first}>
        <span className={styles.name}>
          <Link href={pages.pipeline(id)} className={styles.title} standalone>
            {title}
          </Link>
          {paused && <PausedTag pause={paused} />}
        </span>
        <Actions pipeline={pipeline} />
      </div>
      <div className={styles.facts}>
        <RunStrip runs={recentRuns} hrefOf={run => links.run(run.id)} />
        <Health runs={recentRuns} />
      </div>
      <div className={styles.latest}>
        {recentRuns.length > 0 ? (
          <LatestRun run={recentRuns[0]} />
        ) : (
          t('entity.neverRan')
        )}
      </div>
      <div className={styles.next}>
        {schedule?.nextAt && (
          <>
            {t('entity.next')} <TimeText at={schedule.nextAt} />
          </>
        )}
      </div>
    </li>
  );
}

/** `Failed 3 min ago: 502 from host`. */
function LatestRun({ run }: { run: RecentRun }) {
  const { t } = useTranslationRef(pipelinesReactTranslationRef);
  const links = useRunLinks();
  const { data } = useRun(run.id);
  const state = data?.state ?? run.state;
  const more = data?.error?.message ?? data?.progressMessage;
  return (
    <>
      <StateIcon state={state} />
      <Link href={links.run(run.id)} className={styles.state}>
        {t(`ui.state.${state}`)}
      </Link>
      <span className={styles.state}>
        <TimeText at={data?.stateChangedAt ?? run.queuedAt} />
        {more && ':'}
      </span>
      {more && (
        <span className={styles.reason} title={more}>
          {more}
        </span>
      )}
    </>
  );
}

function Health({ runs }: { runs: readonly RecentRun[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const ended = runs.filter(({ state }) =>
    (TERMINAL_RUN_STATES as readonly RunState[]).includes(state),
  );
  return (
    <span>
      {ended.length > 0
        ? t('entity.health', {
            good: String(
              ended.filter(({ state }) => state === 'succeeded').length,
            ),
            all: String(ended.length),
          })
        : t('entity.noneEnded')}
    </span>
  );
}

function Actions({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, title, engine, paused } = pipeline;
  const dialog = useRunDialogUrl();
  const mayRun = usePipelineAccess('run', pipeline);
  const mayPause = usePipelineAccess('queue', pipeline);
  const [asked, setAsked] = useState<'pause' | 'resume'>();
  const Asking = asked === 'pause' ? PauseDialog : ResumeDialog;
  const isOutside = engine === OUTSIDE_ENGINE;
  if (isOutside && !paused) {
    return <span>{t('entity.outside')}</span>;
  }
  return (
    <span className={styles.actions}>
      <GatedButton
        access={mayPause}
        hint={t(paused ? 'entity.resume' : 'entity.pause', { title })}
        size="small"
        variant="tertiary"
        iconStart={paused ? <RiPlayLine /> : <RiPauseLine />}
        aria-label={t(paused ? 'entity.resume' : 'entity.pause', { title })}
        onPress={() => setAsked(paused ? 'resume' : 'pause')}
      >
        {t(paused ? 'queue.pipelines.resume' : 'queue.pipelines.pause')}
      </GatedButton>
      {!isOutside && (
        <GatedButton
          access={mayRun}
          size="small"
          variant="secondary"
          iconStart={<RiPlayFill />}
          aria-label={t('definitions.runPipeline', { title })}
          onPress={() => dialog.open(id)}
        >
          {t('common.run')}
        </GatedButton>
      )}
      {asked && (
        <Asking pipeline={pipeline} onClose={() => setAsked(undefined)} />
      )}
    </span>
  );
}
