import { useSearchParams } from 'react-router-dom';
import { isRunId } from '../runs/runsUrl';

/** What the address says of the Run… dialog. */
export interface RunDialogUrl {
  isOpen: boolean;
  /** Undefined when it is still to be chosen. */
  pipelineId?: string;
  /** The run whose values fill the form. */
  fromRunId?: string;
  /** Whether that run is retried, instead of one like it being submitted. */
  isRetry: boolean;
  /** Whether the retry begins at the step that failed, at first. */
  isFromFailedStep: boolean;
  open(pipelineId?: string, fromRunId?: string): void;
  /** Opens the form to retry a run with edited parameters. */
  openRetry(
    pipelineId: string,
    runId: string,
    options?: { fromFailedStep?: boolean },
  ): void;
  /** Changes the chosen pipeline of the open dialog. */
  choose(pipelineId: string): void;
  /** Fills the open form with the values of a run. */
  fill(runId: string): void;
  close(): void;
}

const OWN_PARAMETERS = ['run', 'fill', 'mode', 'step'];

/**
 * The Run… dialog as part of the address: `?run=<pipeline>`, `&from=<run>` to fill it, and
 * `&mode=retry` to retry that run, with `&step=failed` from where it failed.
 *
 * @remarks
 * `from` with anything but the id of a run is a time of the page below and is left alone; the
 * run is then called `fill`.
 */
export function useRunDialogUrl(): RunDialogUrl {
  const [parameters, setParameters] = useSearchParams();
  const pipeline = parameters.get('run');
  const isRetry = parameters.get('mode') === 'retry';
  const change = (
    edit: (next: URLSearchParams) => void,
    options?: { replace: boolean },
  ) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      edit(next);
      return next;
    }, options);
  const open = (pipelineId: string, more: Record<string, string> = {}) =>
    change(next => {
      remove(next);
      next.set('run', pipelineId);
      Object.entries(more).forEach(([name, value]) => next.set(name, value));
    });
  const filledFrom = (runId: string) => ({
    [parameters.has('from') && !isRunId(parameters.get('from') ?? '')
      ? 'fill'
      : 'from']: runId,
  });
  return {
    isOpen: pipeline !== null,
    pipelineId: pipeline || undefined,
    fromRunId: [parameters.get('fill'), parameters.get('from')]
      .map(text => text ?? '')
      .find(isRunId),
    isRetry,
    isFromFailedStep: parameters.get('step') === 'failed',
    open: (pipelineId = '', fromRunId) =>
      open(pipelineId, fromRunId ? filledFrom(fromRunId) : {}),
    openRetry: (pipelineId, runId, options) =>
      open(pipelineId, {
        ...filledFrom(runId),
        mode: 'retry',
        ...(options?.fromFailedStep ? { step: 'failed' } : {}),
      }),
    choose: pipelineId =>
      change(
        next => {
          remove(next);
          next.set('run', pipelineId);
        },
        { replace: true },
      ),
    fill: runId =>
      change(
        next =>
          Object.entries(filledFrom(runId)).forEach(([name, value]) =>
            next.set(name, value),
          ),
        { replace: true },
      ),
    close: () => change(remove),
  };
}

function remove(parameters: URLSearchParams): void {
  OWN_PARAMETERS.forEach(name => parameters.delete(name));
  if (isRunId(parameters.get('from') ?? '')) {
    parameters.delete('from');
  }
}
