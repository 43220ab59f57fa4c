import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  usePipelineAccess,
  useRunAccess,
  type PipelineAccess,
} from '../../ui/usePipelineAccess';
import type { RunAction } from './legalActions';

/** Whose actions are asked about; `id` is absent before there is a run, `owner` in lists. */
export type AccessedRun = Pick<Run, 'pipelineId'> & {
  id?: string;
  owner?: string;
};

/** Whether the person may take each action on a run. */
export function useActionAccess({
  id,
  pipelineId,
  owner,
}: AccessedRun): (action: RunAction) => PipelineAccess {
  const control = useRunAccess({ id, owner });
  const submit = usePipelineAccess('run', { id: pipelineId, owner });
  return action => {
    switch (action) {
      case 'runAgain':
        return submit;
      case 'retry':
        // It acts on a run that there is, and it makes one.
        return control.isAllowed ? submit : control;
      default:
        return control;
    }
  };
}
