import { createContext, useContext } from 'react';
import type { RJSFSchema, WidgetProps } from '@rjsf/utils';
import type { JsonDifference } from '@millrace/backstage-plugin-pipelines-common';
import type { TextFunction } from '../../translation/useText';
import type { Parameters } from './parameters';

/** What the fields know of the form around them. @internal */
export interface ParamsFormContext {
  t: TextFunction;
  /** Ids of the fields that somebody has been in. */
  touched: readonly string[];
  showAllProblems: boolean;
  /** What differs from where the form started, by the id of the field. */
  changes?: Readonly<Record<string, JsonDifference>>;
}

/**
 * Whether the problems of a field are shown yet: not before somebody was there.
 *
 * @remarks
 * The form library redraws a field only when data around it changed, and takes all functions
 * for equal, so this cannot be a function of the context.
 *
 * @internal
 */
export function showsProblemsOf(
  context: ParamsFormContext | undefined,
  id: string,
): boolean {
  return Boolean(context?.showAllProblems || context?.touched.includes(id));
}

/** Props of every widget. @internal */
export type ParamsWidgetProps = WidgetProps<
  Parameters,
  RJSFSchema,
  ParamsFormContext
>;

/** The form library numbers the items of a list as `Tags-1`. @internal */
export function nameOfField(label: string | undefined): string {
  return (label ?? '').replace(/-(\d+)$/, ' $1');
}

/** Id of the text that names the problems of a field. @internal */
export function problemIdOf(id: string): string {
  return `${id}__problem`;
}

/** What an item of a list is called, for the field in it that has no label of its own. @internal */
export const ItemNameContext = createContext<string | undefined>(undefined);

/** What a field is called, and whether its label is drawn. @internal */
export function useFieldName(props: ParamsWidgetProps): {
  name: string;
  isLabelled: boolean;
} {
  const { id, label, hideLabel } = props;
  const itemName = useContext(ItemNameContext);
  return hideLabel || !label
    ? { name: itemName ?? (label || id), isLabelled: false }
    : { name: nameOfField(label), isLabelled: true };
}

/** What every field of Backstage UI is given in the same way. @internal */
export function useFieldProps(props: ParamsWidgetProps) {
  const { id, schema, required, rawErrors, formContext } = props;
  const { name, isLabelled } = useFieldName(props);
  const invalid = Boolean(
    rawErrors?.length && showsProblemsOf(formContext, id),
  );
  return {
    id,
    ...(isLabelled ? { label: name } : { 'aria-label': name }),
    description: schema.description,
    secondaryLabel: required ? formContext?.t('runs.form.required') : null,
    isDisabled: props.disabled || props.readonly,
    isInvalid: invalid,
    'aria-describedby': invalid ? problemIdOf(id) : undefined,
    onBlur: () => props.onBlur(id, props.value),
  };
}
