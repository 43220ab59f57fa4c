import { Button, ButtonIcon } from '@backstage/ui';
import {
  RiAddLine,
  RiArrowDownLine,
  RiArrowUpLine,
  RiDeleteBinLine,
  RiPencilLine,
} from '@remixicon/react';
import type {
  ArrayFieldTemplateItemType,
  ArrayFieldTemplateProps,
  BaseInputTemplateProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  TemplatesType,
} from '@rjsf/utils';
import {
  ItemNameContext,
  nameOfField,
  problemIdOf,
  showsProblemsOf,
  type ParamsFormContext,
} from './formContext';
import type { Parameters } from './parameters';
import { paramsWidgets } from './widgets';
import styles from './ParamsForm.module.css';

type Schema = RJSFSchema;
type Context = ParamsFormContext;

function FieldTemplate(props: FieldTemplateProps<Parameters, Schema, Context>) {
  const { id, children, hidden, rawErrors = [], formContext, schema } = props;
  if (hidden) {
    return <div hidden>{children}</div>;
  }
  const leaf = schema.type !== 'object';
  const shows =
    leaf && rawErrors.length > 0 && showsProblemsOf(formContext, id);
  return (
    <div className={styles.field}>
      {children}
      <ChangeMark id={id} formContext={formContext} />
      {shows && (
        <p id={problemIdOf(id)} className={styles.problem}>
          {rawErrors.join('. ')}
        </p>
      )}
    </div>
  );
}

/** Longest old value that is printed at a field; all of it is in the comparison. */
const MAX_SHOWN_VALUE = 60;

/** That a field is not any more what the form started with, and what that was. */
function ChangeMark(props: { id: string; formContext: Context | undefined }) {
  const { id, formContext } = props;
  const change = formContext?.changes?.[id];
  if (!change) {
    return null;
  }
  const text = JSON.stringify(change.before) ?? '';
  const before =
    text.length > MAX_SHOWN_VALUE ? `${text.slice(0, MAX_SHOWN_VALUE)}…` : text;
  return (
    <p className={styles.changed}>
      <RiPencilLine size={14} aria-hidden />{' '}
      {change.kind === 'added'
        ? formContext.t('runs.form.added')
        : formContext.t('runs.form.changed', { before })}
    </p>
  );
}

function ObjectFieldTemplate(
  props: ObjectFieldTemplateProps<Parameters, Schema, Context>,
) {
  const { idSchema, title, description, properties } = props;
  const fields = properties.map(property => (
    <div key={property.name}>{property.content}</div>
  ));
  if (idSchema.$id === 'root') {
    return <div className={styles.fields}>{fields}</div>;
  }
  return (
    <fieldset className={styles.group}>
      <legend>{nameOfField(title)}</legend>
      {description && <p className={styles.description}>{description}</p>}
      <div className={styles.fields}>{fields}</div>
    </fieldset>
  );
}

function ArrayFieldTemplate(
  props: ArrayFieldTemplateProps<Parameters, Schema, Context>,
) {
  const { title, schema, items, canAdd, onAddClick, formContext } = props;
  return (
    <fieldset className={styles.group}>
      <legend>{nameOfField(title)}</legend>
      {schema.description && (
        <p className={styles.description}>{schema.description}</p>
      )}
      {items.map(({ key, ...item }) => (
        <ItemNameContext.Provider
          key={key}
          value={`${nameOfField(title)} ${item.index + 1}`}
        >
          <ArrayItem item={item} formContext={formContext} />
        </ItemNameContext.Provider>
      ))}
      {canAdd && (
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          isDisabled={props.disabled || props.readonly}
          aria-label={formContext?.t('runs.form.addItemTo', {
            list: nameOfField(title),
          })}
          onPress={() => onAddClick()}
        >
          {formContext?.t('runs.form.addItem')}
        </Button>
      )}
    </fieldset>
  );
}

function ArrayItem(props: {
  item: Omit<ArrayFieldTemplateItemType<Parameters, Schema, Context>, 'key'>;
  formContext: Context | undefined;
}) {
  const { item, formContext } = props;
  const { index, disabled } = item;
  const number = String(index + 1);
  return (
    <div className={styles.item}>
      <div className={styles.itemField}>{item.children}</div>
      {item.hasMoveUp && (
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiArrowUpLine />}
          isDisabled={disabled}
          aria-label={formContext?.t('runs.form.moveUp', { number })}
          onPress={() => item.onReorderClick(index, index - 1)()}
        />
      )}
      {item.hasMoveDown && (
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiArrowDownLine />}
          isDisabled={disabled}
          aria-label={formContext?.t('runs.form.moveDown', { number })}
          onPress={() => item.onReorderClick(index, index + 1)()}
        />
      )}
      {item.hasRemove && (
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiDeleteBinLine />}
          isDisabled={disabled}
          aria-label={formContext?.t('runs.form.removeItem', { number })}
          onPress={() => item.onDropIndexClick(index)()}
        />
      )}
    </div>
  );
}

function BaseInputTemplate(
  props: BaseInputTemplateProps<Parameters, Schema, Context>,
) {
  const TextWidget = paramsWidgets.TextWidget;
  return TextWidget ? <TextWidget {...props} /> : null;
}

/** The layout of a parameter form. @internal */
export const paramsTemplates: Partial<
  TemplatesType<Parameters, Schema, Context>
> = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  BaseInputTemplate,
};
