import { useMemo, useState } from 'react';
import { withTheme } from '@rjsf/core';
import type { ErrorSchema, RJSFSchema } from '@rjsf/utils';
import { useText, type TextFunction } from '../translation/useText';
import type { ParamsFormContext } from '../runs/form/formContext';
import {
  EDITING_BEHAVIOR,
  parametersValidator,
  uiSchemaOf,
  type Parameters,
} from '../runs/form/parameters';
import { paramsTemplates } from '../runs/form/templates';
import { paramsWidgets } from '../runs/form/widgets';
import type { SettingField } from './settingFields';
import styles from './SettingsForm.module.css';
import { isSame, type JsonObject } from './values';

/** What tells a form which field to draw. */
const SHAPES = ['type', 'enum', 'const', 'oneOf', 'anyOf', 'allOf', '$ref'];

/** The first of some named choices is no default: nobody has chosen it. */
const SETTING_BEHAVIOR = {
  ...EDITING_BEHAVIOR,
  constAsDefaults: 'never',
} as const;

const ThemedForm = withTheme<Parameters, RJSFSchema, ParamsFormContext>({
  widgets: paramsWidgets,
  templates: paramsTemplates,
});

/** Props of {@link SettingControl}. @internal */
export interface SettingControlProps {
  field: SettingField;
  label: string;
  hint: string;
  /** Undefined while there is none. */
  value: unknown;
  problem?: string;
  isDisabled: boolean;
  /** Undefined when it was cleared. */
  onChange(value: unknown): void;
}

/** The field of one setting, made from its JSON Schema like those of parameters. @internal */
export function SettingControl(props: SettingControlProps) {
  const isKnown = SHAPES.some(key => Object.hasOwn(props.field.schema, key));
  return isKnown ? <FormOfOne {...props} /> : <ValueOfUnknown {...props} />;
}

/** A setting that an old revision names and nothing describes any more. */
function ValueOfUnknown({ label, value }: SettingControlProps) {
  return (
    <div className={styles.unknown}>
      <span>{label}</span>
      <code>{JSON.stringify(value)}</code>
    </div>
  );
}

function FormOfOne(props: SettingControlProps) {
  const t = useText();
  const { field, label, hint, value, problem } = props;
  const [wasTouched, setTouched] = useState(false);
  const schema = useMemo(
    () => formSchemaOf(t, field, label, hint),
    [t, field, label, hint],
  );
  const uiSchema = useMemo(() => uiSchemaOf(schema), [schema]);
  return (
    <ThemedForm
      schema={schema}
      uiSchema={uiSchema}
      validator={parametersValidator}
      idPrefix={`setting-${field.id.replace(/[^\w-]/g, '-')}`}
      formData={value as Parameters | undefined}
      formContext={{
        t,
        touched: [],
        showAllProblems: wasTouched || problem !== undefined,
      }}
      extraErrors={errorsOf(problem)}
      disabled={props.isDisabled}
      tagName="div"
      noValidate
      noHtml5Validate
      showErrorList={false}
      experimental_defaultFormStateBehavior={SETTING_BEHAVIOR}
      onBlur={() => setTouched(true)}
      onChange={({ formData: next }) => {
        const changed = plainValue(next);
        if (!isSame(changed, value)) {
          props.onChange(changed);
        }
      }}
    >
      <></>
    </ThemedForm>
  );
}

function formSchemaOf(
  t: TextFunction,
  field: SettingField,
  label: string,
  hint: string,
): RJSFSchema {
  const isMissedPolicy = field.id === 'schedule.missed';
  // What it is without a value is told beside it; a default here would fill a cleared field.
  const { enum: choices, default: _, ...schema } = field.schema;
  const named =
    isMissedPolicy && Array.isArray(choices)
      ? choices.map((choice: 'skip' | 'once' | 'all') => ({
          const: choice,
          title: t(`settings.missed.${choice}`),
        }))
      : undefined;
  const own: JsonObject = {
    ...field.definitions,
    ...schema,
    ...(choices !== undefined && !named && { enum: choices }),
    ...(named && { oneOf: named }),
    title: label,
    description: hint || undefined,
  };
  return own as RJSFSchema;
}

function errorsOf(
  problem: string | undefined,
): ErrorSchema<Parameters> | undefined {
  return problem === undefined
    ? undefined
    : ({ __errors: [problem] } as ErrorSchema<Parameters>);
}

/** Without keys whose value is undefined, which are no JSON. */
function plainValue(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
