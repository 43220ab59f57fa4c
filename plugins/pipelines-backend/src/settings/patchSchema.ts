import type { JsonObject } from '@backstage/types';
import {
  GlobalSettingsSchema,
  PipelineSettingsSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';
import { parametersWithDefault, type PipelineDefinition } from '../definitions';

const PIPELINE_SCHEMA = jsonSchemaOf(PipelineSettingsSchema);
const PORTAL_SCHEMA = jsonSchemaOf(GlobalSettingsSchema);

/**
 * JSON Schema (draft 7) of a patch for one pipeline.
 *
 * @remarks
 * `concurrency.perKey` is in it where the configuration has a `concurrency.key`, `outputFolder`
 * where it has an `outputFolderParameter`, and `parameterDefaults` has every other parameter that
 * is not secret.
 */
export function pipelinePatchSchema(
  definition: PipelineDefinition,
): JsonObject {
  const schema = structuredClone(PIPELINE_SCHEMA) as PatchSchema;
  const { properties } = schema;
  if (!definition.concurrency?.key) {
    const [limits] = properties.concurrency.anyOf as PatchSchema[];
    delete (limits.properties as JsonObject).perKey;
  }
  if (!definition.outputFolderParameter) {
    delete (properties as JsonObject).outputFolder;
  }
  const parameters = parametersWithDefault(definition);
  if (Object.keys(parameters).length === 0) {
    delete (properties as JsonObject).parameterDefaults;
    return schema;
  }
  const { $defs, definitions } = definition.parameters;
  return {
    ...schema,
    ...($defs && { $defs }),
    ...(definitions && { definitions }),
    properties: {
      ...properties,
      parameterDefaults: onlyThese(properties.parameterDefaults, parameters),
    },
  };
}

/** JSON Schema (draft 7) of a patch for the portal, with the watches that are configured. */
export function portalPatchSchema(watchIds: readonly string[]): JsonObject {
  const { watches, ...properties } = (PORTAL_SCHEMA as PatchSchema).properties;
  const { additionalProperties } = watches;
  return {
    ...PORTAL_SCHEMA,
    properties: {
      ...properties,
      ...(watchIds.length > 0 && {
        watches: onlyThese(
          watches,
          Object.fromEntries(watchIds.map(id => [id, additionalProperties!])),
        ),
      }),
    },
  };
}

type PatchSchema = JsonObject & { properties: Record<string, JsonObject> };

/** A record with known names as an object with these properties. */
function onlyThese(record: JsonObject, properties: JsonObject): JsonObject {
  const { propertyNames: _, ...rest } = record;
  return { ...rest, properties, additionalProperties: false };
}

function jsonSchemaOf(schema: z.ZodType): JsonObject {
  const { definitions } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
  });
  // Only the schema itself has an id, so it is the only definition.
  const [own] = Object.values(definitions as JsonObject);
  return own as JsonObject;
}
