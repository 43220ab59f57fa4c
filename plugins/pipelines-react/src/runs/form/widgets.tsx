import {
  parseAbsoluteToLocal,
  parseDate,
  type CalendarDate,
  type ZonedDateTime,
} from '@internationalized/date';
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
  problemIdOf,
  useFieldName,
  useFieldProps,
  type ParamsFormContext,
  type ParamsWidgetProps,
} from './formContext';
import { FileWidget } from './FileWidget';
import type { Parameters } from './parameters';
import styles from './ParamsForm.module.css';

/** An emptied field is an absent parameter, not an empty text. */
const textOrAbsent = (text: string) => (text === '' ? undefined : text);

function TextWidget(props: ParamsWidgetProps) {
  const { type } = props.schema;
  return type === 'number' || type === 'integer' ? (
    <NumberWidget {...props} />
  ) : (
    <LineWidget {...props} />
  );
}

function LineWidget(props: ParamsWidgetProps) {
  return (
    <TextField
      {...useFieldProps(props)}
      value={props.value ?? ''}
      placeholder={exampleOf(props.schema)}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function UriWidget(props: ParamsWidgetProps) {
  return (
    <TextField
      {...useFieldProps(props)}
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
      {...useFieldProps(props)}
      rows={4}
      value={props.value ?? ''}
      onChange={text => props.onChange(textOrAbsent(text))}
    />
  );
}

function PasswordWidget(props: ParamsWidgetProps) {
  return (
    <PasswordField
      {...useFieldProps(props)}
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
      {...useFieldProps(props)}
      value={typeof value === 'number' ? value : NaN}
      step={step}
      formatOptions={{ useGrouping: false, maximumFractionDigits: 15 }}
      onChange={next => props.onChange(Number.isNaN(next) ? undefined : next)}
    />
  );
}

function CheckboxWidget(props: ParamsWidgetProps) {
  const { id, schema, value } = props;
  const { name } = useFieldName(props);
  const { isDisabled, isInvalid, onBlur } = useFieldProps(props);
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
        {name}
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
    ...useFieldProps(props),
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
      {...useFieldProps(props)}
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

/** A time to the second, chosen in the reader's time zone and kept in UTC. */
function DateTimeWidget(props: ParamsWidgetProps) {
  return (
    <DatePicker
      {...useFieldProps(props)}
      granularity="second"
      hourCycle={24}
      value={dateTimeOf(props.value)}
      onChange={date =>
        props.onChange(
          date && 'toAbsoluteString' in date
            ? date.toAbsoluteString()
            : undefined,
        )
      }
    />
  );
}

function dateTimeOf(text: unknown): ZonedDateTime | null {
  try {
    return typeof text === 'string' ? parseAbsoluteToLocal(text) : null;
  } catch {
    return null;
  }
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
  FileWidget,
};
