import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiCheckLine, RiEyeOffLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import styles from '../Failures.module.css';
import type { NamedFailure } from '../useChangeFailures';
import { ChangeFailureDialog } from './ChangeFailureDialog';
import { IgnoreFailureDialog } from './IgnoreFailureDialog';

/** What can be done with the chosen failures; nothing while none is chosen. */
export function FailuresBar(props: {
  chosen: readonly NamedFailure[];
  onClear(): void;
}) {
  const { chosen, onClear } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [asked, setAsked] = useState<'resolve' | 'ignore'>();
  const close = () => setAsked(undefined);
  if (chosen.length === 0) {
    return null;
  }
  return (
    <div
      className={styles.actions}
      role="toolbar"
      aria-label={t('failures.chosen', { count: chosen.length })}
    >
      <span role="status">
        {t('failures.chosen', { count: chosen.length })}
      </span>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiCheckLine />}
        onPress={() => setAsked('resolve')}
      >
        {t('failures.actions.resolveMany')}
      </Button>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiEyeOffLine />}
        onPress={() => setAsked('ignore')}
      >
        {t('failures.actions.ignore')}
      </Button>
      <Button size="small" variant="tertiary" onPress={onClear}>
        {t('failures.clearChosen')}
      </Button>
      {asked === 'resolve' && (
        <ChangeFailureDialog
          failures={chosen}
          action="resolve"
          changeOf={reason => ({ action: 'resolve', request: { reason } })}
          onClose={close}
          onDone={onClear}
        />
      )}
      {asked === 'ignore' && (
        <IgnoreFailureDialog
          failures={chosen}
          onClose={close}
          onDone={onClear}
        />
      )}
    </div>
  );
}
