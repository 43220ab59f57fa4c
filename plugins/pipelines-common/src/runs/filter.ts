import { z } from 'zod';
import { LabelsSchema } from './labels';

/** Longest text that runs are searched for, in characters. @public */
export const MAX_RUN_TEXT_LENGTH = 200;

/** Longest execution time that runs are filtered by, in seconds: about ten years. @public */
export const MAX_DURATION_SECONDS = 315_360_000;

/** Begins the name of a query parameter for one label. */
const LABEL_PREFIX = 'label.';

/** Text that a database can compare: neither NUL nor half of a surrogate pair is in any column. */
const storable = (text: string) =>
  !text.includes('\0') && !/\p{Surrogate}/u.test(text);
const STORABLE = {
  message: 'has a NUL character or half of a surrogate pair',
};

/**
 * Text that a run must have in its title, its error message, its summary, its id or its
 * parameters; it is taken literally, without regard to upper and lower case.
 *
 * @internal
 */
export const RunTextSchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_RUN_TEXT_LENGTH)
  .refine(storable, STORABLE);

/** Which failure ended a run: 16 hexadecimal digits. @internal */
export const FingerprintSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'is 16 hexadecimal digits');

/** Who has submitted a run: an entity ref, or `service:…`, `schedule:…`, … @internal */
export const SubmitterSchema = z
  .string()
  .min(1)
  .max(300)
  .refine(storable, STORABLE);

/** Labels that a run must all have. @internal */
export const LabelFilterSchema = z.preprocess(
  (value: Record<string, string>, context) => {
    // A record drops this key silently, and a condition that is dropped lets more runs in.
    if (isObject(value) && Object.hasOwn(value, '__proto__')) {
      context.addIssue({ code: 'custom', message: 'this name is not allowed' });
    }
    return value;
  },
  LabelsSchema.refine(
    labels => Object.values(labels).every(storable),
    STORABLE,
  ),
);

/** An execution time in seconds. @internal */
export const DurationSecondsSchema = z.int().min(0).max(MAX_DURATION_SECONDS);

/** The same as text of a query. @internal */
export const DurationSecondsTextSchema = z
  .string()
  .regex(/^\d{1,12}$/, 'is a whole number of seconds')
  .transform(Number)
  .pipe(DurationSecondsSchema);

/** Whether the shortest execution time is not longer than the longest one. @internal */
export function areDurationsInOrder(filter: {
  minDuration?: number;
  maxDuration?: number;
}): boolean {
  return (filter.minDuration ?? 0) <= (filter.maxDuration ?? Infinity);
}

/** What is wrong where they are not. @internal */
export const DURATIONS_IN_ORDER = {
  message: 'minDuration is more than maxDuration, so no run could match',
  path: ['minDuration'],
};

/**
 * A query with its parameters `label.<key>` gathered into one record.
 *
 * @internal
 */
export function gatherLabels(query: unknown): unknown {
  if (!isObject(query)) {
    return query;
  }
  const { label, ...entries } = query;
  const others: [string, unknown][] = [];
  const labels = Object.entries(labelsOf(label));
  for (const [name, value] of Object.entries(entries)) {
    if (name.startsWith(LABEL_PREFIX)) {
      labels.push([name.slice(LABEL_PREFIX.length), value]);
    } else {
      others.push([name, value]);
    }
  }
  return {
    ...Object.fromEntries(others),
    ...(labels.length > 0 && { label: Object.fromEntries(labels) }),
  };
}

/** A plain `label` has no name, which is refused as such. */
function labelsOf(label: unknown): object {
  return isObject(label) || label === undefined ? label ?? {} : { '': label };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
