import {
  findTaggedProcesses,
  type TaggedProcess,
} from '../../scripts/lib/taggedProcesses.ts';

/** The living processes of a run, found by `MILLRACE_RUN_ID` in their environment (Linux). */
export async function processesTagged(runId: string): Promise<TaggedProcess[]> {
  return await findTaggedProcesses({ runId });
}
