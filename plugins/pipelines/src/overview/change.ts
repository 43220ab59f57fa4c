import {
  formatNumber,
  type KpiChange,
} from '@millrace/backstage-plugin-pipelines-react';

/** Relative changes above this are told as a multiple. */
const MAX_PERCENT = 999;

/** How a number differs from the period before, in percent of it; undefined without one. */
export function relativeChange(
  now: number | undefined,
  before: number | undefined,
  better?: 'more' | 'less',
): KpiChange | undefined {
  if (now === undefined || before === undefined || before === 0) {
    return undefined;
  }
  const percent = Math.round((now / before - 1) * 100);
  const text =
    percent > MAX_PERCENT
      ? `${formatNumber(Math.round(now / before))} ×`
      : `${formatNumber(Math.abs(percent))} %`;
  return changeOf(percent, text, better);
}

/** How a share differs from the period before, in percentage points. */
export function shareChange(
  now: number | undefined,
  before: number | undefined,
  describe: (points: string) => string,
): KpiChange | undefined {
  if (now === undefined || before === undefined) {
    return undefined;
  }
  const points = Math.round((now - before) * 1_000) / 10;
  return changeOf(points, describe(formatNumber(Math.abs(points))), 'more');
}

function changeOf(
  difference: number,
  text: string,
  better: 'more' | 'less' | undefined,
): KpiChange {
  if (difference === 0) {
    return { direction: 'same', text };
  }
  const direction = difference > 0 ? 'up' : 'down';
  return {
    direction,
    text,
    ...(better && { good: (better === 'more') === difference > 0 }),
  };
}
