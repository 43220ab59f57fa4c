import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatNumber,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { runTimes } from '../runTimes';
import { estimate } from './estimate';

const SECOND_MS = 1_000;

/** How long earlier successes took, and how long this run therefore takes from now on. */
export function UsualDurationText(props: {
  run: RunDetail;
  durationsMs: readonly number[];
}) {
  const { run, durationsMs } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { ranMs = 0 } = runTimes(run, useNow(SECOND_MS));
  const found = estimate(durationsMs, ranMs);
  if (!found) {
    return null;
  }
  const texts = {
    from: formatDuration(found.from),
    to: formatDuration(found.to),
  };
  switch (found.kind) {
    case 'few':
      return <>{t('usual.few', { ...texts, count: found.count })}</>;
    case 'overdue':
      return found.longerThan === found.of ? (
        <>
          {t('usual.longerThanAll', { ...texts, of: formatNumber(found.of) })}
        </>
      ) : (
        <>
          {t('usual.longerThan', {
            ...texts,
            number: formatNumber(found.longerThan),
            of: formatNumber(found.of),
          })}
        </>
      );
    default:
      return run.startedAt ? (
        <>
          {t('usual.rangeAndLeft', {
            ...texts,
            left: formatDuration(found.left, { whole: true }),
          })}
        </>
      ) : (
        <>{t('usual.range', texts)}</>
      );
  }
}
