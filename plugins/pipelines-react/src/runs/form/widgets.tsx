import { useState } from 'react';
import { parseDate, type CalendarDate } from '@internationalized/date';
import {
  Checkbox,
  DatePicker,
  NumberField,
  PasswordField,
  Select,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import type { RegistryWidgetsType, RJSFSchema } from '@rjsf/utils';
import {
  fieldProps,
  problemIdOf,
  type ParamsFormContext,
  type ParamsWidgetProps,
} from './formContext';
import type { Parameters } from './parameters';
import styles from './ParamsForm.module.css';

/** An emptied field is an absent parameter, not an empty text. */
const textOrAbsent = (text: string) => (text === '' ? undefined : text);

function TextWidget(props: ParamsWidgetProps) {
  const { schema, value } = props;
  if (schema.type === 'number' || schema.type === 'integer') {
    return <NumberWidget {...props} />;
  }
  return (
    <TextField
      {...fieldProps(props)}
      value={value ?? ''}
      placeholder={exampleOf(schema)}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function UriWidget(props: ParamsWidgetProps) {
  return (
    <TextField
      {...fieldProps(props)}
      type="url"
      value={props.value ?? ''}
      placeholder={exampleOf(props.schema)}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function TextareaWidget(props: ParamsWidgetProps) {
  return (
    <TextAreaField
      {...fieldProps(props)}
      rows={4}
      value={props.value ?? ''}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function PasswordWidget(props: ParamsWidgetProps) {
  return (
    <PasswordField
      {...fieldProps(props)}
      autoComplete="off"
      value={props.value ?? ''}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function NumberWidget(props: ParamsWidgetProps) {
  const { schema, value } = props;
  const step = schema.type === 'integer' ? schema.multipleOf ?? 1 : undefined;
  return (
    <NumberField
      {...fieldProps(props)}
      value={typeof value === 'number' ? value : NaN}
      step={step}
      formatOptions={{ useGrouping: false, maximumFractionDigits: 15 }}
      onChange={next => props.onChange(Number.isNaN(next) ? undefined : next)}
    />
  );
}

function CheckboxWidget(props: ParamsWidgetProps) {
  const { id, label, schema, value } = props;
  const { isDisabled, isInvalid, onBlur } = fieldProps(props);
  return (
    <div className={styles.checkbox}>
      <Checkbox
        id={id}
        isSelected={value === true}
        isDisabled={isDisabled}
        isInvalid={isInvalid}
        aria-describedby={isInvalid ? problemIdOf(id) : undefined}
        onBlur={onBlur}
        onChange={props.onChange}
      >
        {label}
      </Checkbox>
      {schema.description && (
        <p className={styles.description}>{schema.description}</p>
      )}
    </div>
  );
}

function SelectWidget(props: ParamsWidgetProps) {
  const { options, value, multiple, formContext } = props;
  const choices = options.enumOptions ?? [];
  const keyOf = (wanted: unknown) => {
    const index = choices.findIndex(
      choice => JSON.stringify(choice.value) === JSON.stringify(wanted),
    );
    return index < 0 ? null : String(index);
  };
  const valueOf = (key: unknown) => choices[Number(key)]?.value;
  const shared = {
    ...fieldProps(props),
    placeholder: formContext?.t('runs.form.choose'),
    options: choices.map((choice, index) => ({
      id: String(index),
      label: choice.label,
    })),
  };
  if (multiple) {
    const keys = (Array.isArray(value) ? value : []).flatMap(
      item => keyOf(item) ?? [],
    );
    return (
      <Select
        {...shared}
        selectionMode="multiple"
        value={keys}
        onChange={next => props.onChange(next.map(valueOf))}
      />
    );
  }
  return (
    <Select
      {...shared}
      value={keyOf(value)}
      onChange={key => props.onChange(key === null ? undefined : valueOf(key))}
    />
  );
}

function DateWidget(props: ParamsWidgetProps) {
  return (
    <DatePicker
      {...fieldProps(props)}
      value={dateOf(props.value)}
      onChange={date => props.onChange(date?.toString())}
    />
  );
}

function dateOf(text: unknown): CalendarDate | null {
  try {
    return typeof text === 'string' ? parseDate(text) : null;
  } catch {
    return null;
  }
}

/** Text in ISO 8601, because a picker would guess the time zone. */
function DateTimeWidget(props: ParamsWidgetProps) {
  const [example] = useState(() => new Date().toISOString());
  return (
    <TextField
      {...fieldProps(props)}
      value={props.value ?? ''}
      placeholder={example}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function exampleOf(schema: RJSFSchema): string | undefined {
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  return example === undefined ? undefined : String(example);
}

/** The widgets of a parameter form, made of Backstage UI. @internal */
export const paramsWidgets: RegistryWidgetsType<
  Parameters,
  RJSFSchema,
  ParamsFormContext
> = {
  TextWidget,
  TextareaWidget,
  PasswordWidget,
  EmailWidget: TextWidget,
  URLWidget: UriWidget,
  UpDownWidget: NumberWidget,
  RangeWidget: NumberWidget,
  CheckboxWidget,
  CheckboxesWidget: SelectWidget,
  RadioWidget: SelectWidget,
  SelectWidget,
  DateWidget,
  DateTimeWidget,
};
