import type { JsonObject, JsonValue } from '@backstage/types';
import type { PipelineDefinition } from './types';

const MAX_TITLE_LENGTH = 300;

function valueAt(parameters: JsonObject, keys: string[]): string {
  let value: JsonValue | undefined = parameters;
  for (const key of keys) {
    value =
      value && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as JsonObject)[key]
        : undefined;
  }
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * The template with `${{ parameters.path }}` filled in; what there is not is empty.
 *
 * @remarks
 * Only paths into the parameters are read, nothing is executed.
 */
export function renderTemplate(
  template: string,
  parameters: JsonObject,
): string {
  return template.replace(
    /\$\{\{\s*parameters\.([\w.-]+)\s*\}\}/g,
    (_, path: string) => valueAt(parameters, path.split('.')),
  );
}

/**
 * The title of a run: the template with `${{ parameters.path }}` filled in, on one line;
 * see {@link renderTemplate}.
 */
export function renderTitle(
  definition: Pick<PipelineDefinition, 'title' | 'titleTemplate'>,
  parameters: JsonObject,
): string {
  const title = renderTemplate(
    definition.titleTemplate ?? definition.title,
    parameters,
  );
  return (
    title
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, MAX_TITLE_LENGTH) || definition.title
  );
}
