import {
  RiArrowUpDoubleLine,
  RiEditLine,
  RiListOrdered,
  RiPauseLine,
  RiPlayLine,
  RiRestartLine,
  RiSkullLine,
  RiSpeedLine,
  RiStopCircleLine,
  RiFileEditLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import type { RunAction } from './legalActions';

/** The icon of each action. */
export const ACTION_ICONS: Record<RunAction, RemixiconComponentType> = {
  retry: RiRestartLine,
  runAgain: RiFileEditLine,
  pause: RiPauseLine,
  resume: RiPlayLine,
  runNow: RiSpeedLine,
  toFront: RiArrowUpDoubleLine,
  priority: RiListOrdered,
  edit: RiEditLine,
  cancel: RiStopCircleLine,
  kill: RiSkullLine,
};

/** Keys of actions on the run page, each with Shift. */
export const ACTION_KEYS: Partial<Record<RunAction, string>> = {
  retry: 'R',
  runAgain: 'E',
  pause: 'P',
  resume: 'P',
  cancel: 'C',
  kill: 'C',
};

/** Actions that end something. */
export const DESTRUCTIVE_ACTIONS: readonly RunAction[] = ['cancel', 'kill'];
