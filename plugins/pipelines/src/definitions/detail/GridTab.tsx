import { useCallback } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Select,
  Switch,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import {
  RUN_TRIGGERS,
  runReadPermission,
  UNSUCCESSFUL_RUN_STATES,
  type GridRun,
  type Pipeline,
  type RunState,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  formatClock,
  PanelNotice,
  PanelState,
  RunGrid,
  usePipelineGrid,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { TriggerSign } from '../../ui/TriggerSign';
import { UnknownValuesNotice } from '../../ui/UnknownValuesNotice';
import styles from './GridTab.module.css';
import { GRID_SIZES, useGridUrl, type GridUrl } from './useGridUrl';

const ANY_TRIGGER = 'any';

/** The newest runs of a pipeline side by side, with their durations and steps. */
export function GridTab({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id } = pipeline;
  const url = useGridUrl();
  const links = useRunLinks();
  const grid = usePipelineGrid(id, {
    limit: url.size,
    state: url.onlyFailed ? UNSUCCESSFUL_RUN_STATES : undefined,
    trigger: url.trigger && [url.trigger],
  });
  const hrefOf = useCallback(
    (run: GridRun, step?: string) =>
      links.run(run.id, step === undefined ? '' : logOfStep(run, step)),
    [links],
  );
  const hrefOfState = (state: RunState, runs: readonly GridRun[]) =>
    links.runs(
      runsSearch({
        pipeline: [id],
        state: [state],
        trigger: url.trigger && [url.trigger],
        from: runs.at(-1)?.queuedAt,
      }),
    );
  return (
    <Panel
      title={t('pipeline.grid.title')}
      aside={grid.data && <AsOf at={grid.data.asOf} />}
    >
      <div className={styles.tab}>
        <UnknownValuesNotice values={url.unknown} />
        <GridControls url={url} />
        <PanelState
          query={grid}
          skeletonHeight={260}
          permission={runReadPermission.name}
          empty={({ runs }) =>
            runs.length === 0 ? <NoRuns url={url} /> : undefined
          }
        >
          {data => (
            <RunGrid
              grid={data}
              hrefOf={hrefOf}
              hrefOfState={hrefOfState}
              iconOf={iconOf}
            />
          )}
        </PanelState>
        {grid.data?.searchedBackTo && (
          <p className={styles.note}>
            {t('runs.searchedBackTo', {
              time: formatClock(grid.data.searchedBackTo),
            })}
          </p>
        )}
      </div>
    </Panel>
  );
}

function GridControls({ url }: { url: GridUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <div className={styles.controls}>
      <ToggleButtonGroup
        aria-label={t('pipeline.grid.size')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[String(url.size)]}
        onSelectionChange={keys => {
          const size = GRID_SIZES.find(value => keys.has(String(value)));
          if (size) {
            url.chooseSize(size);
          }
        }}
      >
        {GRID_SIZES.map(size => (
          <ToggleButton key={size} id={String(size)}>
            {String(size)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Select
        size="small"
        className={styles.trigger}
        aria-label={t('pipeline.grid.trigger')}
        options={[
          { id: ANY_TRIGGER, label: t('pipeline.grid.anyTrigger') },
          ...RUN_TRIGGERS.map(trigger => ({
            id: trigger,
            label: t(`trigger.${trigger}` as const),
          })),
        ]}
        value={url.trigger ?? ANY_TRIGGER}
        onChange={key =>
          url.chooseTrigger(RUN_TRIGGERS.find(trigger => trigger === key))
        }
      />
      <Switch
        label={t('pipeline.grid.onlyFailed')}
        isSelected={url.onlyFailed}
        onChange={url.chooseOnlyFailed}
      />
    </div>
  );
}

function NoRuns({ url }: { url: GridUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!url.onlyFailed && !url.trigger) {
    return <PanelNotice kind="empty" title={t('pipeline.noRuns')} />;
  }
  return (
    <PanelNotice
      kind="noMatch"
      title={t('pipeline.grid.noMatch')}
      action={
        <Button variant="secondary" onPress={url.showAll}>
          {t('runs.clearFilters')}
        </Button>
      }
    />
  );
}

function logOfStep(run: GridRun, step: string): string {
  const search = new URLSearchParams({
    tab: 'log',
    attempt: String(run.attempt),
    step,
  });
  return `?${search}`;
}

function iconOf(trigger: RunTrigger) {
  return <TriggerSign trigger={trigger} />;
}
