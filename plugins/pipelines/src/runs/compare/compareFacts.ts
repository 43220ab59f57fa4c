import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';

/** What is compared of two runs besides their times. */
export const COMPARED_FACTS = [
  'state',
  'reason',
  'step',
  'exit',
  'attempts',
  'trigger',
  'by',
  'version',
  'worker',
  'labels',
] as const;

/** One of them. */
export type ComparedFact = (typeof COMPARED_FACTS)[number];

/** The value of a fact, as what is compared; undefined where a run has none. */
export function factOf(run: RunDetail, fact: ComparedFact): string | undefined {
  switch (fact) {
    case 'state':
      return run.state;
    case 'reason':
      return run.error?.message ?? run.cancelRequest?.reason;
    case 'step':
      return run.error?.step;
    case 'exit':
      return run.error?.signal ?? run.error?.exitCode?.toString();
    case 'attempts':
      return String(run.attempt);
    case 'trigger':
      return run.trigger;
    case 'by':
      return run.submittedBy;
    case 'version':
      return run.pipelineVersion;
    case 'worker':
      return run.workerId;
    default: {
      const labels = Object.entries(run.labels).map(pair => pair.join('='));
      return labels.length > 0 ? labels.sort().join(', ') : undefined;
    }
  }
}
