import type { ReactNode } from 'react';
import { MenuItem, MenuSection } from '@backstage/ui';
import type { PipelineAccess } from './usePipelineAccess';

/** What {@link GatedItem} offers. */
export interface GatedItemProps {
  access: PipelineAccess;
  label: string;
  icon: ReactNode;
  isDestructive?: boolean;
  onAction(): void;
}

/**
 * An item of a menu; where it is not allowed it stands under the sentence that says what is
 * missing, because an item that cannot be chosen cannot have a tooltip.
 */
export function GatedItem(props: GatedItemProps) {
  const { access, label, icon, isDestructive, onAction } = props;
  const { isAllowed, refusal } = access;
  const item = (
    <MenuItem
      iconStart={icon}
      color={isDestructive ? 'danger' : undefined}
      isDisabled={!isAllowed}
      aria-label={refusal && `${label} ${refusal}`}
      onAction={onAction}
    >
      {label}
    </MenuItem>
  );
  return refusal ? <MenuSection title={refusal}>{item}</MenuSection> : item;
}
