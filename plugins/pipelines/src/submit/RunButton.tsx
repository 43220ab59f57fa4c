import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonProps } from '@backstage/ui';
import { RiPlayFill } from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import { useRunDialogUrl } from './useRunDialogUrl';

/** Opens the Run… dialog, with the pipeline still to be chosen. */
export function RunButton(props: Pick<ButtonProps, 'variant' | 'size'>) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const dialog = useRunDialogUrl();
  return (
    <Button {...props} iconStart={<RiPlayFill />} onPress={() => dialog.open()}>
      {t('common.run')}
    </Button>
  );
}
