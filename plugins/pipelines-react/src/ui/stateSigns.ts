import {
  RiCheckboxCircleFill,
  RiCircleLine,
  RiCloseCircleFill,
  RiForbidLine,
  RiLinkUnlink,
  RiLoader4Line,
  RiPauseCircleFill,
  RiPauseCircleLine,
  RiQuestionLine,
  RiRestartLine,
  RiRocketLine,
  RiSkipForwardLine,
  RiStopCircleLine,
  RiTimeLine,
  RiTimerFlashLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import type {
  AttemptState,
  RunState,
  StepState,
} from '@millrace/backstage-plugin-pipelines-common';

/** The five families of colours in which states are drawn. @public */
export type Tone =
  | 'neutral'
  | 'positive'
  | 'negative'
  | 'warning'
  | 'announcement';

/** Any state that has a sign: of a run, an attempt or a step. @public */
export type SignedState = RunState | StepState | AttemptState;

/** How a state is drawn. @public */
export interface StateSign {
  icon: RemixiconComponentType;
  tone: Tone;
  /** The icon turns, unless the reader asked for less motion. */
  turning?: boolean;
}

/** Icon and tone of every state; the text is in the translations. @public */
export const STATE_SIGNS: Readonly<Record<SignedState, StateSign>> = {
  queued: { icon: RiTimeLine, tone: 'neutral' },
  starting: { icon: RiRocketLine, tone: 'announcement' },
  running: { icon: RiLoader4Line, tone: 'announcement', turning: true },
  pausing: { icon: RiPauseCircleLine, tone: 'warning' },
  paused: { icon: RiPauseCircleFill, tone: 'warning' },
  cancelling: { icon: RiStopCircleLine, tone: 'warning' },
  succeeded: { icon: RiCheckboxCircleFill, tone: 'positive' },
  failed: { icon: RiCloseCircleFill, tone: 'negative' },
  timed_out: { icon: RiTimerFlashLine, tone: 'negative' },
  cancelled: { icon: RiForbidLine, tone: 'neutral' },
  lost: { icon: RiLinkUnlink, tone: 'negative' },
  unknown: { icon: RiQuestionLine, tone: 'neutral' },
  pending: { icon: RiCircleLine, tone: 'neutral' },
  skipped: { icon: RiSkipForwardLine, tone: 'neutral' },
  released: { icon: RiRestartLine, tone: 'neutral' },
};
