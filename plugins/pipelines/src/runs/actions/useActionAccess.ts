import {
  usePipelineAccess,
  type PipelineAccess,
} from '../../ui/usePipelineAccess';
import type { RunAction } from './legalActions';

/** Whether the person may take each action on the runs of a pipeline. */
export function useActionAccess(pipeline: {
  id: string;
  owner?: string;
}): (action: RunAction) => PipelineAccess {
  const control = usePipelineAccess('control', pipeline);
  const submit = usePipelineAccess('run', pipeline);
  return action => (action === 'runAgain' ? submit : control);
}
