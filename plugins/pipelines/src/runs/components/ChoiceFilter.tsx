import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { pipelinesTranslationRef } from '../../translation';
import styles from './FilterForm.module.css';

/** What {@link ChoiceFilter} shows and changes; values that are wanted, or that are excluded. */
export interface ChoiceFilterProps<TValue extends string> {
  label: string;
  options: { id: string; label: string }[];
  is: TValue[];
  isNot: TValue[];
  onChange(chosen: { is: TValue[]; isNot: TValue[] }): void;
}

/** One of several values that a run has or has not. */
export function ChoiceFilter<TValue extends string>(
  props: ChoiceFilterProps<TValue>,
) {
  const { label, options, is, isNot, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [mode, setMode] = useState(isNot.length > 0 ? 'isNot' : 'is');
  const values = mode === 'is' ? is : isNot;
  const change = (nextMode: string, chosen: TValue[]) =>
    onChange(
      nextMode === 'is' ? { is: chosen, isNot: [] } : { is: [], isNot: chosen },
    );
  return (
    <div className={styles.choice} role="group" aria-label={label}>
      <span className={styles.name}>{label}</span>
      <ToggleButtonGroup
        aria-label={t('filters.mode', { label })}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[mode]}
        onSelectionChange={keys => {
          const [next] = [...keys].map(String);
          setMode(next);
          if (is.length + isNot.length > 0) {
            change(next, values);
          }
        }}
      >
        <ToggleButton id="is">{t('filters.is')}</ToggleButton>
        <ToggleButton id="isNot">{t('filters.isNot')}</ToggleButton>
      </ToggleButtonGroup>
      <Select
        size="small"
        className={styles.values}
        aria-label={label}
        placeholder={t('filters.any')}
        selectionMode="multiple"
        options={options}
        value={values}
        onChange={keys =>
          change(
            mode,
            keys.map(key => String(key) as TValue),
          )
        }
      />
    </div>
  );
}
