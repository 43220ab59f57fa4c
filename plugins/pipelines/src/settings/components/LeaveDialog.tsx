import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
} from '@backstage/ui';
import { pipelinesTranslationRef } from '../../translation';
import type { LeaveGuard } from '../useLeaveGuard';

/** Asks whether the draft may be lost. */
export function LeaveDialog({ guard }: { guard: LeaveGuard }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && guard.stay()} width={420}>
      <DialogHeader>{t('settings.leave.title')}</DialogHeader>
      <DialogBody>
        <Text as="p" variant="body-medium">
          {t('settings.leave.text')}
        </Text>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" destructive onPress={guard.leave}>
          {t('settings.leave.leave')}
        </Button>
        <Button variant="primary" onPress={guard.stay}>
          {t('settings.leave.stay')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
