import {
  ListRunsQuerySchema,
  type RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';

/** The parameter of a run's address that says in which list it was found. */
export const LIST_PARAMETER = 'list';

/** A filter of the runs list as text for {@link LIST_PARAMETER}; empty without a filter. */
export function listText(filter: RunsFilter): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (Array.isArray(value) ? value.length > 0 : isSingle(value)) {
      parameters.set(name, String(value));
    } else if (isRecord(value)) {
      for (const [key, entry] of Object.entries(value)) {
        parameters.set(`${name}.${key}`, String(entry));
      }
    }
  }
  return parameters.toString();
}

/** The filter that the text says; no filter where it is not understood. */
export function readListText(text: string | null): RunsFilter {
  const query = Object.fromEntries(new URLSearchParams(text ?? ''));
  const parsed = ListRunsQuerySchema.safeParse(query);
  if (!parsed.success) {
    return {};
  }
  const { limit, cursor, ...filter } = parsed.data;
  return filter;
}

/** The address with the list of another one. */
export function withList(search: string, list: string | null): string {
  if (!list) {
    return search;
  }
  const parameters = new URLSearchParams(search);
  parameters.set(LIST_PARAMETER, list);
  return `?${parameters}`;
}

function isSingle(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && !!value);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
