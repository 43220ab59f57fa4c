import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonProps, Tooltip, TooltipTrigger } from '@backstage/ui';
import { pipelinesTranslationRef } from '../translation';
import type { PipelineAccess } from './usePipelineAccess';
import styles from './GatedButton.module.css';

/** Props of {@link GatedButton}. */
export interface GatedButtonProps extends ButtonProps {
  access: PipelineAccess;
  /** What the tooltip says where it is allowed, such as the key; by default there is none. */
  hint?: string;
}

/**
 * A button that stays in the tab order and says what is missing where it is not allowed.
 *
 * @remarks
 * It is one and the same element before and after the answer about the permission arrives, so
 * that it keeps its focus. Whoever gets there sooner than the answer is told that it is being
 * asked for, and then the answer: a tooltip that comes to be under the pointer never opens.
 */
export function GatedButton({ access, hint, ...props }: GatedButtonProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { isAllowed, refusal } = access;
  return (
    <TooltipTrigger isDisabled={isAllowed && !hint}>
      <Button
        {...props}
        aria-disabled={isAllowed ? undefined : 'true'}
        className={[props.className, !isAllowed && styles.refused]
          .filter(Boolean)
          .join(' ')}
        onPress={isAllowed ? props.onPress : undefined}
      />
      <Tooltip>
        {isAllowed ? hint : refusal ?? t('common.checkingPermission')}
      </Tooltip>
    </TooltipTrigger>
  );
}
