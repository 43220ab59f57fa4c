import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import Ajv, { ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

function createAjv() {
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true });
  addFormats(ajv);
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

function describe(error: ErrorObject): string {
  const place = error.instancePath.slice(1).replaceAll('/', '.');
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
      const reasons = (this.#validate.errors ?? []).map(describe);
      throw new InputError(
        `The parameters do not fit pipeline '${this.#pipelineId}': ${[
          ...new Set(reasons),
        ].join('; ')}`,
      );
    }
    return copy;
  }
}
