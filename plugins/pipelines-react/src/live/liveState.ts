/** How a screen gets to know of changes. @public */
export type LiveKind = 'live' | 'polling' | 'reconnecting' | 'paused';

/** What a live pill says. @public */
export interface LiveState {
  kind: LiveKind;
  /** When the shown data was last known to be current, ms since the epoch; undefined before the first answer. */
  currentAt?: number;
  /** How often is asked without a push, seconds. */
  pollSeconds: number;
}

/** Something that a live pill shows and controls. @public */
export interface LiveHandle {
  state: LiveState;
  pause(): void;
  /** Ends the pause and reads everything again at once. */
  resume(): void;
  /** Reads everything again at once, also while paused. */
  refresh(): void;
}
