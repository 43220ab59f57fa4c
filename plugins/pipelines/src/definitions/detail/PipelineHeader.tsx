import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ButtonIcon,
  DialogTrigger,
  Header,
  Link,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Text,
  type HeaderMetadataItem,
} from '@backstage/ui';
import {
  LEASED_RUN_STATES,
  OUTSIDE_ENGINE,
  type Pipeline,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatExactTime,
  ScheduleText,
  usePipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-react';
import {
  RiArrowLeftRightLine,
  RiCalendarScheduleLine,
  RiLink,
  RiMore2Line,
  RiPauseLine,
  RiPlayFill,
  RiPlayLine,
  RiSettings3Line,
} from '@remixicon/react';
import { PauseDialog, ResumeDialog } from '../../queue/components/PauseDialog';
import { compareSearch } from '../../runs/compare';
import { runsSearch } from '../../runs/runsUrl';
import { useRunDialogUrl } from '../../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../../translation';
import { EntityName } from '../../ui/EntityName';
import { GatedButton } from '../../ui/GatedButton';
import { PausedTag } from '../../ui/PausedTag';
import { absoluteUrl, useRunLinks } from '../../ui/RunLinks';
import { useCopy } from '../../ui/useCopy';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import styles from './PipelineHeader.module.css';
import type { PipelineTab } from './pipelineTab';

/** What {@link PipelineHeader} shows. */
export interface PipelineHeaderProps {
  pipeline: Pipeline;
  tab: PipelineTab;
  hrefOf(tab: PipelineTab): string;
}

/** The head of the page of a pipeline: whose it is, when it runs, what can be done, and its parts. */
export function PipelineHeader(props: PipelineHeaderProps) {
  const { pipeline, tab, hrefOf } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const metadata = useMetadata(pipeline);
  return (
    <div className={styles.frame}>
      <Header
        className={styles.header}
        title={pipeline.title}
        customActions={<PipelineActions pipeline={pipeline} />}
        metadata={metadata}
        tabs={[
          {
            id: 'overview',
            label: t('pipeline.tabOverview'),
            href: hrefOf('overview'),
          },
          {
            id: 'grid',
            label: t('pipeline.tabGrid'),
            href: hrefOf('grid'),
          },
          {
            id: 'runs',
            label: t('pipeline.tabRuns'),
            href: links.runs(runsSearch({ pipeline: [pipeline.id] })),
          },
          {
            id: 'calendar',
            label: t('pipeline.tabCalendar'),
            href: hrefOf('calendar'),
          },
          {
            id: 'trends',
            label: t('pipeline.tabTrends'),
            href: hrefOf('trends'),
          },
          {
            id: 'schedule',
            label: t('pipeline.tabSchedule'),
            href: hrefOf('schedule'),
          },
          {
            id: 'settings',
            label: t('pipeline.tabSettings'),
            href: hrefOf('settings'),
          },
        ]}
        activeTabId={tab}
      />
    </div>
  );
}

function useMetadata(pipeline: Pipeline): HeaderMetadataItem[] {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { owner, entity } = pipeline;
  const items: (HeaderMetadataItem | undefined)[] = [
    owner
      ? { label: t('pipeline.owner'), value: <EntityName entityRef={owner} /> }
      : undefined,
    entity
      ? {
          label: t('pipeline.entity'),
          value: <EntityName entityRef={entity} />,
        }
      : undefined,
    { label: t('pipeline.schedule'), value: <Schedule pipeline={pipeline} /> },
    { label: t('pipeline.now'), value: <Now pipeline={pipeline} /> },
  ];
  return items.filter(item => item !== undefined);
}

/** The schedule in words; its next starts in a popover. */
function Schedule({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { schedule } = pipeline;
  return (
    <span className={styles.schedule}>
      <ScheduleText schedule={schedule} />
      {schedule?.nextAt && (
        <DialogTrigger>
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiCalendarScheduleLine />}
            aria-label={t('pipeline.showNext')}
          />
          <Popover placement="bottom">
            <NextStarts pipelineId={pipeline.id} />
          </Popover>
        </DialogTrigger>
      )}
    </span>
  );
}

function NextStarts({ pipelineId }: { pipelineId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { data } = usePipelineTriggers(pipelineId);
  return (
    <div className={styles.next}>
      <Text as="p" variant="body-medium" weight="bold">
        {t('pipeline.nextStarts')}
      </Text>
      <ol aria-label={t('pipeline.nextStarts')}>
        {data?.schedule?.next.map(at => (
          <li key={at}>{formatExactTime(at)}</li>
        ))}
      </ol>
    </div>
  );
}

/** How many runs are executed and wait, and whether it is paused. */
function Now({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { active, paused, id } = pipeline;
  const hrefOf = (state: RunState[]) =>
    links.runs(runsSearch({ pipeline: [id], state }));
  return (
    <span className={styles.now}>
      {paused && <PausedTag pause={paused} />}
      {active.running > 0 && (
        <Link href={hrefOf([...LEASED_RUN_STATES])}>
          {t('definitions.running', { number: String(active.running) })}
        </Link>
      )}
      {active.queued > 0 && (
        <Link href={hrefOf(['queued'])}>
          {t('definitions.queued', { number: String(active.queued) })}
        </Link>
      )}
      {active.running + active.queued === 0 && t('pipeline.idle')}
    </span>
  );
}

function PipelineActions({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, title, paused } = pipeline;
  const isStartedHere = pipeline.engine !== OUTSIDE_ENGINE;
  const dialog = useRunDialogUrl();
  const mayRun = usePipelineAccess('run', pipeline);
  const mayPause = usePipelineAccess('queue', pipeline);
  const [asked, setAsked] = useState<'pause' | 'resume'>();
  const Asking = asked === 'pause' ? PauseDialog : ResumeDialog;
  return (
    <div className={styles.actions}>
      {isStartedHere && (
        <GatedButton
          access={mayRun}
          variant="secondary"
          iconStart={<RiPlayFill />}
          aria-label={t('definitions.runPipeline', { title })}
          onPress={() => dialog.open(id)}
        >
          {t('common.run')}
        </GatedButton>
      )}
      {(isStartedHere || paused) && (
        <GatedButton
          access={mayPause}
          variant="secondary"
          iconStart={paused ? <RiPlayLine /> : <RiPauseLine />}
          onPress={() => setAsked(paused ? 'resume' : 'pause')}
        >
          {paused ? t('pipeline.resume') : t('pipeline.pause')}
        </GatedButton>
      )}
      <PageMenu pipeline={pipeline} />
      {asked && (
        <Asking pipeline={pipeline} onClose={() => setAsked(undefined)} />
      )}
    </div>
  );
}

function PageMenu({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, title } = pipeline;
  const links = usePageLinks();
  const runLinks = useRunLinks();
  const copy = useCopy();
  const [newest, before] = pipeline.recentRuns;
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="tertiary"
        icon={<RiMore2Line />}
        aria-label={t('pipeline.menuOf', { title })}
      />
      <Menu placement="bottom end">
        {newest && before && (
          <MenuItem
            iconStart={<RiArrowLeftRightLine />}
            href={runLinks.compare(
              compareSearch({ a: before.id, b: newest.id }),
            )}
          >
            {t('pipeline.compare')}
          </MenuItem>
        )}
        <MenuItem
          iconStart={<RiSettings3Line />}
          href={links.pipeline(id, '?tab=settings')}
        >
          {t('pipeline.editSettings')}
        </MenuItem>
        <MenuItem
          iconStart={<RiLink />}
          onAction={() =>
            copy(absoluteUrl(links.pipeline(id)), t('common.copied'))
          }
        >
          {t('pipeline.copyLink')}
        </MenuItem>
      </Menu>
    </MenuTrigger>
  );
}
