import { useRef, type KeyboardEvent, type MouseEvent } from 'react';
import clsx from 'clsx';
import type {
  RunState,
  StateCounts,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { Named } from './Named';
import { formatNumber, formatShare } from './format';
import { STATE_SIGNS } from './stateSigns';
import { StateIcon } from './StateIcon';
import styles from './StateChips.module.css';
import tones from './tones.module.css';

/** States that always have a chip, so that the row does not jump as counts come and go. */
const STEADY_STATES: readonly RunState[] = [
  'running',
  'queued',
  'succeeded',
  'failed',
];

const CHIP_ORDER: readonly RunState[] = [
  'running',
  'queued',
  'starting',
  'pausing',
  'paused',
  'cancelling',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'lost',
  'unknown',
];

/** Props of {@link StateChips}. @public */
export interface StateChipsProps {
  /** Runs by state; undefined while not known. */
  counts: StateCounts | undefined;
  /** Chosen states; none means all. */
  selected: readonly RunState[];
  onChange(selected: RunState[]): void;
}

/**
 * The states with their counts and shares, as filters.
 *
 * @remarks
 * A click chooses one state, or all when it was chosen; with Ctrl, Command or Shift it adds or
 * removes one. Arrow keys, Home and End move between the chips.
 *
 * @public
 */
export function StateChips({ counts, selected, onChange }: StateChipsProps) {
  const t = useText();
  const ref = useRef<HTMLDivElement>(null);
  const total = Object.values(counts ?? {}).reduce((a, b) => a + b, 0);
  const shown = CHIP_ORDER.filter(
    state =>
      STEADY_STATES.includes(state) ||
      selected.includes(state) ||
      (counts?.[state] ?? 0) > 0,
  );
  const choose = (state: RunState) => (event: MouseEvent) =>
    onChange(
      nextSelection(
        selected,
        state,
        event.ctrlKey || event.metaKey || event.shiftKey,
      ),
    );
  return (
    <div
      ref={ref}
      role="toolbar"
      aria-label={t('ui.chips.label')}
      className={styles.chips}
      onKeyDown={event => moveFocus(event, ref.current)}
    >
      <button
        type="button"
        className={clsx(styles.chip, tones.neutral)}
        aria-pressed={selected.length === 0}
        onClick={() => onChange([])}
      >
        {counts ? (
          <Named name={t('ui.chips.allCount', { runs: formatNumber(total) })}>
            {t('ui.chips.all')}
            <span className={styles.count}>{formatNumber(total)}</span>
          </Named>
        ) : (
          t('ui.chips.all')
        )}
      </button>
      {shown.map(state => (
        <Chip
          key={state}
          state={state}
          count={counts && (counts[state] ?? 0)}
          total={total}
          chosen={selected.includes(state)}
          onClick={choose(state)}
        />
      ))}
    </div>
  );
}

function Chip(props: {
  state: RunState;
  count: number | undefined;
  total: number;
  chosen: boolean;
  onClick(event: MouseEvent): void;
}) {
  const t = useText();
  const { state, count, total } = props;
  const label = t(`ui.state.${state}`);
  const share = formatShare(total > 0 ? (count ?? 0) / total : 0);
  return (
    <button
      type="button"
      className={clsx(
        styles.chip,
        tones[STATE_SIGNS[state].tone],
        count === 0 && styles.none,
      )}
      aria-pressed={props.chosen}
      onClick={props.onClick}
    >
      <Named
        name={
          count === undefined
            ? label
            : t('ui.chips.count', { label, runs: formatNumber(count), share })
        }
      >
        <StateIcon state={state} size={14} />
        {label}
        {count !== undefined && (
          <span className={styles.count}>{formatNumber(count)}</span>
        )}
        {count !== undefined && count > 0 && (
          <span className={styles.share}>{share}</span>
        )}
      </Named>
    </button>
  );
}

/** What is chosen after a click on a state. @internal */
export function nextSelection(
  selected: readonly RunState[],
  state: RunState,
  additive: boolean,
): RunState[] {
  const chosen = selected.includes(state);
  if (additive) {
    return chosen
      ? selected.filter(other => other !== state)
      : [...selected, state];
  }
  return chosen && selected.length === 1 ? [] : [state];
}

function moveFocus(event: KeyboardEvent, toolbar: HTMLElement | null): void {
  const buttons = [...(toolbar?.querySelectorAll('button') ?? [])];
  const current = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const targets: Record<string, number> = {
    ArrowRight: current + 1,
    ArrowLeft: current - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    buttons[(target + buttons.length) % buttons.length].focus();
  }
}
