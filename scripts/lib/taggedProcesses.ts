import fs from 'node:fs/promises';

/** Which processes of runs to find; every given part must fit. */
export interface TaggedProcessFilter {
  runId?: string;
  attempt?: number;
  /** Runs whose parameter file lies under this folder. */
  dataDirectory?: string;
}

/** A living process of a run. */
export interface TaggedProcess {
  pid: number;
  runId: string;
  attempt: number;
  command: string;
}

/**
 * Finds the processes of runs by the tag in their environment.
 *
 * @remarks
 * Linux only: other systems do not show the environment of a process, there the
 * answer is empty. Zombies are dead and do not count.
 */
export async function findTaggedProcesses(
  filter: TaggedProcessFilter = {},
): Promise<TaggedProcess[]> {
  const entries = await fs.readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries.filter(name => /^\d+$/.test(name)).map(readTagged),
  );
  return found
    .filter(tagged => tagged !== undefined)
    .filter(
      ({ process, params }) =>
        (filter.runId === undefined || process.runId === filter.runId) &&
        (filter.attempt === undefined || process.attempt === filter.attempt) &&
        (filter.dataDirectory === undefined ||
          params.startsWith(filter.dataDirectory)),
    )
    .map(({ process }) => process);
}

async function readTagged(
  pid: string,
): Promise<{ process: TaggedProcess; params: string } | undefined> {
  // A zombie's environment reads as empty, so it is never found.
  const environment = await fs
    .readFile(`/proc/${pid}/environ`, 'latin1')
    .catch(() => '');
  const runId = readVariable(environment, 'MILLRACE_RUN_ID');
  if (!runId) {
    return undefined;
  }
  const command = await fs
    .readFile(`/proc/${pid}/cmdline`, 'utf8')
    .catch(() => '');
  return {
    process: {
      pid: Number(pid),
      runId,
      attempt: Number(readVariable(environment, 'MILLRACE_ATTEMPT')),
      command: command.split('\0').join(' ').trim(),
    },
    params: readVariable(environment, 'MILLRACE_PARAMS_FILE') ?? '',
  };
}

function readVariable(environment: string, name: string): string | undefined {
  const prefix = `${name}=`;
  return environment
    .split('\0')
    .find(entry => entry.startsWith(prefix))
    ?.slice(prefix.length);
}
