import type { ReactNode } from 'react';
import {
  BreadcrumbEntry,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button, Container, Header, Link, Switch } from '@backstage/ui';
import {
  runReadPermission,
  type Run,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DiffView,
  Named,
  PanelNotice,
  PanelState,
  RunStateBadge,
  TimeText,
  useRun,
  useRunOutputs,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowLeftRightLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { MissingRun } from '../../ui/MissingRun';
import { useRunLinks } from '../../ui/RunLinks';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { shortRunId } from '../components/shortRunId';
import { timeOfRunId } from '../timeOfRunId';
import { CompareFacts } from './CompareFacts';
import styles from './ComparePage.module.css';
import { CompareSteps } from './CompareSteps';
import { RunPicker } from './RunPicker';
import { useCompareUrl } from './useCompareUrl';

/** Two runs side by side: what they were given, what they did, and how long each step took. */
export function ComparePage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { url } = useCompareUrl();
  const id = url.b ?? url.a;
  return (
    <BreadcrumbEntry
      entry={{ label: t('compare.title'), href: links.compare() }}
    >
      {id === undefined ? (
        <MissingRun kind="empty" title={t('compare.noRunTitle')}>
          {t('compare.noRun')}
        </MissingRun>
      ) : (
        <OneRun id={id}>{right => <Comparison right={right} />}</OneRun>
      )}
    </BreadcrumbEntry>
  );
}

/** Draws a run as soon as it is there, or says why it is not. */
function OneRun(props: {
  id: string;
  children: (run: RunDetail) => ReactNode;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const run = useRun(props.id);
  return (
    <PanelState
      query={run}
      skeletonHeight={240}
      permission={runReadPermission.name}
      notFound={
        <MissingRun title={t('run.notFoundTitle')}>
          {t('compare.notFound')}
        </MissingRun>
      }
    >
      {props.children}
    </PanelState>
  );
}

function Comparison({ right }: { right: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { url, change } = useCompareUrl();
  const successes = useRuns({
    pipeline: [right.pipelineId],
    state: ['succeeded'],
    to: new Date(timeOfRunId(right.id)).toISOString(),
    limit: 1,
  });
  const lastSuccess = successes.data?.pages[0]?.items[0];
  const leftId = url.b ? url.a ?? lastSuccess?.id : undefined;
  const swap = () => change({ a: right.id, b: leftId });
  useSingleKeys({ s: swap }, leftId !== undefined);
  return (
    <>
      <Header
        title={t('compare.title')}
        customActions={
          <Button
            variant="secondary"
            iconStart={<RiArrowLeftRightLine />}
            isDisabled={leftId === undefined}
            aria-keyshortcuts="s"
            onPress={swap}
          >
            {t('compare.swap')}
          </Button>
        }
      />
      <Container className={styles.page}>
        <div className={styles.heads}>
          <Side
            label={t('compare.left')}
            id={leftId}
            pipelineId={right.pipelineId}
            lastSuccess={lastSuccess}
            onChoose={a => change({ a, b: right.id })}
          />
          <Side
            label={t('compare.right')}
            id={right.id}
            pipelineId={right.pipelineId}
            lastSuccess={lastSuccess}
            onChoose={b => change({ a: leftId, b })}
          />
        </div>
        {leftId === undefined ? (
          <PanelState query={successes} skeletonHeight={120}>
            {() => <PanelNotice kind="empty" title={t('compare.noOther')} />}
          </PanelState>
        ) : (
          <OneRun id={leftId}>
            {left => <Differences left={left} right={right} />}
          </OneRun>
        )}
      </Container>
    </>
  );
}

function Side(props: {
  label: string;
  id: string | undefined;
  pipelineId: string;
  lastSuccess: Run | undefined;
  onChoose(runId: string): void;
}) {
  const { label, id, pipelineId, lastSuccess, onChoose } = props;
  return (
    <section className={styles.head} aria-label={label}>
      <h3 className={styles.label}>{label}</h3>
      {id === undefined ? (
        <RunPicker
          {...{ label, pipelineId, lastSuccess, onChoose }}
          value={undefined}
        />
      ) : (
        <OneRun id={id}>
          {run => (
            <div className={styles.head}>
              <RunPicker
                {...{ label, pipelineId, lastSuccess, onChoose }}
                value={run}
              />
              <RunLine run={run} />
            </div>
          )}
        </OneRun>
      )}
    </section>
  );
}

function RunLine({ run }: { run: RunDetail }) {
  const links = useRunLinks();
  return (
    <span className={styles.line}>
      <RunStateBadge state={run.state} />
      <Link href={links.run(run.id)}>
        <Named name={run.title}>
          <code>{shortRunId(run.id)}</code>
        </Named>
      </Link>
      <span className={styles.weak}>
        <TimeText at={run.startedAt ?? run.queuedAt} />
      </span>
    </span>
  );
}

function Differences(props: { left: RunDetail; right: RunDetail }) {
  const { left, right } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { url, change } = useCompareUrl();
  const labels = {
    beforeLabel: t('compare.left'),
    afterLabel: t('compare.right'),
  };
  return (
    <div className={styles.page}>
      <div className={styles.choices}>
        {left.pipelineId !== right.pipelineId && (
          <span>{t('compare.otherPipelines')}</span>
        )}
        <Switch
          label={t('compare.onlyDifferences')}
          isSelected={url.only}
          onChange={only => change({ only })}
        />
      </div>
      <CompareFacts left={left} right={right} onlyDifferences={url.only} />
      <Panel title={t('compare.parameters')}>
        <DiffView
          {...labels}
          label={t('compare.parameters')}
          before={left.parameters}
          after={right.parameters}
        />
      </Panel>
      <CompareSteps left={left} right={right} />
      <Outputs left={left} right={right} labels={labels} />
    </div>
  );
}

function Outputs(props: {
  left: RunDetail;
  right: RunDetail;
  labels: { beforeLabel: string; afterLabel: string };
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const left = useRunOutputs(props.left.id);
  const right = useRunOutputs(props.right.id);
  return (
    <Panel title={t('compare.outputs')}>
      <PanelState query={left} skeletonHeight={120}>
        {ofLeft => (
          <PanelState query={right} skeletonHeight={120}>
            {ofRight => (
              <DiffView
                {...props.labels}
                label={t('compare.outputs')}
                before={latestByName(ofLeft)}
                after={latestByName(ofRight)}
              />
            )}
          </PanelState>
        )}
      </PanelState>
    </Panel>
  );
}

/** The documents of a run by name, of each the one of the latest attempt. */
function latestByName(
  outputs: readonly { attempt: number; name: string; json: unknown }[],
): Record<string, unknown> {
  const inOrder = [...outputs].sort((a, b) => a.attempt - b.attempt);
  return Object.fromEntries(inOrder.map(({ name, json }) => [name, json]));
}
