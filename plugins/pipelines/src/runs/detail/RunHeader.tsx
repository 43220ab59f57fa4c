import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ButtonIcon,
  Header,
  HeaderMetadataItem,
  Link,
  useBreakpoint,
} from '@backstage/ui';
import { RiInformationLine } from '@remixicon/react';
import {
  BULK_PIPELINE_ID,
  isActiveRunState,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStateBadge,
  TimeText,
  useUsualDuration,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { TriggerSign } from '../../ui/TriggerSign';
import { EntityName } from '../../ui/EntityName';
import { usePageLinks } from '../../ui/usePageLinks';
import { RanDuration } from '../components/RunDuration';
import { RunActions, RunActionsMenu, RunActionsProps } from './RunActions';
import styles from './RunHeader.module.css';
import { RunNeighbours } from './RunNeighbours';
import { RUN_TABS, RunTab } from './runTab';
import { UsualDurationText } from './UsualDurationText';

const TAB_LABELS = {
  summary: 'run.tabSummary',
  log: 'run.tabLog',
  outputs: 'run.tabOutputs',
  artifacts: 'run.tabArtifacts',
  parameters: 'run.tabParameters',
  events: 'run.tabEvents',
  attempts: 'run.tabAttempts',
} as const satisfies Record<RunTab, string>;

/** What {@link RunHeader} shows. */
export interface RunHeaderProps extends RunActionsProps {
  tab: RunTab;
  hrefOf(tab: RunTab): string;
}

/**
 * The head of the run page: what it is, how it stands, what can be done, and its parts.
 *
 * @remarks
 * On a narrow screen it is short, so that the log is in sight: what is not needed at once is
 * behind two buttons.
 */
export function RunHeader(props: RunHeaderProps) {
  const { run, tab, hrefOf, actions, begin } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const isNarrow = useBreakpoint().down('xs');
  const [isOpen, setOpen] = useState(false);
  const metadata = useMetadata(run);
  const shown =
    isNarrow && !isOpen
      ? metadata.filter(({ isEssential }) => isEssential)
      : metadata;
  return (
    <div className={styles.frame}>
      <Header
        title={run.title}
        customActions={
          isNarrow ? (
            <>
              <RunNeighbours runId={run.id} />
              <ButtonIcon
                variant="tertiary"
                icon={<RiInformationLine />}
                aria-label={t('run.facts')}
                aria-expanded={isOpen}
                onPress={() => setOpen(!isOpen)}
              />
              <RunActionsMenu run={run} actions={actions} begin={begin} />
            </>
          ) : (
            <>
              <RunActions run={run} actions={actions} begin={begin} />
              <RunNeighbours runId={run.id} />
            </>
          )
        }
        metadata={shown}
        tabs={RUN_TABS.map(id => ({
          id,
          label: t(TAB_LABELS[id]),
          href: hrefOf(id),
        }))}
        activeTabId={tab}
      />
    </div>
  );
}

type Metadata = HeaderMetadataItem & { isEssential?: boolean };

function useMetadata(run: RunDetail): Metadata[] {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pages = usePageLinks();
  const usual = useUsualOf(run);
  const { owner } = run;
  const items: (Metadata | undefined)[] = [
    {
      label: t('run.state'),
      value: <RunStateBadge state={run.state} />,
      isEssential: true,
    },
    {
      label: t('run.pipeline'),
      // Our own pipelines are in no list and have no page.
      value:
        run.pipelineId === BULK_PIPELINE_ID ? (
          run.pipelineTitle
        ) : (
          <Link href={pages.pipeline(run.pipelineId)}>{run.pipelineTitle}</Link>
        ),
    },
    owner
      ? { label: t('run.owner'), value: <EntityName entityRef={owner} /> }
      : undefined,
    {
      label: t('run.trigger'),
      value: (
        <span className={styles.by}>
          <TriggerSign trigger={run.trigger} />
          <ActorName actor={run.submittedBy} />
        </span>
      ),
    },
    { label: t('run.attempt'), value: <Attempt run={run} /> },
    run.startedAt
      ? { label: t('run.started'), value: <TimeText at={run.startedAt} /> }
      : { label: t('run.queuedAt'), value: <TimeText at={run.queuedAt} /> },
    run.startedAt
      ? {
          label: t('run.duration'),
          value: <RanDuration run={run} />,
          isEssential: true,
        }
      : undefined,
    usual && {
      label: t('usual.label'),
      value: <UsualDurationText run={run} durationsMs={usual} />,
    },
    run.workerId ? { label: t('run.worker'), value: run.workerId } : undefined,
  ];
  return items.filter(item => item !== undefined);
}

/** How long earlier successes took; undefined of a run that is over or began at a later step. */
function useUsualOf(run: RunDetail): readonly number[] | undefined {
  const isTold = isActiveRunState(run.state) && !run.resumedFrom;
  const { data } = useUsualDuration(run.id, isTold);
  return isTold && data && data.durationsMs.length > 0
    ? data.durationsMs
    : undefined;
}

/** The number of the attempt, and what may become of it. */
function Attempt({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { attempt, maxAttempts } = run;
  const max = String(maxAttempts);
  const promise =
    maxAttempts > 1 ? t('run.promiseRetry', { max }) : t('run.promiseOnce');
  return (
    <span title={promise}>
      {attempt > 0 && (
        <>{t('run.attemptValue', { attempt: String(attempt), max })}, </>
      )}
      {promise}
    </span>
  );
}
