import type { RJSFSchema, WidgetProps } from '@rjsf/utils';
import type { TextFunction } from '../../translation/useText';
import type { Parameters } from './parameters';

/** What the fields know of the form around them. @internal */
export interface ParamsFormContext {
  t: TextFunction;
  /** Ids of the fields that somebody has been in. */
  touched: readonly string[];
  showAllProblems: boolean;
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

/** Id of the text that names the problems of a field. @internal */
export function problemIdOf(id: string): string {
  return `${id}__problem`;
}

/** What every field of Backstage UI is given in the same way. @internal */
export function fieldProps(props: ParamsWidgetProps) {
  const { id, label, hideLabel, schema, required, rawErrors, formContext } =
    props;
  const invalid = Boolean(
    rawErrors?.length && showsProblemsOf(formContext, id),
  );
  return {
    id,
    ...(hideLabel || !label ? { 'aria-label': label || id } : { label }),
    description: schema.description,
    secondaryLabel: required ? formContext?.t('runs.form.required') : null,
    isDisabled: props.disabled || props.readonly,
    isInvalid: invalid,
    'aria-describedby': invalid ? problemIdOf(id) : undefined,
    onBlur: () => props.onBlur(id, props.value),
  };
}
