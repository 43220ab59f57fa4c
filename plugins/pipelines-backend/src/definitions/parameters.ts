import { InputError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import Ajv, { ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

/** A file in a text, as forms send it: `data:<type>;name=<name>;base64,<bytes>`. */
const DATA_URL =
  /^data:[\w.+-]+\/[\w.+-]+(;[\w.-]+=[^,;]*)*;base64,[A-Za-z0-9+/]*={0,2}$/;

/** Problems that one message names; a list of thousands has as many. */
const MAX_REASONS = 20;

function createAjv() {
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true });
  addFormats(ajv);
  ajv.addFormat('data-url', DATA_URL);
  return ajv;
}

/** Every problem of a JSON Schema for parameters, as sentences. */
export function checkParametersSchema(schema: Record<string, unknown>) {
  if (schema.type !== 'object') {
    return [`parameters.type: must be 'object'`];
  }
  try {
    createAjv().compile(schema);
    return [];
  } catch (error) {
    return [
      `parameters: is no JSON Schema (${
        error instanceof Error ? error.message : error
      })`,
    ];
  }
}

/** The names down to a value, joined by points; of a list its place from 0. */
function placeOf({ instancePath }: ErrorObject): string {
  return instancePath
    .slice(1)
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

function describe(error: ErrorObject): string {
  const place = placeOf(error);
  if (error.keyword === 'additionalProperties') {
    return `there is no parameter '${[
      ...(place ? [place] : []),
      error.params.additionalProperty,
    ].join('.')}'`;
  }
  if (error.keyword === 'required') {
    return `the parameter '${[
      ...(place ? [place] : []),
      error.params.missingProperty,
    ].join('.')}' is missing`;
  }
  const allowed = Array.isArray(error.params.allowedValues)
    ? `: ${error.params.allowedValues.join(', ')}`
    : '';
  return `'${place || 'parameters'}' ${error.message}${allowed}`;
}

/** What is wrong with each default that does not fit its parameter, alone. */
export function checkDefaults(
  schema: JsonObject,
  defaults: Readonly<Record<string, unknown>>,
): { parameter: string; message: string }[] {
  const properties = propertiesOf(schema);
  return Object.entries(defaults).flatMap(([parameter, value]) => {
    if (!Object.hasOwn(properties, parameter)) {
      return [{ parameter, message: 'there is no such parameter' }];
    }
    const { $defs = {}, definitions = {} } = schema;
    const validate = createAjv().compile({
      $defs,
      definitions,
      properties: { [parameter]: properties[parameter] },
    });
    return validate({ [parameter]: structuredClone(value) })
      ? []
      : [
          {
            parameter,
            message: (validate.errors ?? []).map(describe).join('; '),
          },
        ];
  });
}

/** The default of each parameter that has one. */
export function defaultsOf(schema: JsonObject): JsonObject {
  const entries = Object.entries(propertiesOf(schema)).flatMap(
    ([parameter, property]) =>
      isObject(property) && property.default !== undefined
        ? [[parameter, property.default] as const]
        : [],
  );
  return Object.fromEntries(entries);
}

/** A schema with other defaults of its parameters; `undefined` takes a default away. */
export function withDefaults(
  schema: JsonObject,
  defaults: Readonly<Record<string, unknown>>,
): JsonObject {
  const properties = propertiesOf(schema);
  const changed = Object.entries(defaults).map(([parameter, value]) => {
    const { default: _, ...property } = properties[parameter] as JsonObject;
    return [
      parameter,
      value === undefined
        ? property
        : { ...property, default: value as JsonValue },
    ] as const;
  });
  return changed.length === 0
    ? schema
    : {
        ...schema,
        properties: { ...properties, ...Object.fromEntries(changed) },
      };
}

/** The schemas of the parameters by their names. */
export function propertiesOf(schema: JsonObject): JsonObject {
  return isObject(schema.properties) ? schema.properties : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks parameters against the schema of one pipeline. */
export class ParametersValidator {
  readonly #validate: ReturnType<Ajv['compile']>;
  readonly #pipelineId: string;

  constructor(pipelineId: string, schema: JsonObject) {
    this.#pipelineId = pipelineId;
    this.#validate = createAjv().compile(schema);
  }

  /**
   * A copy of the parameters with the defaults of the schema filled in.
   *
   * @throws InputError naming every parameter that is missing, unknown or wrong
   */
  validate(parameters: Record<string, unknown>): JsonObject {
    const copy = structuredClone(parameters) as JsonObject;
    if (!this.#validate(copy)) {
      const reasons = [...new Set((this.#validate.errors ?? []).map(describe))];
      const named = reasons.slice(0, MAX_REASONS).join('; ');
      const others = reasons.length - MAX_REASONS;
      throw new InputError(
        `The parameters do not fit pipeline '${this.#pipelineId}': ${named}${
          others > 0 ? `; and ${others} more` : ''
        }`,
      );
    }
    return copy;
  }
}

/**
 * Why a start by schedule, where nobody fills in a form, would not have all parameters;
 * undefined when the defaults are enough.
 */
export function checkScheduledParameters(
  pipelineId: string,
  schema: JsonObject,
): string | undefined {
  try {
    new ParametersValidator(pipelineId, schema).validate({});
    return undefined;
  } catch (error) {
    return `a start by schedule has only the defaults of the parameters, and they are not enough (${
      error instanceof Error ? error.message : error
    })`;
  }
}
