import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import type { ByteRange } from '@millrace/backstage-plugin-pipelines-node';
import type { Readable } from 'node:stream';

/** A row of `run_artifacts`. */
export interface ArtifactRow {
  id: string;
  run_id: string;
  attempt: number;
  name: string;
  media_type: string;
  /** `pg` gives bigint as text. */
  bytes: string;
  sha256: string;
  store_key: string;
  created_at: Date;
}

/** What the routes need of the room `runs`: whether the caller may see the run. */
export interface ReadableRuns {
  /** @throws NotFoundError when there is no such run or the caller may not see it */
  identifyRun(
    runId: string,
    options: { credentials: BackstageCredentials },
  ): Promise<unknown>;
}

/** An artifact whose bytes are there. */
export interface OpenableArtifact {
  artifact: RunArtifact;
  /** A stream of the bytes, or of a range of them; to be read or destroyed. */
  read(range?: ByteRange): Readable;
  /** To be called when nothing is going to be read. */
  close(): Promise<void>;
}

/** A file whose bytes are arriving. */
export interface ReceivedFile {
  name: string;
  mediaType?: string;
  /** What its bytes must hash to, in lower-case hex; default anything. */
  sha256?: string;
  source: Readable;
}
