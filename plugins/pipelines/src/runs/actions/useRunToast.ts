import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';

const TOAST_MS = 6_000;

/** Says what was done to a run, with a link to it. */
export function useRunToast(): (
  title: string,
  run: { id: string; label?: string },
) => void {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const links = useRunLinks();
  return (title, { id, label = t('actions.openRun') }) => {
    toasts.post({
      title,
      status: 'success',
      timeout: TOAST_MS,
      links: [{ label, href: links.run(id) }],
    });
  };
}
