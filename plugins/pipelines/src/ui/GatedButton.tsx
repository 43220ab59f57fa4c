import { Button, ButtonProps, Tooltip, TooltipTrigger } from '@backstage/ui';
import type { PipelineAccess } from './usePipelineAccess';
import styles from './GatedButton.module.css';

/** Props of {@link GatedButton}. */
export interface GatedButtonProps extends ButtonProps {
  access: PipelineAccess;
}

/**
 * A button that stays in the tab order and says what is missing where it is not allowed.
 *
 * @remarks
 * It is one and the same element before and after the answer about the permission arrives, so
 * that it keeps its focus.
 */
export function GatedButton({ access, ...props }: GatedButtonProps) {
  const { isAllowed, refusal } = access;
  return (
    <TooltipTrigger isDisabled={!refusal}>
      <Button
        {...props}
        aria-disabled={isAllowed ? undefined : 'true'}
        className={[props.className, !isAllowed && styles.refused]
          .filter(Boolean)
          .join(' ')}
        onPress={isAllowed ? props.onPress : undefined}
      />
      <Tooltip>{refusal}</Tooltip>
    </TooltipTrigger>
  );
}
