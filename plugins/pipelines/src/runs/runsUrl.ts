import {
  LabelsSchema,
  MAX_CURSOR_LENGTH,
  MAX_DURATION_SECONDS,
  MAX_RUN_TEXT_LENGTH,
  PIPELINE_ID_PATTERN,
  RUN_SORTS,
  RUN_STATES,
  RUN_TRIGGERS,
  type RunState,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import { isRunColumn, tidyColumns, type RunColumn } from './columns/runColumns';
import { isIsoTime, isTimeRange } from '../ui/timeRange';

/** Rows per page that can be chosen. */
export const PAGE_SIZES = [25, 50, 100] as const;

/** Rows per page when nobody chose. */
export const DEFAULT_LIST_SIZE = 50;

/** Most labels that can be asked for at once. */
const MAX_LABELS = 20;
const LABEL_PREFIX = 'label.';
const MAX_REFERENCE_LENGTH = 300;

/** The filters of the runs list, with the names that the API has for them. */
export interface RunsUrlFilter {
  state: RunState[];
  'state.not': RunState[];
  pipeline: string[];
  'pipeline.not': string[];
  /** Owners of pipelines. */
  owner: string[];
  /** Entities that pipelines belong to. */
  entity: string[];
  trigger: RunTrigger[];
  'trigger.not': RunTrigger[];
  submittedBy: string[];
  /** Labels that a run must all have. */
  label: Record<string, string>;
  /** Only runs that ended with this failure. */
  fingerprint?: string;
  /** Text to look for. */
  q?: string;
  /** Execution time, in seconds. */
  minDuration?: number;
  maxDuration?: number;
  /** A range such as `-7d`, or a time. */
  from?: string;
  to?: string;
}

/** What the address of the runs list says. */
export interface RunsUrl extends RunsUrlFilter {
  /** Oldest first; default newest first. */
  sort?: 'queued';
  /** Columns in their order, where others than the usual ones are wanted. */
  cols?: RunColumn[];
  /** The id of the saved view that the rest is compared with. */
  view?: string;
  pageSize: number;
  cursor?: string;
}

/** No filter at all. */
export const NO_FILTER: RunsUrlFilter = {
  state: [],
  'state.not': [],
  pipeline: [],
  'pipeline.not': [],
  owner: [],
  entity: [],
  trigger: [],
  'trigger.not': [],
  submittedBy: [],
  label: {},
  fingerprint: undefined,
  q: undefined,
  minDuration: undefined,
  maxDuration: undefined,
  from: undefined,
  to: undefined,
};

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
  const seconds = (name: string, least = 0) => {
    const text = single(
      name,
      value =>
        /^\d{1,9}$/.test(value) &&
        Number(value) >= least &&
        Number(value) <= MAX_DURATION_SECONDS,
    );
    return text === undefined ? undefined : Number(text);
  };
  const minDuration = seconds('minDuration');
  const cols = list('cols', isRunColumn);
  return {
    url: {
      state: list('state', isOneOf(RUN_STATES)) as RunState[],
      'state.not': list('state.not', isOneOf(RUN_STATES)) as RunState[],
      pipeline: list('pipeline', isPipelineId),
      'pipeline.not': list('pipeline.not', isPipelineId),
      owner: list('owner', isReference),
      entity: list('entity', isReference),
      trigger: list('trigger', isOneOf(RUN_TRIGGERS)) as RunTrigger[],
      'trigger.not': list('trigger.not', isOneOf(RUN_TRIGGERS)) as RunTrigger[],
      submittedBy: list('submittedBy', isReference),
      label: readLabels(parameters, unknown),
      fingerprint: single('fingerprint', isFingerprint),
      q: single('q', isSearchable)?.trim() || undefined,
      minDuration,
      maxDuration: seconds('maxDuration', minDuration),
      from: isRunToFillFrom(parameters)
        ? undefined
        : single('from', value => isTimeRange(value) || isIsoTime(value)),
      to: single('to', isIsoTime),
      sort:
        single('sort', isOneOf(RUN_SORTS)) === 'queued' ? 'queued' : undefined,
      cols: cols.length > 0 ? tidyColumns(cols) : undefined,
      view: single('view', isRunId),
      pageSize: Number(
        single('size', isOneOf(PAGE_SIZES.map(String))) ?? DEFAULT_LIST_SIZE,
      ),
      cursor: single('cursor', value => value.length <= MAX_CURSOR_LENGTH),
    },
    unknown,
  };
}

