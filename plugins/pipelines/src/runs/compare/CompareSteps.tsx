import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  PanelNotice,
  PanelState,
  RunStateBadge,
  useRunSteps,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { compareSteps, type SideOfStep } from './compareSteps';
import styles from './ComparePage.module.css';

/** The steps of two runs as paired bars, each with by how much the right one took longer. */
export function CompareSteps(props: { left: RunDetail; right: RunDetail }) {
  const { left, right } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const leftSteps = useRunSteps(left.id);
  const rightSteps = useRunSteps(right.id);
  return (
    <Panel title={t('compare.steps')}>
      <PanelState query={leftSteps} skeletonHeight={120}>
        {ofLeft => (
          <PanelState query={rightSteps} skeletonHeight={120}>
            {ofRight => {
              const steps = compareSteps(ofLeft, ofRight);
              const longest = Math.max(
                1,
                ...steps.flatMap(step => [
                  step.left?.durationMs ?? 0,
                  step.right?.durationMs ?? 0,
                ]),
              );
              return steps.length === 0 ? (
                <PanelNotice kind="empty" title={t('compare.noSteps')} />
              ) : (
                <StackedTable
                  label={t('compare.steps')}
                  heads={[
                    t('compare.stepName'),
                    t('compare.left'),
                    t('compare.right'),
                    t('compare.difference'),
                  ]}
                  rows={steps.map(step => ({
                    key: step.name,
                    cells: [
                      step.name,
                      ...(
                        [
                          [left, step.left],
                          [right, step.right],
                        ] as const
                      ).map(([run, side]) => (
                        <Bar
                          key={run.id}
                          run={run}
                          name={step.name}
                          side={side}
                          longest={longest}
                        />
                      )),
                      <Difference key="difference" {...step} />,
                    ],
                  }))}
                />
              );
            }}
          </PanelState>
        )}
      </PanelState>
    </Panel>
  );
}

function Bar(props: {
  run: RunDetail;
  name: string;
  side: SideOfStep | undefined;
  longest: number;
}) {
  const { run, name, side, longest } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  if (!side) {
    return <span className={styles.weak}>{t('compare.none')}</span>;
  }
  const { durationMs } = side;
  const duration =
    durationMs === undefined ? t('compare.none') : formatDuration(durationMs);
  return (
    <span className={styles.side}>
      <span className={styles.track} aria-hidden="true">
        <span
          className={styles.bar}
          data-state={side.state}
          style={{ width: `${((durationMs ?? 0) / longest) * 100}%` }}
        />
      </span>
      <span className={styles.value}>
        <RunStateBadge state={side.state} iconOnly />
        <Link
          href={links.run(run.id, '?tab=log')}
          aria-label={`${name}: ${duration}`}
        >
          {duration}
        </Link>
      </span>
    </span>
  );
}

function Difference(props: {
  left?: SideOfStep;
  right?: SideOfStep;
  differenceMs?: number;
}) {
  const { left, right, differenceMs } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!left) {
    return <>{t('compare.onlyRight')}</>;
  }
  if (!right) {
    return <>{t('compare.onlyLeft')}</>;
  }
  if (differenceMs === undefined) {
    return <span className={styles.weak}>{t('compare.none')}</span>;
  }
  const duration = formatDuration(Math.abs(differenceMs));
  if (differenceMs === 0) {
    return <>{t('compare.same')}</>;
  }
  return (
    <>
      {differenceMs > 0
        ? t('compare.longer', { duration })
        : t('compare.shorter', { duration })}
    </>
  );
}
