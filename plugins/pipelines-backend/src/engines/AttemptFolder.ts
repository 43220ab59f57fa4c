import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ForwardedError, InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { isOutOfDescriptors } from './withDescriptors';

const ATTEMPTS_FOLDER = 'attempts';
const FOLDER_NAME =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})(?:\.resume)?$/;

/** Names an attempt. */
export interface AttemptId {
  runId: string;
  attempt: number;
}

/**
 * The folder of one attempt: `<workRoot>/attempts/<runId>.<attempt>`.
 *
 * @remarks
 * Holds the parameters, the artifacts, the log that is not stored yet (spool) and how the
 * attempt ended. Nobody but us may read it. An attempt that begins at a step has a second one
 * beside it, `<runId>.<attempt>.resume`. {@link cleanUp} removes both.
 */
export class AttemptFolder {
  /** Makes an empty folder for an attempt and writes its parameters. */
  static async create(
    workRoot: string,
    attempt: AttemptId & { parameters: JsonObject },
  ): Promise<AttemptFolder> {
    const folder = AttemptFolder.of(workRoot, attempt);
    try {
      await rm(folder.path, { recursive: true, force: true });
      await mkdir(folder.artifacts, { recursive: true, mode: 0o700 });
      await mkdir(folder.spool, { mode: 0o700 });
      await writeFile(folder.parameters, JSON.stringify(attempt.parameters), {
        mode: 0o600,
      });
    } catch (error) {
      const where = isOutOfDescriptors(error)
        ? `the open files of this worker, of which there are too many ('ulimit -n')`
        : 'the disk of this worker';
      throw new ForwardedError(
        `The folder '${folder.path}' of the run cannot be made; look at ${where}`,
        error,
      );
    }
    return folder;
  }

  /** Names the folder of an attempt, whether it is there or not. */
  static of(workRoot: string, { runId, attempt }: AttemptId): AttemptFolder {
    if (!/^[0-9a-zA-Z-]{1,64}$/.test(runId) || !Number.isInteger(attempt)) {
      throw new InputError(
        `'${runId}' with attempt '${attempt}' names no attempt: a run id has letters, digits and '-' only`,
      );
    }
    return new AttemptFolder(
      join(workRoot, ATTEMPTS_FOLDER, `${runId}.${attempt}`),
    );
  }

  /** The attempts that have a folder, in no order; one may be there twice. */
  static async list(workRoot: string): Promise<AttemptId[]> {
    const names = await readdir(join(workRoot, ATTEMPTS_FOLDER)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') {
          return [];
        }
        throw error;
      },
    );
    return names.flatMap(name => {
      const [, runId, attempt] = FOLDER_NAME.exec(name) ?? [];
      return runId ? [{ runId, attempt: Number(attempt) }] : [];
    });
  }

  private constructor(readonly path: string) {}

  get parameters(): string {
    return join(this.path, 'params.json');
  }

  /** Artifacts of earlier runs, which an attempt that begins at a step goes on from. */
  get resume(): string {
    return `${this.path}.resume`;
  }

  get artifacts(): string {
    return join(this.path, 'artifacts');
  }

  get spool(): string {
    return join(this.path, 'spool');
  }

  /** Who watches over the attempt, written before it is asked to start anything. */
  get shim(): string {
    return join(this.path, 'shim.json');
  }

  /** How the attempt ended, written when it has and all of its log is in the spool. */
  get exit(): string {
    return join(this.path, 'exit.json');
  }

  async remove(): Promise<void> {
    const options = { recursive: true, force: true, maxRetries: 3 };
    await rm(this.resume, options);
    await rm(this.path, options);
  }
}

/** Removes what an attempt left on disk, once its end is stored. */
export async function cleanUp(
  workRoot: string,
  attempt: AttemptId,
): Promise<void> {
  await AttemptFolder.of(workRoot, attempt).remove();
}
