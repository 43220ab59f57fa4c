import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { pipelinesTranslationRef } from '../translation';

const TOAST_MS = 4_000;

/** Copies text and says so; or says that the browser does not allow it. */
export function useCopy(): (text: string, done: string) => Promise<void> {
  const toasts = useApi(toastApiRef);
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.post({ title: done, status: 'success', timeout: TOAST_MS });
    } catch {
      toasts.post({
        title: t('common.copyFailed'),
        description: text,
        status: 'danger',
      });
    }
  };
}
