import type { JsonObject, JsonValue } from '@backstage/types';

/** What stands for a secret parameter wherever parameters are shown. */
export const MASK = '••••';

/** Names of properties from the parameters down to one of them. */
export type ParameterPath = readonly string[];

/** Keywords that would show a secret to everybody who may read the schema. */
const TELLING_KEYWORDS = ['default', 'examples', 'enum', 'const'] as const;

/** Keywords whose content is data, not schema. */
const DATA_KEYWORDS: readonly string[] = TELLING_KEYWORDS;

/**
 * Where the secrets in a schema of parameters are: properties with `writeOnly: true` or
 * `format: password`, in the parameters themselves or in objects in them.
 */
export function secretPaths(schema: JsonObject): ParameterPath[] {
  return secretsIn(schema).map(({ path }) => path);
}

/**
 * Every problem of the secret parameters of a pipeline, as sentences.
 *
 * @param options - `schema` is the JSON Schema of the parameters; `templates` are texts that
 * parameters are put into, by the name of their setting; `hasKey`: secrets can be sealed
 */
export function checkSecretParameters(options: {
  schema: JsonObject;
  templates: Readonly<Record<string, string | undefined>>;
  hasKey: boolean;
}): string[] {
  const { schema, templates, hasKey } = options;
  const secrets = secretsIn(schema);
  const names = secrets.map(({ path }) => path.join('.'));
  const problems = secrets.flatMap(secret => checkSecret(schema, secret));
  if (countMarks(schema) > secrets.length) {
    problems.push(
      `parameters: 'writeOnly' and the format 'password' are understood only at properties of the parameters and of objects in them, not in lists, references or conditions`,
    );
  }
  for (const [setting, template] of Object.entries(templates)) {
    const shown = names.find(name => template?.includes(`parameters.${name}`));
    if (shown) {
      problems.push(
        `${setting}: '${shown}' is a secret parameter and cannot be shown`,
      );
    }
  }
  if (names.length > 0 && !hasKey) {
    problems.push(
      `parameters: ${names.join(
        ', ',
      )} cannot be kept secret without a key; set 'pipelines.secrets.key'`,
    );
  }
  return problems;
}

/** The value at a path; undefined where there is none. */
export function valueAt(
  value: JsonValue | undefined,
  path: ParameterPath,
): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (inner, name) =>
      isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined,
    value,
  );
}

/** A copy with these values at their paths; one whose object is missing is left out. */
export function withValues(
  parameters: JsonObject,
  values: readonly { path: ParameterPath; value: JsonValue }[],
): JsonObject {
  const copy = structuredClone(parameters);
  for (const { path, value } of values) {
    const parent = valueAt(copy, path.slice(0, -1));
    if (isObject(parent)) {
      parent[path[path.length - 1]] = value;
    }
  }
  return copy;
}

interface MarkedProperty {
  path: ParameterPath;
  property: JsonObject;
}

function secretsIn(
  schema: JsonObject,
  path: ParameterPath = [],
): MarkedProperty[] {
  const { properties } = schema;
  return Object.entries(isObject(properties) ? properties : {}).flatMap(
    ([name, property]) => {
      const at = [...path, name];
      if (!isObject(property)) {
        return [];
      }
      return isMarked(property)
        ? [{ path: at, property }]
        : secretsIn(property, at);
    },
  );
}

function checkSecret(
  schema: JsonObject,
  { path, property }: MarkedProperty,
): string[] {
  const name = path.join('.');
  const problems: string[] = [];
  if (property.type !== 'string') {
    problems.push(
      `parameters: the secret '${name}' must have the type 'string'`,
    );
  }
  const telling = TELLING_KEYWORDS.find(keyword => keyword in property);
  if (telling || hasInheritedDefault(schema, path)) {
    problems.push(
      `parameters: the secret '${name}' may have no '${
        telling ?? 'default'
      }', which everybody could read`,
    );
  }
  return problems;
}

/** Whether an object around a secret has a default with a value for it. */
function hasInheritedDefault(schema: JsonObject, path: ParameterPath): boolean {
  let around: JsonValue | undefined = schema;
  for (const [depth, name] of path.entries()) {
    if (!isObject(around)) {
      return false;
    }
    if (valueAt(around.default, path.slice(depth)) !== undefined) {
      return true;
    }
    around = valueAt(around, ['properties', name]);
  }
  return false;
}

/** How many schemas anywhere in a schema are marked as secret. */
function countMarks(value: JsonValue | undefined): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + countMarks(item), 0);
  }
  if (!isObject(value)) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [keyword, inner]) =>
      sum + (DATA_KEYWORDS.includes(keyword) ? 0 : countMarks(inner)),
    isMarked(value) ? 1 : 0,
  );
}

function isMarked(schema: JsonObject): boolean {
  return schema.writeOnly === true || schema.format === 'password';
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
