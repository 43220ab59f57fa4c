import { Link } from 'react-router-dom';
import clsx from 'clsx';
import type { RecentRun } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatDuration, formatExactTime } from './format';
import { STATE_SIGNS } from './stateSigns';
import { StateIcon } from './StateIcon';
import styles from './RunStrip.module.css';
import tones from './tones.module.css';

const CELLS = 14;

/** Props of {@link RunStrip}. @public */
export interface RunStripProps {
  /** Newest first, as the API has them; at most 14 are drawn. */
  runs: readonly RecentRun[];
  /** Where a run's page is; without it the cells are no links. */
  hrefOf?(run: RecentRun): string;
}

/** The newest 14 runs of a pipeline, oldest at the left, newest at the right. @public */
export function RunStrip({ runs, hrefOf }: RunStripProps) {
  const t = useText();
  const shown = runs.slice(0, CELLS).reverse();
  const states = shown.map(run => t(`ui.state.${run.state}`)).join(', ');
  return (
    <ol
      className={styles.strip}
      aria-label={
        shown.length === 0
          ? t('ui.strip.empty')
          : t('ui.strip.label', { count: shown.length, states })
      }
    >
      {Array.from({ length: CELLS - shown.length }, (_, index) => (
        <li key={index} className={styles.blank} aria-hidden="true" />
      ))}
      {shown.map(run => (
        <li key={run.id}>
          <StripCell run={run} href={hrefOf?.(run)} />
        </li>
      ))}
    </ol>
  );
}

function StripCell({ run, href }: { run: RecentRun; href?: string }) {
  const t = useText();
  const state = t(`ui.state.${run.state}`);
  const when = formatExactTime(run.queuedAt);
  const name =
    run.durationMs === undefined
      ? t('ui.strip.run', { state, when })
      : t('ui.strip.runWithDuration', {
          state,
          when,
          duration: formatDuration(run.durationMs),
        });
  const className = clsx(styles.cell, tones[STATE_SIGNS[run.state].tone]);
  const icon = <StateIcon state={run.state} size={14} />;
  return href ? (
    <Link to={href} className={className} title={name} aria-label={name}>
      {icon}
    </Link>
  ) : (
    <span role="img" className={className} title={name} aria-label={name}>
      {icon}
    </span>
  );
}
