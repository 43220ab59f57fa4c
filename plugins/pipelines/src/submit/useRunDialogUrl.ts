import { useSearchParams } from 'react-router-dom';
import { isRunId } from '../runs/runsUrl';

/** What the address says of the Run… dialog. */
export interface RunDialogUrl {
  isOpen: boolean;
  /** Undefined when it is still to be chosen. */
  pipelineId?: string;
  /** The run whose values fill the form. */
  fromRunId?: string;
  open(pipelineId?: string, fromRunId?: string): void;
  /** Changes the chosen pipeline of the open dialog. */
  choose(pipelineId: string): void;
  close(): void;
}

/**
 * The Run… dialog as part of the address: `?run=<pipeline>`, and `&from=<run>` to fill it.
 *
 * @remarks
 * `from` with anything but the id of a run belongs to the page below and is left alone.
 */
export function useRunDialogUrl(): RunDialogUrl {
  const [parameters, setParameters] = useSearchParams();
  const pipeline = parameters.get('run');
  const from = parameters.get('from') ?? '';
  const change = (
    edit: (next: URLSearchParams) => void,
    options?: { replace: boolean },
  ) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      edit(next);
      return next;
    }, options);
  return {
    isOpen: pipeline !== null,
    pipelineId: pipeline || undefined,
    fromRunId: isRunId(from) ? from : undefined,
    open: (pipelineId = '', fromRunId) =>
      change(next => {
        next.set('run', pipelineId);
        if (fromRunId) {
          next.set('from', fromRunId);
        }
      }),
    choose: pipelineId =>
      change(next => next.set('run', pipelineId), { replace: true }),
    close: () =>
      change(next => {
        next.delete('run');
        if (isRunId(from)) {
          next.delete('from');
        }
      }),
  };
}