/** Whether the text can be the id of a run, or of a view. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Whether the text can be the fingerprint of a failure. */
export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

/** Whether runs can be searched for the text; of blanks alone, nothing is searched. */
export function isSearchable(text: string): boolean {
  return text.trim().length <= MAX_RUN_TEXT_LENGTH && !text.includes('\0');
}

/** Whether the text can name who has submitted a run, an owner or an entity. */
export function isReference(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= MAX_REFERENCE_LENGTH &&
    !text.includes(',') &&
    !text.includes('\0')
  );
}

/** Whether a run can have this label. */
export function isLabel(name: string, value: string): boolean {
  return (
    // A record drops this key silently.
    name !== '__proto__' &&
    LabelsSchema.safeParse({ [name]: value }).success &&
    !value.includes('\0')
  );
}

/**
 * Writes changes into the address and leaves the rest of it alone; defaults are left out.
 *
 * @remarks
 * Another filter is another list, so every change except of the page itself, and of how it
 * looks, starts at its first page.
 */
export function writeRunsUrl(
  parameters: URLSearchParams,
  changes: Partial<RunsUrl>,
): URLSearchParams {
  const next = new URLSearchParams(parameters);
  if (!isSamePage(changes)) {
    next.delete('cursor');
  }
  const { label, pageSize, ...plain } = changes;
  const texts: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(plain)) {
    texts[name] = value === undefined ? undefined : String(value);
  }
  if (pageSize !== undefined) {
    const isDefault = pageSize === DEFAULT_LIST_SIZE;
    texts.size = isDefault ? undefined : String(pageSize);
  }
  for (const [name, text] of Object.entries(texts)) {
    if (text) {
      next.set(name, text);
    } else {
      next.delete(name);
    }
  }
  if (label) {
    writeLabels(next, label);
  }
  return next;
}

/** Whether the changes leave the runs of the page as they are. */
export function isSamePage(changes: Partial<RunsUrl>): boolean {
  return Object.keys(changes).every(name => name === 'cols');
}

/** The query part of a link to the runs list with this filter, with its question mark. */
export function runsSearch(filter: Partial<RunsUrl>): string {
  const text = writeRunsUrl(new URLSearchParams(), filter).toString();
  // Commas are legal in a query, and a list that can be read is worth more.
  return text && `?${text.replaceAll('%2C', ',')}`;
}

function readLabels(
  parameters: URLSearchParams,
  unknown: UnknownValue[],
): Record<string, string> {
  const labels = new Map<string, string>();
  for (const [parameter, value] of parameters) {
    if (parameter.startsWith(LABEL_PREFIX)) {
      const name = parameter.slice(LABEL_PREFIX.length);
      if (
        isLabel(name, value) &&
        !labels.has(name) &&
        labels.size < MAX_LABELS
      ) {
        labels.set(name, value);
      } else {
        unknown.push({ name: parameter, value });
      }
    }
  }
  return Object.fromEntries(labels);
}

function writeLabels(
  parameters: URLSearchParams,
  labels: Readonly<Record<string, string>>,
): void {
  for (const name of [...parameters.keys()]) {
    if (name.startsWith(LABEL_PREFIX)) {
      parameters.delete(name);
    }
  }
  for (const [name, value] of Object.entries(labels)) {
    parameters.set(LABEL_PREFIX + name, value);
  }
}

// The Run… dialog, open above the list, says with `from` which run fills its form.
function isRunToFillFrom(parameters: URLSearchParams): boolean {
  return parameters.has('run') && isRunId(parameters.get('from') ?? '');
}

function isPipelineId(value: string): boolean {
  return PIPELINE_ID_PATTERN.test(value);
}

function isOneOf(values: readonly string[]) {
  return (value: string) => values.includes(value);
}
