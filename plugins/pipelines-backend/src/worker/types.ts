import type { JsonObject } from '@backstage/types';
import type { LogBatch } from '@millrace/backstage-plugin-pipelines-node';
import type { Lease } from '../runs';

/** Where the worker puts the lines of an attempt; the room `logs` provides it. */
export interface AttemptLogs {
  /**
   * Stores the lines of the batch, each once: a batch whose `position` is stored already changes
   * nothing, so that it can be sent again when its answer was lost.
   *
   * @throws LeaseLostError when the lease is over
   */
  append(lease: Lease, batch: LogBatch): Promise<void>;

  /**
   * Stores what was held back of a log that met its limit. To be called once for each attempt,
   * however it ended, after its last batch and while its lease is still held.
   *
   * @throws LeaseLostError when the lease is over
   */
  finish(lease: Lease): Promise<void>;
}

/** A file that an attempt offers, in its own words. */
export interface AttemptFile {
  /** Absolute path in the attempt's artifacts folder. */
  path: string;
  name: string;
  mediaType?: string;
}

/** Where the worker puts the files of an attempt; the room `artifacts` provides it. */
export interface AttemptArtifacts {
  /**
   * Stores the file under its name; a file of the same name of this attempt is replaced.
   *
   * @throws LeaseLostError when the lease is over; InputError or ConflictError for what is refused,
   * which becomes a warning of the run; any other error also fails it
   */
  store(lease: Lease, file: AttemptFile): Promise<void>;

  /**
   * Writes the artifacts of an earlier run into a folder, each under its name and for reading
   * only, together with those that this run had begun from itself. The folder is made anew.
   *
   * @param options - `signal` is aborted when nobody waits for it any more
   * @throws NotFoundError when the file of one is gone
   */
  materialize(
    runId: string,
    folder: string,
    options: { signal: AbortSignal },
  ): Promise<void>;
}

/** Where the worker gets the real parameters of a run; the room `secrets` provides it. */
export interface AttemptSecrets {
  /**
   * Puts the secrets of a run back into its masked parameters.
   *
   * @param schema - JSON Schema of the parameters of its pipeline
   * @throws an error with a sentence when they are gone or cannot be decrypted
   */
  reveal(
    run: { runId: string; parameters: JsonObject },
    schema: JsonObject,
  ): Promise<{
    parameters: JsonObject;
    /** The values that must be redacted everywhere. */
    secretValues: string[];
  }>;
}
