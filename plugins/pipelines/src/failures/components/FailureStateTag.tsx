import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  FailureStanding,
  FailureState,
} from '@millrace/backstage-plugin-pipelines-common';
import { formatClock } from '@millrace/backstage-plugin-pipelines-react';
import {
  RiAlertFill,
  RiCheckDoubleLine,
  RiEyeOffLine,
  RiLoopLeftLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './FailureStateTag.module.css';

const ICONS: Record<FailureState, RemixiconComponentType> = {
  unresolved: RiAlertFill,
  regressed: RiLoopLeftLine,
  resolved: RiCheckDoubleLine,
  ignored: RiEyeOffLine,
};

/** How a failure stands, with an icon; of an ignored one, for how long. */
export function FailureStateTag({ failure }: { failure: FailureStanding }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { state, ignoredUntil, ignoredCount } = failure;
  const Icon = ICONS[state];
  const text = () => {
    if (ignoredUntil) {
      return t('failures.state.ignoredUntil', {
        time: formatClock(ignoredUntil),
      });
    }
    return ignoredCount === undefined
      ? t(`failures.state.${state}` as const)
      : t('failures.state.ignoredCount', { count: ignoredCount });
  };
  return (
    <span className={styles.tag} data-state={state}>
      <Icon size={14} aria-hidden />
      {text()}
    </span>
  );
}
