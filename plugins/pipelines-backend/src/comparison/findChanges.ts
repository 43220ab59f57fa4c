import {
  jsonDiff,
  RUN_CHANGE_SUBJECTS,
  type RunChange,
  type RunChangeSubject,
} from '@millrace/backstage-plugin-pipelines-common';
import { isUnusual, seenAsFar } from './isUnusual';
import { presentValue } from './presentValue';
import type { ComparedRun } from './types';

/** What is less is noise of the clock. */
const MIN_DURATION_CHANGE_MS = 1_000;

/** Facts of which a run has one or none. */
const FACTS: readonly [
  RunChangeSubject,
  (run: ComparedRun) => string | number | undefined,
][] = [
  ['settings', run => run.settings],
  ['version', run => run.version],
  ['worker', run => run.host],
  ['upstream-pipeline', run => run.upstream?.pipelineId],
  ['upstream-version', run => run.upstream?.version],
  ['upstream-settings', run => run.upstream?.settings],
  ['trigger', run => run.trigger],
  ['submitter', run => run.submitter],
  ['resumed-from', run => run.resumedFrom],
  ['attempts', run => run.attempts],
];

/**
 * Facts that say nothing where one of two runs has none: it was never executed, or what started
 * it is not kept any more.
 */
const KNOWN_OR_NOTHING: ReadonlySet<RunChangeSubject> = new Set([
  'worker',
  'upstream-pipeline',
  'upstream-version',
  'upstream-settings',
]);

/**
 * What differs between a run and the newest of the successes before it, rarest first.
 *
 * @param successes - newest first; without any, nothing has changed
 */
export function findChanges(
  run: ComparedRun,
  successes: readonly ComparedRun[],
): RunChange[] {
  const [last] = successes;
  if (!last) {
    return [];
  }
  const changes = [
    ...changedParameters(run, last, successes),
    ...changedFacts(run, last, successes),
    ...changedSteps(run, last, successes),
    ...changedMetrics(run, last, successes),
  ];
  const rank = ({ subject }: RunChange) => RUN_CHANGE_SUBJECTS.indexOf(subject);
  return changes.sort((a, b) => a.seenIn - b.seenIn || rank(a) - rank(b));
}

function changedParameters(
  run: ComparedRun,
  last: ComparedRun,
  successes: readonly ComparedRun[],
): RunChange[] {
  return jsonDiff(last.parameters, run.parameters).map(difference => {
    const { path, keys, before, after } = difference;
    const text = JSON.stringify(after);
    return {
      subject: 'parameter',
      name: path,
      ...sides(presentValue(before), presentValue(after)),
      seenIn: successes.filter(
        ({ parameters }) => JSON.stringify(valueAt(parameters, keys)) === text,
      ).length,
    };
  });
}

function changedFacts(
  run: ComparedRun,
  last: ComparedRun,
  successes: readonly ComparedRun[],
): RunChange[] {
  return FACTS.flatMap(([subject, factOf]): RunChange[] => {
    const [before, after] = [factOf(last), factOf(run)];
    const isUnknown =
      KNOWN_OR_NOTHING.has(subject) &&
      (before === undefined || after === undefined);
    return before === after || isUnknown
      ? []
      : [
          {
            subject,
            ...sides(before, after),
            seenIn: successes.filter(success => factOf(success) === after)
              .length,
          },
        ];
  });
}

function changedSteps(
  run: ComparedRun,
  last: ComparedRun,
  successes: readonly ComparedRun[],
): RunChange[] {
  if (run.steps.size === 0) {
    return changedDuration(
      { subject: 'duration' },
      { before: last.durationMs, after: run.durationMs },
      successes.map(({ durationMs }) => durationMs),
      false,
    );
  }
  return [...run.steps].flatMap(([name, step]): RunChange[] => {
    const earlier = successes.flatMap(({ steps }) => steps.get(name) ?? []);
    const before = last.steps.get(name);
    return before
      ? changedDuration(
          { subject: 'step-duration', name },
          { before: before.durationMs, after: step.durationMs },
          earlier.map(({ durationMs }) => durationMs),
          step.hasSucceeded,
        )
      : [{ subject: 'new-step', name, after: name, seenIn: earlier.length }];
  });
}

/** What was cut off by a failure may well be shorter. */
function changedDuration(
  what: Pick<RunChange, 'subject' | 'name'>,
  { before, after }: { before?: number; after?: number },
  earlier: readonly (number | undefined)[],
  wasWhole: boolean,
): RunChange[] {
  const past = earlier.filter(value => value !== undefined);
  return before !== undefined &&
    after !== undefined &&
    (wasWhole || after > before) &&
    Math.abs(after - before) >= MIN_DURATION_CHANGE_MS &&
    isUnusual({ value: after, last: before, past })
    ? [{ ...what, before, after, seenIn: seenAsFar(after, past) }]
    : [];
}

function changedMetrics(
  run: ComparedRun,
  last: ComparedRun,
  successes: readonly ComparedRun[],
): RunChange[] {
  return Object.entries(run.metrics).flatMap(([name, after]): RunChange[] => {
    const before = numberIn(last.metrics, name);
    const past = successes
      .map(({ metrics }) => numberIn(metrics, name))
      .filter(value => value !== undefined);
    return before !== undefined &&
      isUnusual({ value: after, last: before, past })
      ? [
          {
            subject: 'metric',
            name,
            before,
            after,
            seenIn: seenAsFar(after, past),
          },
        ]
      : [];
  });
}

function numberIn(
  metrics: Readonly<Record<string, number>>,
  name: string,
): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** What a side does not have is left out. */
function sides<TValue>(before: TValue | undefined, after: TValue | undefined) {
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}
