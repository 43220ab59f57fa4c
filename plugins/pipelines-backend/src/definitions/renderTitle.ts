import type { JsonObject, JsonValue } from '@backstage/types';
import { propertiesOf } from './parameters';
import type { PipelineDefinition } from './types';

const MAX_TITLE_LENGTH = 300;
const PLACEHOLDER = /\$\{\{\s*parameters\.([\w.-]+)\s*\}\}/g;

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
  return template.replace(PLACEHOLDER, (_, path: string) =>
    valueAt(parameters, path.split('.')),
  );
}

/** Whether anything of a template is filled in. */
export function namesParameters(template: string): boolean {
  return template.search(PLACEHOLDER) >= 0;
}

/**
 * Every problem of a template, as sentences.
 *
 * @param schema - JSON Schema of the parameters that it may name
 */
export function checkTemplate(template: string, schema: JsonObject): string[] {
  const rest = template.replace(PLACEHOLDER, '');
  const names = [...template.matchAll(PLACEHOLDER)].map(
    ([, path]) => path.split('.')[0],
  );
  const known = propertiesOf(schema);
  return [
    ...(rest.includes('${{')
      ? ["only paths such as '${{ parameters.name }}' are filled in"]
      : []),
    ...new Set(
      names
        .filter(
          name =>
            schema.additionalProperties === false &&
            !Object.hasOwn(known, name),
        )
        .map(name => `there is no parameter '${name}'`),
    ),
  ];
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
