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
  /** What references in its schema lead to: `definitions` and `$defs`. */
  definitions: JsonObject;
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

/** Settings whose keys are names of somebody else's things. */
const RECORDS = [VALUES_BELOW, 'watches'] as const;

/**
 * Every setting that a schema allows, by group.
 *
 * @param schema - as `completeSettingsSchema` gives it
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
      definitions: definitionsOf(root),
      removableParent,
    };
  });
}

function definitionsOf({ $defs, definitions }: JsonObject): JsonObject {
  return {
    ...(isObject($defs) && { $defs }),
    ...(isObject(definitions) && { definitions }),
  };
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
 * The schema of a patch, with the names in patches that it does not know: of parameters and
 * watches that were there when the patch was saved; in the draft of JSON Schema that the form
 * checks with.
 *
 * @internal
 */
export function completeSettingsSchema(
  original: JsonObject,
  patches: readonly JsonObject[],
): JsonObject {
  const { $schema, ...schema } = original;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const completed = RECORDS.filter(key => Object.hasOwn(properties, key)).map(
    key => [key, completeRecord(schema, properties[key], key, patches)],
  );
  return {
    ...schema,
    properties: { ...properties, ...Object.fromEntries(completed) },
  };
}

function completeRecord(
  root: JsonObject,
  property: unknown,
  key: string,
  patches: readonly JsonObject[],
): JsonObject {
  const { propertyNames, additionalProperties, ...record } = resolved(
    root,
    property,
  );
  const known = isObject(record.properties) ? record.properties : {};
  const names = patches.flatMap(patch => {
    const value = patch[key];
    return isObject(value) ? Object.keys(value) : [];
  });
  const others = names.filter(name => !Object.hasOwn(known, name));
  return {
    ...record,
    type: 'object',
    additionalProperties: false,
    properties: {
      ...known,
      ...Object.fromEntries(
        others.map(name => [name, resolved(root, additionalProperties)]),
      ),
    },
  };
}
