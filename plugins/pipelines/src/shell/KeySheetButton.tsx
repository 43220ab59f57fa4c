import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ButtonIcon,
  Dialog,
  DialogBody,
  DialogHeader,
  Switch,
  Tooltip,
  TooltipTrigger,
} from '@backstage/ui';
import { RiKeyboardLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import { useKeySwitch, useSingleKeys } from '../ui/useSingleKeys';
import { KEY_SECTIONS } from './keySections';
import styles from './KeySheetButton.module.css';

/** Shows the keys of these pages, and turns those off that are pressed alone; `?` does the same. */
export function KeySheetButton() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  const [areOn, turn] = useKeySwitch();
  useSingleKeys({ '?': () => setOpen(true) });
  return (
    <>
      <TooltipTrigger>
        <ButtonIcon
          variant="tertiary"
          className={styles.open}
          icon={<RiKeyboardLine />}
          aria-label={t('keys.open')}
          onPress={() => setOpen(true)}
        />
        <Tooltip>{t('keys.open')}</Tooltip>
      </TooltipTrigger>
      <Dialog isOpen={isOpen} onOpenChange={setOpen} width={420}>
        <DialogHeader>{t('keys.title')}</DialogHeader>
        <DialogBody>
          <Switch
            label={t('keys.switch')}
            isSelected={areOn}
            onChange={turn}
            className={styles.switch}
          />
          {KEY_SECTIONS.map(({ page, keys }) => (
            <section key={page}>
              <h3 className={styles.page}>{t(`keys.of.${page}` as const)}</h3>
              <dl className={styles.keys}>
                {keys.map(([key, meaning]) => (
                  <div key={key} className={styles.line}>
                    <dt>
                      <kbd className={styles.key}>{key}</kbd>
                    </dt>
                    <dd className={styles.meaning}>
                      {t(`keys.${meaning}` as const)}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </DialogBody>
      </Dialog>
    </>
  );
}
