import {
  MAX_CURSOR_LENGTH,
  PIPELINE_ID_PATTERN,
  RUN_STATES,
  RUN_TRIGGERS,
  type RunState,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import { isIsoTime, isTimeRange } from '../ui/timeRange';

/** Rows per page that can be chosen. */
export const PAGE_SIZES = [25, 50, 100] as const;

/** Rows per page when nobody chose. */
export const DEFAULT_LIST_SIZE = 50;

/** What the address of the runs list says. */
export interface RunsUrl {
  state: RunState[];
  pipeline: string[];
  trigger: RunTrigger[];
  /** A range such as `-7d`, or a time. */
  from?: string;
  to?: string;
  pageSize: number;
  cursor?: string;
}

/** A value of the address that means nothing to us. */
export interface UnknownValue {
  name: string;
  value: string;
}

/** Reads the address; values that mean nothing are named and left out. */
export function readRunsUrl(parameters: URLSearchParams): {
  url: RunsUrl;
  unknown: UnknownValue[];
} {
  const unknown: UnknownValue[] = [];
  const list = (name: string, isKnown: (value: string) => boolean) =>
    (parameters.get(name) ?? '').split(',').filter(value => {
      if (value !== '' && !isKnown(value)) {
        unknown.push({ name, value });
      }
      return value !== '' && isKnown(value);
    });
  const single = (name: string, isKnown: (value: string) => boolean) => {
    const value = parameters.get(name) ?? undefined;
    if (value !== undefined && !isKnown(value)) {
      unknown.push({ name, value });
      return undefined;
    }
    return value;
  };
  return {
    url: {
      state: list('state', isOneOf(RUN_STATES)) as RunState[],
      pipeline: list('pipeline', value => PIPELINE_ID_PATTERN.test(value)),
      trigger: list('trigger', isOneOf(RUN_TRIGGERS)) as RunTrigger[],
      from: isRunToFillFrom(parameters)
        ? undefined
        : single('from', value => isTimeRange(value) || isIsoTime(value)),
      to: single('to', isIsoTime),
      pageSize: Number(
        single('size', isOneOf(PAGE_SIZES.map(String))) ?? DEFAULT_LIST_SIZE,
      ),
      cursor: single('cursor', value => value.length <= MAX_CURSOR_LENGTH),
    },
    unknown,
  };
}

/** Whether the text can be the id of a run. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/**
 * Writes changes into the address and leaves the rest of it alone; defaults are left out.
 *
 * @remarks
 * Another filter is another list, so every change except of the page itself starts at its
 * first page.
 */
export function writeRunsUrl(
  parameters: URLSearchParams,
  changes: Partial<RunsUrl>,
): URLSearchParams {
  const next = new URLSearchParams(parameters);
  next.delete('cursor');
  const texts: Record<string, string | undefined> = {};
  for (const name of ['state', 'pipeline', 'trigger'] as const) {
    if (name in changes) {
      texts[name] = changes[name]?.join(',');
    }
  }
  for (const name of ['from', 'to', 'cursor'] as const) {
    if (name in changes) {
      texts[name] = changes[name];
    }
  }
  if (changes.pageSize !== undefined) {
    const isDefault = changes.pageSize === DEFAULT_LIST_SIZE;
    texts.size = isDefault ? undefined : String(changes.pageSize);
  }
  for (const [name, text] of Object.entries(texts)) {
    if (text) {
      next.set(name, text);
    } else {
      next.delete(name);
    }
  }
  return next;
}

/** The query part of a link to the runs list with this filter, with its question mark. */
export function runsSearch(filter: Partial<RunsUrl>): string {
  const text = writeRunsUrl(new URLSearchParams(), filter).toString();
  // Commas are legal in a query, and a list that can be read is worth more.
  return text && `?${text.replaceAll('%2C', ',')}`;
}

// The Run… dialog, open above the list, says with `from` which run fills its form.
function isRunToFillFrom(parameters: URLSearchParams): boolean {
  return parameters.has('run') && isRunId(parameters.get('from') ?? '');
}

function isOneOf(values: readonly string[]) {
  return (value: string) => values.includes(value);
}
