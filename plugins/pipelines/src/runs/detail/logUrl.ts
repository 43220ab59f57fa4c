import {
  LOG_LEVELS,
  type RunStep,
} from '@millrace/backstage-plugin-pipelines-common';
import type {
  ChosenLines,
  LogFilter,
} from '@millrace/backstage-plugin-pipelines-react';

const LINES = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/;

/** The lines that `line=120` or `line=120-140` names; undefined when it names none. */
export function parseLines(text: string | null): ChosenLines | undefined {
  const match = LINES.exec(text ?? '');
  if (!match) {
    return undefined;
  }
  const ends = [Number(match[1]), Number(match[2] ?? match[1])];
  return { first: Math.min(...ends), last: Math.max(...ends) };
}

/** The value of `line` for these lines. */
export function formatLines({ first, last }: ChosenLines): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/**
 * What the URL says is looked for in the log.
 *
 * @remarks
 * A step whose lines nobody knows is ignored: the page names it for other reasons as well.
 */
export function readFilter(
  parameters: URLSearchParams,
  steps: readonly RunStep[],
): LogFilter {
  const named = parameters.get('level')?.split(',') ?? [];
  const step = steps.find(
    ({ name, firstLine }) =>
      name === parameters.get('step') && firstLine !== undefined,
  );
  return {
    q: parameters.get('q') ?? '',
    levels: LOG_LEVELS.filter(level => named.includes(level)),
    ...(step && { step: step.name }),
    only: parameters.get('only') === '1',
    novel: parameters.get('novel') === '1',
  };
}

/** The parameters of a filter; what is not wanted is undefined. */
export function parametersOf(
  filter: LogFilter,
): Record<string, string | undefined> {
  return {
    q: filter.q || undefined,
    level: filter.levels.join(',') || undefined,
    step: filter.step,
    only: filter.only ? '1' : undefined,
    novel: filter.novel ? '1' : undefined,
  };
}
