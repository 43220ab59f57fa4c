import { useMemo, useState } from 'react';
import { Alert, Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { withTheme } from '@rjsf/core';
import type { RJSFSchema, RJSFValidationError } from '@rjsf/utils';
import {
  jsonDiff,
  MAX_PARAMETERS_BYTES,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText, type TextFunction } from '../../translation/useText';
import type { ParamsFormContext } from './formContext';
import {
  bytesOf,
  EDITING_BEHAVIOR,
  parametersValidator,
  SIZE_RULE,
  uiSchemaOf,
  validateParameters,
  type Parameters,
  type ParamsProblem,
} from './parameters';
import { ParamsJson } from './ParamsJson';
import { paramsTemplates } from './templates';
import { paramsWidgets } from './widgets';
import styles from './ParamsForm.module.css';

/** What a form says about the parameters in it. @public */
export interface ParamsValidity {
  valid: boolean;
  problems: ParamsProblem[];
}

/** Props of {@link ParamsForm}. @public */
export interface ParamsFormProps {
  /** JSON Schema (draft 07) of an object. */
  schema: Readonly<Record<string, unknown>>;
  /** Start with `defaultParameters(schema)`. */
  value: Parameters;
  /** Called with each change; JSON that cannot be read keeps the last value and is not valid. */
  onChange(value: Parameters, validity: ParamsValidity): void;
  /** Where the form started, such as the parameters of an earlier run; fields that differ are marked. */
  baseline?: Parameters;
  /** Shows the problems of fields that nobody has touched yet: after a try to submit. */
  showAllProblems?: boolean;
  /** What the server said against these parameters. */
  serverProblem?: string;
  isDisabled?: boolean;
}

const ThemedForm = withTheme<Parameters, RJSFSchema, ParamsFormContext>({
  widgets: paramsWidgets,
  templates: paramsTemplates,
});

/** The parameters of a run as fields made from their JSON Schema, or as JSON; checked while typing. @public */
export function ParamsForm(props: ParamsFormProps) {
  const t = useText();
  const { schema, value, onChange, serverProblem } = props;
  const [view, setView] = useState<'form' | 'json'>('form');
  const change = (next: Parameters) => {
    const problems = validateParameters(schema, next);
    onChange(next, { valid: problems.length === 0, problems });
  };
  const hasFields = Object.keys((schema.properties as object) ?? {}).length > 0;
  return (
    <div className={styles.form}>
      <div className={styles.views}>
        <ToggleButtonGroup
          aria-label={t('runs.form.view')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={keys =>
            setView(keys.has('json') ? 'json' : 'form')
          }
        >
          <ToggleButton id="form" size="small">
            {t('runs.form.form')}
          </ToggleButton>
          <ToggleButton id="json" size="small">
            {t('runs.form.json')}
          </ToggleButton>
        </ToggleButtonGroup>
      </div>
      {serverProblem && (
        <Alert status="danger" icon description={serverProblem} />
      )}
      {view === 'json' && (
        <ParamsJson
          value={value}
          isDisabled={props.isDisabled}
          problemsOf={next =>
            validateParameters(schema, next).map(problem =>
              problem.rule === SIZE_RULE
                ? { ...problem, message: tooLarge(t, next) }
                : problem,
            )
          }
          onChange={change}
          onBroken={message =>
            onChange(value, {
              valid: false,
              problems: [{ path: '', message, rule: 'json' }],
            })
          }
        />
      )}
      {view === 'form' && !hasFields && (
        <Text color="secondary">{t('runs.form.noParameters')}</Text>
      )}
      {view === 'form' && hasFields && (
        <>
          <ParamsFields {...props} onChange={change} />
          <SizeProblem value={value} />
        </>
      )}
    </div>
  );
}

/** Says so where all parameters together are more than a run takes, which no single field can. */
function SizeProblem({ value }: { value: Parameters }) {
  const t = useText();
  return bytesOf(value) > MAX_PARAMETERS_BYTES ? (
    <p className={styles.problem} role="alert">
      {tooLarge(t, value)}
    </p>
  ) : null;
}

function tooLarge(t: TextFunction, value: Parameters): string {
  const inKiB = (bytes: number) => String(Math.ceil(bytes / 1_024));
  return t('runs.form.tooLarge', {
    size: inKiB(bytesOf(value)),
    limit: inKiB(MAX_PARAMETERS_BYTES),
  });
}

/** What differs from the baseline, by the ids that the form library gives to fields. */
function changesById(
  baseline: Parameters | undefined,
  value: Parameters,
): ParamsFormContext['changes'] {
  return Object.fromEntries(
    (baseline ? jsonDiff(baseline, value) : []).map(difference => [
      `root_${difference.path.replaceAll('.', '_')}`,
      difference,
    ]),
  );
}

function ParamsFields(
  props: Omit<ParamsFormProps, 'onChange'> & {
    onChange(value: Parameters): void;
  },
) {
  const t = useText();
  const { schema, value, baseline, showAllProblems = false } = props;
  const [touched, setTouched] = useState<readonly string[]>([]);
  const uiSchema = useMemo(() => uiSchemaOf(schema as RJSFSchema), [schema]);
  const formContext: ParamsFormContext = {
    t,
    touched,
    showAllProblems,
    changes: useMemo(() => changesById(baseline, value), [baseline, value]),
  };
  const inWords = (errors: RJSFValidationError[]) =>
    errors.map(error => ({
      ...error,
      message:
        error.name === 'required' ? t('runs.form.required') : error.message,
    }));
  return (
    <ThemedForm
      schema={schema as RJSFSchema}
      uiSchema={uiSchema}
      validator={parametersValidator}
      formData={value}
      formContext={formContext}
      disabled={props.isDisabled}
      tagName="div"
      liveValidate
      experimental_defaultFormStateBehavior={EDITING_BEHAVIOR}
      noHtml5Validate
      showErrorList={false}
      transformErrors={inWords}
      onBlur={id => setTouched(known => [...new Set([...known, id])])}
      onChange={({ formData }) =>
        props.onChange(JSON.parse(JSON.stringify(formData ?? {})))
      }
    >
      <></>
    </ThemedForm>
  );
}
