import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ButtonIcon,
  Dialog,
  DialogBody,
  DialogHeader,
  Tooltip,
  TooltipTrigger,
} from '@backstage/ui';
import { RiKeyboardLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import { useSingleKeys } from '../ui/useSingleKeys';
import styles from './KeySheetButton.module.css';

/** Shows the keys of these pages; `?` does the same. */
export function KeySheetButton() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  useSingleKeys({ '?': () => setOpen(true) });
  const keys = [
    ['?', t('keys.sheet')],
    ['/', t('keys.search')],
    ['.', t('keys.live')],
    ['r', t('keys.reload')],
    ['[  ]', t('keys.tabs')],
    ['Shift+R', t('keys.retry')],
    ['Shift+E', t('keys.runAgain')],
    ['Shift+P', t('keys.pause')],
    ['Shift+C', t('keys.cancel')],
    ['Space', t('keys.choose')],
    ['Ctrl+Enter', t('keys.submit')],
    ['Ctrl+S', t('keys.save')],
  ];
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
          <dl className={styles.keys}>
            {keys.map(([key, meaning]) => (
              <div key={key} className={styles.line}>
                <dt>
                  <kbd className={styles.key}>{key}</kbd>
                </dt>
                <dd className={styles.meaning}>{meaning}</dd>
              </div>
            ))}
          </dl>
        </DialogBody>
      </Dialog>
    </>
  );
}
