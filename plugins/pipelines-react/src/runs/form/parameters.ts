import {
  getDefaultFormState,
  type RJSFSchema,
  type UiSchema,
} from '@rjsf/utils';
import { customizeValidator } from '@rjsf/validator-ajv8';
import { MAX_PARAMETERS_BYTES } from '@millrace/backstage-plugin-pipelines-common';
import type { ParamsFormContext } from './formContext';

/** Parameters of a run. @public */
export type Parameters = Record<string, unknown>;

/** What is wrong with one parameter. @public */
export interface ParamsProblem {
  /** Where, as `options.bitrate`; empty for the whole. */
  path: string;
  message: string;
  /** The rule of JSON Schema that is broken: `required`, `format`, …; or `SIZE_RULE`. */
  rule?: string;
}

/** The rule that parameters are not larger than a run takes. @public */
export const SIZE_RULE = 'maxBytes';

/** An optional list that nobody touched is an absent parameter, not an empty list. @internal */
export const DEFAULTS_BEHAVIOR = {
  arrayMinItems: { populate: 'requiredOnly' },
} as const;

/** Defaults are where a form starts; a field that somebody empties stays empty. @internal */
export const EDITING_BEHAVIOR = {
  ...DEFAULTS_BEHAVIOR,
  emptyObjectFields: 'skipDefaults',
} as const;

/** The rules of the backend: draft 07 with formats. @internal */
export const parametersValidator = customizeValidator<
  Parameters,
  RJSFSchema,
  ParamsFormContext
>();

/** Every problem of parameters with their schema; none means that they may be submitted. @public */
export function validateParameters(
  schema: Readonly<Record<string, unknown>>,
  parameters: Parameters,
): ParamsProblem[] {
  const { errors } = parametersValidator.validateFormData(
    parameters,
    schema as RJSFSchema,
  );
  return [
    ...errors.map(error => ({
      path: (error.property ?? '').replace(/^\./, ''),
      message: error.message ?? error.stack,
      rule: error.name,
    })),
    ...sizeProblems(parameters),
  ];
}

/** Size of parameters as they are sent. @internal */
export function bytesOf(parameters: Parameters): number {
  return new TextEncoder().encode(JSON.stringify(parameters)).length;
}

function sizeProblems(parameters: Parameters): ParamsProblem[] {
  const isTooLarge = bytesOf(parameters) > MAX_PARAMETERS_BYTES;
  return isTooLarge
    ? [{ path: '', message: 'too large', rule: SIZE_RULE }]
    : [];
}

/**
 * Parameters without those that are secret (`writeOnly` or `format: password`, at any depth of
 * objects): what an earlier run had is not known, and must be typed again.
 *
 * @public
 */
export function withoutSecrets(
  schema: Readonly<Record<string, unknown>>,
  parameters: Parameters,
): Parameters {
  const properties = (schema.properties ?? {}) as Record<string, RJSFSchema>;
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : {};
      if (isSecret(property)) {
        return [];
      }
      const isObject =
        typeof value === 'object' && value !== null && !Array.isArray(value);
      return [
        [
          name,
          isObject ? withoutSecrets(property, value as Parameters) : value,
        ],
      ];
    }),
  );
}

function isSecret(schema: RJSFSchema): boolean {
  return schema.writeOnly === true || schema.format === 'password';
}

/** The parameters that the defaults of a schema make. @public */
export function defaultParameters(
  schema: Readonly<Record<string, unknown>>,
): Parameters {
  const defaults = getDefaultFormState(
    parametersValidator,
    schema as RJSFSchema,
    {},
    schema as RJSFSchema,
    false,
    DEFAULTS_BEHAVIOR,
  );
  return JSON.parse(JSON.stringify(defaults ?? {}));
}

/** A text that may be this long gets a field of several lines, characters. */
const LONG_TEXT = 2_000;

type ParamsUiSchema = UiSchema<Parameters, RJSFSchema, ParamsFormContext>;

/** Which widget a property wants where its schema alone does not say. @internal */
export function uiSchemaOf(schema: RJSFSchema): ParamsUiSchema {
  const ui: ParamsUiSchema = {};
  if (isSecret(schema)) {
    ui['ui:widget'] = 'password';
  } else if (
    schema.type === 'string' &&
    !schema.enum &&
    !schema.format &&
    ((schema.maxLength ?? 0) >= LONG_TEXT ||
      schema.contentMediaType?.startsWith('text/'))
  ) {
    ui['ui:widget'] = 'textarea';
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property === 'object') {
      ui[name] = uiSchemaOf(property);
    }
  }
  if (typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    // The list has the label; single fields in it would repeat it with a number.
    const isGroup = ['object', 'array'].includes(String(schema.items.type));
    ui.items = {
      ...uiSchemaOf(schema.items),
      ...(isGroup ? {} : { 'ui:label': false }),
    };
  }
  return ui;
}
