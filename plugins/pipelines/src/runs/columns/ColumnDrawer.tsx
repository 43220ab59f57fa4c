import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonIcon } from '@backstage/ui';
import {
  RiAddLine,
  RiArrowDownLine,
  RiArrowUpLine,
  RiSubtractLine,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { SideDrawer } from '../../ui/SideDrawer';
import styles from './ColumnDrawer.module.css';
import {
  FIXED_COLUMN,
  moveColumn,
  RUN_COLUMNS,
  type RunColumn,
} from './runColumns';
import type { ColumnsHandle } from './useColumns';

/** What {@link ColumnDrawer} shows and changes. */
export interface ColumnDrawerProps extends ColumnsHandle {
  isOpen: boolean;
  onClose(): void;
}

/** Adds, removes and orders the columns of the runs list; each choice holds at once. */
export function ColumnDrawer(props: ColumnDrawerProps) {
  const { columns, choose, isOpen, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const left = RUN_COLUMNS.filter(column => !columns.includes(column));
  const nameOf = (column: RunColumn) => t(`columns.${column}` as const);
  return (
    <SideDrawer
      title={t('columns.title')}
      isOpen={isOpen}
      closeLabel={t('columns.close')}
      onClose={onClose}
      footer={
        <Button variant="secondary" onPress={() => choose(undefined)}>
          {t('columns.reset')}
        </Button>
      }
    >
      <ul className={styles.list} aria-label={t('columns.shown')}>
        {columns.map((column, index) => (
          <li key={column} className={styles.line}>
            <span className={styles.name}>{nameOf(column)}</span>
            <ButtonIcon
              size="small"
              variant="tertiary"
              icon={<RiArrowUpLine />}
              aria-label={t('columns.up', { column: nameOf(column) })}
              isDisabled={index === 0}
              onPress={() => choose(moveColumn(columns, column, -1))}
            />
            <ButtonIcon
              size="small"
              variant="tertiary"
              icon={<RiArrowDownLine />}
              aria-label={t('columns.down', { column: nameOf(column) })}
              isDisabled={index === columns.length - 1}
              onPress={() => choose(moveColumn(columns, column, 1))}
            />
            <ButtonIcon
              size="small"
              variant="tertiary"
              icon={<RiSubtractLine />}
              aria-label={t('columns.remove', { column: nameOf(column) })}
              isDisabled={column === FIXED_COLUMN}
              onPress={() => choose(columns.filter(other => other !== column))}
            />
          </li>
        ))}
      </ul>
      {left.length > 0 && (
        <div>
          <h3 className={styles.head}>{t('columns.more')}</h3>
          <ul className={styles.list} aria-label={t('columns.more')}>
            {left.map(column => (
              <li key={column} className={styles.line}>
                <span className={styles.name}>{nameOf(column)}</span>
                <ButtonIcon
                  size="small"
                  variant="tertiary"
                  icon={<RiAddLine />}
                  aria-label={t('columns.add', { column: nameOf(column) })}
                  onPress={() => choose([...columns, column])}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </SideDrawer>
  );
}
