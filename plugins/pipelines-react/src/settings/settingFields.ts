import { isObject, type JsonObject } from './values';

/** Groups in which settings are shown, in their order. @public */
export const SETTING_GROUPS = [
  'schedule',
  'watches',
  'limits',
  'timeouts',
  'retention',
  'parameters',
  'title',
  'other',
] as const;

/** One of {@link SETTING_GROUPS}. @public */
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** One setting: a value at a path of a patch. @public */
export interface SettingField {
  /** The keys that lead to it. */
  path: readonly string[];
  /** The same as one text, such as `retry.maxAttempts`. */
  id: string;
  group: SettingGroup;
  /** JSON Schema of its value, without `null`. */
  schema: JsonObject;
  /** Whether `null` removes what the configuration says. */
  isNullable: boolean;
  /** The path of the object around it that can be removed as a whole. */
  removableParent?: readonly string[];
}

const GROUP_OF: Readonly<Record<string, SettingGroup>> = {
  schedule: 'schedule',
  watches: 'watches',
  concurrency: 'limits',
  slots: 'limits',
  retry: 'limits',
  timeoutSeconds: 'timeouts',
  queueTimeoutSeconds: 'timeouts',
  noOutputTimeoutSeconds: 'timeouts',
  stopGraceSeconds: 'timeouts',
  retention: 'retention',
  outputFolder: 'parameters',
  parameterDefaults: 'parameters',
  titleTemplate: 'title',
};

/** Below these, what one value is like is somebody else's schema. */
const VALUES_BELOW = 'parameterDefaults';

/**
 * Every setting that a schema allows, by group.
 *
 * @param schema - as `specialiseSettingsSchema` gives it
 *
 * @internal
 */
export function settingFieldsOf(schema: JsonObject): SettingField[] {
  const fields = collect(schema, schema, []);
  return SETTING_GROUPS.flatMap(group =>
    fields.filter(field => field.group === group),
  );
}

function collect(
  root: JsonObject,
  object: JsonObject,
  path: readonly string[],
  removableParent?: readonly string[],
): SettingField[] {
  const properties = isObject(object.properties) ? object.properties : {};
  return Object.entries(properties).flatMap(([key, property]) => {
    const here = [...path, key];
    const { schema, isNullable } = withoutNull(root, property);
    const isValue = path[0] === VALUES_BELOW;
    if (!isValue && schema.type === 'object') {
      const parent = isNullable ? here : removableParent;
      return collect(root, schema, here, parent);
    }
    const group = GROUP_OF[here[0]] ?? 'other';
    return {
      path: here,
      id: here.join('.'),
      group,
      schema: isValue && isObject(property) ? property : schema,
      isNullable: isNullable && !isValue,
      removableParent,
    };
  });
}

function withoutNull(
  root: JsonObject,
  property: unknown,
): { schema: JsonObject; isNullable: boolean } {
  const schema = resolved(root, property);
  const variants = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const others = variants.filter(
    variant => !(isObject(variant) && variant.type === 'null'),
  );
  if (others.length === 1 && variants.length === 2) {
    const { anyOf, ...around } = schema;
    return {
      schema: { ...around, ...resolved(root, others[0]) },
      isNullable: true,
    };
  }
  return { schema, isNullable: false };
}

function resolved(root: JsonObject, property: unknown): JsonObject {
  if (!isObject(property)) {
    return {};
  }
  const [, holder, name] =
    /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(property.$ref)) ?? [];
  const holders = holder ? root[holder] : undefined;
  const target = isObject(holders) ? holders[name] : undefined;
  if (!isObject(target)) {
    return property;
  }
  const { $ref, ...around } = property;
  return { ...resolved(root, target), ...around };
}

/**
 * The schema of a patch with the names that are known here: parameters of the pipeline, and
 * watches of the configuration; in the draft of JSON Schema that the form checks with.
 *
 * @internal
 */
export function specialiseSettingsSchema(options: {
  schema: JsonObject;
  /** Everything in which names appear: configured, edited, drafted. */
  values: readonly JsonObject[];
  /** JSON Schema of the pipeline's parameters. */
  parameters?: JsonObject;
}): JsonObject {
  const { values, parameters = {} } = options;
  const { $schema, ...schema } = options.schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const known = isObject(parameters.properties) ? parameters.properties : {};
  const asked = Object.fromEntries(
    Object.entries(known).filter(
      ([, property]) => !(isObject(property) && property.writeOnly === true),
    ),
  );
  return {
    ...schema,
    properties: {
      ...properties,
      ...named(schema, properties, 'parameterDefaults', values, asked),
      ...named(schema, properties, 'watches', values, {}),
    },
  };
}

function named(
  root: JsonObject,
  properties: JsonObject,
  key: string,
  values: readonly JsonObject[],
  known: JsonObject,
): JsonObject {
  if (!Object.hasOwn(properties, key)) {
    return {};
  }
  const record = resolved(root, properties[key]);
  const names = new Set([
    ...Object.keys(isObject(record.properties) ? record.properties : {}),
    ...Object.keys(known),
    ...values.flatMap(value =>
      isObject(value[key]) ? Object.keys(value[key]) : [],
    ),
  ]);
  const { propertyNames, additionalProperties, ...rest } = record;
  const declared = isObject(record.properties) ? record.properties : {};
  return {
    [key]: {
      ...rest,
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        [...names].map(name => [
          name,
          declared[name] ?? known[name] ?? resolved(root, additionalProperties),
        ]),
      ),
    },
  };
}
