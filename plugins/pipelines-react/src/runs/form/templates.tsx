import { Button, ButtonIcon } from '@backstage/ui';
import {
  RiAddLine,
  RiArrowDownLine,
  RiArrowUpLine,
  RiDeleteBinLine,
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
      {shows && (
        <p id={problemIdOf(id)} className={styles.problem}>
          {rawErrors.join('. ')}
        </p>
      )}
    </div>
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
      <legend>{title}</legend>
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
      <legend>{title}</legend>
      {schema.description && (
        <p className={styles.description}>{schema.description}</p>
      )}
      {items.map(({ key, ...item }) => (
        <ArrayItem key={key} item={item} formContext={formContext} />
      ))}
      {canAdd && (
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          isDisabled={props.disabled || props.readonly}
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
