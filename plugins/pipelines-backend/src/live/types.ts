/** Something that the database, or this process itself, says has changed. */
export type LiveMessage =
  /** A run was queued. */
  | { kind: 'queued' }
  /** A run is in another state. */
  | { kind: 'state'; runId: string; state: string }
  /** A run was asked to be cancelled. */
  | { kind: 'cancel'; runId: string }
  /** A run was asked to stand still, or to go on. */
  | { kind: 'pause'; runId: string }
  /** The queue or a pipeline was paused or resumed, a limit changed, or a worker drains. */
  | { kind: 'queue' }
  /** Settings were saved. */
  | { kind: 'settings' }
  /** Log, steps or progress of a run grew; said only inside the process that stored them. */
  | { kind: 'grown'; runId: string }
  /** Messages may have been missed: read again whatever matters. */
  | { kind: 'resync' };

/** A hint that something changed, never a promise: whoever listens also polls. */
export interface LiveService {
  /** Calls the listener for each message until the returned function is called. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** Tells this process that log, steps or progress of a run grew. */
  grown(runId: string): void;
  /** Whether the database's messages arrive. */
  readonly connected: boolean;
}
