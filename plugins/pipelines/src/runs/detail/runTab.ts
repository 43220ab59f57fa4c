import {
  isTerminalRunState,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';

/** The parts of the run page, in the order of their tabs. */
export const RUN_TABS = [
  'summary',
  'log',
  'outputs',
  'artifacts',
  'parameters',
  'events',
  'attempts',
] as const;

/** One of {@link RUN_TABS}. */
export type RunTab = (typeof RUN_TABS)[number];

/** Whether the text is one of {@link RUN_TABS}. */
export function isRunTab(text: string | null): text is RunTab {
  return (RUN_TABS as readonly (string | null)[]).includes(text);
}

/** Where a run opens: what it says while it is going on, what became of it afterwards. */
export function firstTabOf(state: RunState): RunTab {
  const hasNothingToSay = state === 'queued' || isTerminalRunState(state);
  return hasNothingToSay ? 'summary' : 'log';
}

/** The tab before or after this one, round the ends. */
export function neighbourTab(tab: RunTab, offset: 1 | -1): RunTab {
  const index = RUN_TABS.indexOf(tab) + offset;
  return RUN_TABS[(index + RUN_TABS.length) % RUN_TABS.length];
}
