import {
  jsonDiff,
  type RunChange,
  type RunChanges,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';

/** What differs between a run and the newest success among these that was submitted before it. */
export function changesOf(
  run: RunDetail,
  runs: readonly RunDetail[],
): RunChanges {
  const successes = runs
    .filter(
      ({ id, state, pipelineId }) =>
        state === 'succeeded' && pipelineId === run.pipelineId && id < run.id,
    )
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const [last] = successes;
  if (!last?.finishedAt) {
    return { comparedSuccesses: 0, changes: [], moreChanges: 0 };
  }
  const facts: [RunChange['subject'], (of: RunDetail) => string | undefined][] =
    [
      ['version', of => of.pipelineVersion],
      ['trigger', of => of.trigger],
      ['submitter', of => of.submittedBy],
    ];
  const changes: RunChange[] = [
    ...jsonDiff(last.parameters, run.parameters).map(
      ({ path, before, after }): RunChange => ({
        subject: 'parameter',
        name: path,
        ...(before !== undefined && { before: String(before) }),
        ...(after !== undefined && { after: String(after) }),
        seenIn: 0,
      }),
    ),
    ...facts
      .filter(([, factOf]) => factOf(last) !== factOf(run))
      .map(
        ([subject, factOf]): RunChange => ({
          subject,
          before: factOf(last),
          after: factOf(run),
          seenIn: successes.filter(other => factOf(other) === factOf(run))
            .length,
        }),
      ),
  ];
  return {
    lastSuccess: {
      id: last.id,
      title: last.title,
      finishedAt: last.finishedAt,
    },
    comparedSuccesses: successes.length,
    changes: changes.sort((a, b) => a.seenIn - b.seenIn),
    moreChanges: 0,
  };
}
