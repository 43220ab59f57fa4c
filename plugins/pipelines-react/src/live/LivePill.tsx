import clsx from 'clsx';
import {
  RiLoopLeftLine,
  RiPauseCircleFill,
  RiPulseLine,
  RiWifiOffLine,
} from '@remixicon/react';
import { VisuallyHidden } from '@backstage/ui';
import { useText, type TextFunction } from '../translation/useText';
import { formatAge } from '../ui/format';
import tones from '../ui/tones.module.css';
import type { LiveHandle, LiveKind, LiveState } from './liveState';
import { useNow } from './useNow';
import { useRefresh } from './useRefresh';
import styles from './LivePill.module.css';

const SIGNS = {
  live: { icon: RiPulseLine, tone: 'positive' },
  polling: { icon: RiLoopLeftLine, tone: 'neutral' },
  reconnecting: { icon: RiWifiOffLine, tone: 'warning' },
  paused: { icon: RiPauseCircleFill, tone: 'neutral' },
} as const satisfies Record<LiveKind, unknown>;

/** Props of {@link LivePill}. @public */
export interface LivePillProps {
  /** What it shows and controls: by default the page's live updates, on a run page its stream. */
  live?: LiveHandle;
}

/**
 * How the page learns of changes and how old it is; a click pauses and resumes.
 *
 * @remarks
 * The age counts up each second for the eye only: a screen reader hears changes of kind.
 *
 * @public
 */
export function LivePill({ live }: LivePillProps) {
  const page = useRefresh();
  const handle = live ?? page;
  const t = useText();
  const now = useNow(1_000);
  const { kind, currentAt } = handle.state;
  const { icon: Icon, tone } = SIGNS[kind];
  const action = t(kind === 'paused' ? 'live.pill.resume' : 'live.pill.pause');
  const age =
    currentAt === undefined
      ? undefined
      : t('live.pill.age', { age: formatAge(now - currentAt) });
  return (
    <>
      <button
        type="button"
        className={clsx(styles.pill, tones[tone])}
        title={[age, action].filter(Boolean).join('. ')}
        aria-pressed={kind === 'paused'}
        aria-label={`${pillText(t, handle.state, currentAt ?? now)}. ${action}`}
        onClick={kind === 'paused' ? handle.resume : handle.pause}
      >
        <Icon size={14} aria-hidden="true" />
        <span className={clsx(isCalm(kind) && styles.calm)}>
          {pillText(t, handle.state, now)}
        </span>
      </button>
      <VisuallyHidden aria-live="polite">
        {pillText(t, handle.state, currentAt ?? now)}
      </VisuallyHidden>
    </>
  );
}

/** Whether its sign says enough where there is no room for words. */
function isCalm(kind: LiveKind): boolean {
  return kind === 'live' || kind === 'polling';
}

function pillText(t: TextFunction, state: LiveState, now: number): string {
  switch (state.kind) {
    case 'polling':
      return t('live.pill.polling', { seconds: String(state.pollSeconds) });
    case 'reconnecting':
      return state.currentAt === undefined
        ? t('live.pill.reconnectingFirst')
        : t('live.pill.reconnecting', {
            age: formatAge(now - state.currentAt),
          });
    default:
      return t(`live.pill.${state.kind}`);
  }
}
