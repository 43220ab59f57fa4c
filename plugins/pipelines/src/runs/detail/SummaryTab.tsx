import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  UNSUCCESSFUL_RUN_STATES,
  type RunDetail,
  type RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelState,
  StepTimeline,
  useRunSteps,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { RunChangesPanel } from './RunChangesPanel';
import { RunFacts } from './RunFacts';
import { StepInspector } from './StepInspector';
import styles from './SummaryTab.module.css';

/** What became of the run: its steps on a line of time, the chosen step, metrics, and its own words. */
export function SummaryTab({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const steps = useRunSteps(run.id);
  const [chosen, setChosen] = useState<string>();
  return (
    <div className={styles.summary}>
      <div className={styles.steps}>
        <Panel title={t('summary.steps')}>
          <PanelState query={steps} skeleton="rows" skeletonCount={4}>
            {items =>
              items.length === 0 ? (
                <p className={styles.nothing}>
                  {t(run.startedAt ? 'summary.noSteps' : 'summary.notStarted')}
                </p>
              ) : (
                <StepTimeline
                  steps={items}
                  run={run}
                  selected={selectedStep(items, chosen, run)?.name}
                  onSelect={setChosen}
                />
              )
            }
          </PanelState>
        </Panel>
        {isUnsuccessful(run) && <RunChangesPanel run={run} />}
      </div>
      <div className={styles.side}>
        <StepInspector
          run={run}
          step={selectedStep(steps.data ?? [], chosen, run)}
        />
        <RunFacts run={run} />
      </div>
    </div>
  );
}

function isUnsuccessful({ state }: RunDetail): boolean {
  return UNSUCCESSFUL_RUN_STATES.some(name => name === state);
}

/** The chosen step; else the one that matters: where it failed, or what it is doing. */
function selectedStep(
  steps: RunStep[],
  chosen: string | undefined,
  run: RunDetail,
): RunStep | undefined {
  const byName = (name: string | undefined) =>
    steps.find(step => step.name === name);
  return (
    byName(chosen) ??
    byName(run.error?.step) ??
    steps.find(({ state }) => state === 'failed') ??
    steps.find(({ state }) => state === 'running')
  );
}
